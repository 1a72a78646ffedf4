// The same counts made the slow and plain way, from the facts themselves: what the maintained
// cells and the columns are held against. Shares no code with domain/counts but the words.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/counts/raw_table.h"
#include "domain/people/facts.h"

namespace equinode::recount {

struct Known {
  bool present = false;
  std::string owner{};
  PersonFacts facts{};
  std::vector<CoverageFact> coverages{};
  std::vector<MeasureFact> measures{};
};
using People = std::map<PersonNo, Known>;

inline std::string Race1997Word(Race1997 race) {
  static const std::vector<std::string> words = {"AIAN",    "ASIAN",    "BLACK",       "NHPI",
                                                 "WHITE",   "OTHER",    "TWO_OR_MORE", "DECLINED",
                                                 "UNKNOWN", "NOT_ASKED"};
  return words.at(static_cast<std::size_t>(race));
}
inline std::string EthnicityWord(Ethnicity1997 ethnicity) {
  static const std::vector<std::string> words = {"HISPANIC", "NOT_HISPANIC", "DECLINED", "UNKNOWN",
                                                 "NOT_ASKED"};
  return words.at(static_cast<std::size_t>(ethnicity));
}
inline std::string Race2024Word(RaceEthnicity2024 race) {
  static const std::vector<std::string> words = {"AIAN",        "ASIAN",    "BLACK",   "HISPANIC",
                                                 "MENA",        "NHPI",     "WHITE",   "OTHER",
                                                 "TWO_OR_MORE", "DECLINED", "UNKNOWN", "NOT_ASKED"};
  return words.at(static_cast<std::size_t>(race));
}
inline std::string SexWord(SexStratum sex) {
  static const std::vector<std::string> words = {"FEMALE",   "MALE",    "OTHER",
                                                 "DECLINED", "UNKNOWN", "NOT_ASKED"};
  return words.at(static_cast<std::size_t>(sex));
}

// Completed years, or -1.
inline int Age(const PersonFacts& facts, std::chrono::sys_days on) {
  if (!facts.birth_date || *facts.birth_date > on) return -1;
  const std::chrono::year_month_day born{*facts.birth_date};
  const std::chrono::year_month_day now{on};
  int age = static_cast<int>(now.year()) - static_cast<int>(born.year());
  if (std::pair{now.month(), now.day()} < std::pair{born.month(), born.day()}) --age;
  return age;
}

inline std::string AgeWord(int age, const std::vector<std::uint32_t>& starts) {
  if (age < 0) return "UNKNOWN";
  for (std::size_t i = starts.size(); i-- > 0;) {
    if (static_cast<std::uint32_t>(age) < starts[i]) continue;
    if (i + 1 == starts.size()) return std::to_string(starts[i]) + "+";
    return std::to_string(starts[i]) + "-" + std::to_string(starts[i + 1] - 1);
  }
  return "UNKNOWN";
}

// False when not attributed on the day; else the line of business.
inline bool Attributed(const Known& person, const CountScope& scope, std::string& line) {
  std::set<std::string> lines;
  bool covered = false;
  for (const CoverageFact& coverage : person.coverages) {
    if (!scope.payer.empty() && coverage.payer != scope.payer) continue;
    if (coverage.start && *coverage.start > scope.day) continue;
    if (coverage.end && *coverage.end < scope.day) continue;
    covered = true;
    if (!coverage.line_of_business.empty()) lines.insert(coverage.line_of_business);
  }
  if (!covered && !scope.payer.empty()) return false;
  line = !covered            ? "NONE"
         : lines.empty()     ? "UNKNOWN"
         : lines.size() == 1 ? *lines.begin()
                             : "SEVERAL";
  return true;
}

inline std::vector<std::uint32_t> Starts(const CountScope& scope) {
  return scope.age_band_starts.empty() ? std::vector<std::uint32_t>{0, 18, 45, 65}
                                       : scope.age_band_starts;
}

inline RawTable Table(const People& people, const CountScope& scope, Stratifier stratifier,
                      const std::string& measure) {
  const std::vector<std::uint32_t> starts = Starts(scope);
  std::map<std::string, RawCell> cells;
  for (const std::string_view word : ClosedStrata(stratifier)) cells[std::string(word)];
  if (stratifier == Stratifier::kAgeBand) {
    cells["UNKNOWN"];
    for (const std::uint32_t start : starts) cells[AgeWord(static_cast<int>(start), starts)];
  }
  RawTable table{.measure = measure, .stratifier = stratifier};
  for (const auto& [number, person] : people) {
    std::string line;
    if (!person.present || !Attributed(person, scope, line)) continue;
    if (!scope.owner.empty() && person.owner != scope.owner) continue;
    const PersonFacts& facts = person.facts;
    const std::map<Stratifier, std::string> strata = {
        {Stratifier::kRaceOmb1997, Race1997Word(facts.race1997)},
        {Stratifier::kEthnicityOmb1997, EthnicityWord(facts.ethnicity1997)},
        {Stratifier::kRaceEthnicityOmb2024, Race2024Word(facts.race2024)},
        {Stratifier::kLanguage, facts.language},
        {Stratifier::kAgeBand, AgeWord(Age(facts, scope.day), starts)},
        {Stratifier::kSex, SexWord(facts.sex)},
        {Stratifier::kLineOfBusiness, line},
        {Stratifier::kCounty, facts.county},
        {Stratifier::kZip3, facts.zip3},
        {Stratifier::kPractice, person.owner}};
    const std::map<std::string, bool> built_in = {
        {"population", false},
        {"available.race", facts.race.known},
        {"available.ethnicity", facts.ethnicity.known},
        {"available.language", facts.language_known.known},
        {"selfreported.race", facts.race.self_reported},
        {"selfreported.ethnicity", facts.ethnicity.self_reported},
        {"selfreported.language", facts.language_known.self_reported}};
    bool denominator = false;
    bool numerator = false;
    if (const auto found = built_in.find(measure); found != built_in.end()) {
      denominator = true;
      numerator = found->second;
    } else {
      for (const MeasureFact& fact : person.measures) {
        if (fact.measure != measure || fact.period != scope.measure_period) continue;
        denominator = denominator || fact.in_denominator;
        numerator = numerator || (fact.in_denominator && fact.in_numerator);
      }
    }
    RawCell& cell = cells[strata.at(stratifier)];
    cell.denominator += denominator;
    cell.numerator += numerator;
    table.total.denominator += denominator;
    table.total.numerator += numerator;
  }
  for (auto& [word, cell] : cells) {
    cell.stratum = word;
    table.cells.push_back(cell);
  }
  return table;
}

}  // namespace equinode::recount
