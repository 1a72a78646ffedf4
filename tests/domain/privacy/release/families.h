// Families of tables of made-up people, for tests of the release gate: small enough to attack.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/people/facts.h"
#include "domain/report/raw_family.h"

namespace equinode::families {

// One kind of people and how many of them there are.
struct Group {
  std::string race{};
  std::string ethnicity{};
  std::string language{};
  bool self_reported = false;  // For all three questions, where answered.
  bool in_denominator = false;
  bool in_numerator = false;
  std::uint64_t people = 0;
};

inline bool Answered(const std::string& stratum) {
  return stratum != "DECLINED" && stratum != "UNKNOWN" && stratum != "NOT_ASKED";
}

inline std::string StratumOf(const Group& group, Stratifier stratifier) {
  if (stratifier == Stratifier::kRaceOmb1997) return group.race;
  if (stratifier == Stratifier::kEthnicityOmb1997) return group.ethnicity;
  return group.language;
}

inline RawTable Count(const std::vector<Group>& groups, Stratifier stratifier,
                      const std::string& measure) {
  std::map<std::string, RawCell> cells;
  for (const std::string_view stratum : ClosedStrata(stratifier)) cells[std::string(stratum)];
  RawTable table{.measure = measure, .stratifier = stratifier};
  for (const Group& group : groups) {
    bool denominator = true;
    bool numerator = false;
    if (measure == "available.race") numerator = Answered(group.race);
    if (measure == "available.ethnicity") numerator = Answered(group.ethnicity);
    if (measure == "available.language") numerator = Answered(group.language);
    if (measure == "selfreported.race") numerator = Answered(group.race) && group.self_reported;
    if (measure == "M1") {
      denominator = group.in_denominator;
      numerator = group.in_denominator && group.in_numerator;
    }
    // As a population does: an open list names everybody's values.
    if (group.people == 0) continue;
    RawCell& cell = cells[StratumOf(group, stratifier)];
    for (RawCell* to : {&cell, &table.total}) {
      to->denominator += denominator ? group.people : 0;
      to->numerator += numerator ? group.people : 0;
    }
  }
  for (auto& [stratum, cell] : cells) {
    cell.stratum = stratum;
    table.cells.push_back(cell);
  }
  return table;
}

struct Asked {
  Stratifier stratifier = Stratifier::kRaceOmb1997;
  std::vector<std::string> measures{};
};

inline RawFamily Family(const std::vector<Group>& groups, const std::vector<Asked>& asked) {
  RawFamily family;
  for (const Asked& table : asked) {
    for (const std::string& measure : table.measures) {
      family.tables.push_back({std::string(StratifierName(table.stratifier)),
                               Count(groups, table.stratifier, measure)});
    }
  }
  return family;
}

}  // namespace equinode::families
