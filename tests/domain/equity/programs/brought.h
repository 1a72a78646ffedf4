// Random evidence of whatever a programme asks for.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "domain/equity/programs/evidence.h"

namespace equinode::equity::programs {

inline Evidence::Key KeyOf(std::string measure, std::string period, std::string group) {
  return {"o", std::move(measure), std::move(period), {"", std::move(group), ""}};
}

// Everything that a programme may ask for, with counts of this many people.
struct Brought {
  Evidence evidence{};
  std::vector<Evidence::Key> cells{};
};

inline Brought BroughtFor(const Programme& programme, int most) {
  Brought out;
  std::vector<std::string> measures;
  for (const ProgrammeMeasure& measure : programme.measures) {
    if (measures.size() == 2 && programme.kind != ProgrammeKind::kChecklist) break;
    measures.push_back(measure.id);
    for (const std::string& part : measure.mean_of) measures.push_back(part);
  }
  if (measures.empty()) measures = {"M"};
  std::vector<std::string> groups = {""};
  for (const NamedGroup& group : programme.groups) groups.push_back(group.name);
  if (programme.groups.empty()) groups.insert(groups.end(), {"A", "B"});
  if (programme.reference) groups.push_back(programme.reference->name);
  for (const std::string& measure : measures) {
    out.evidence.measures[measure].better = Better::kHigher;
    for (const std::string& period : programme.periods) {
      std::int64_t people = 0, hits = 0;
      for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
        const Evidence::Key key = KeyOf(measure, period, *group);
        std::int64_t den = *rc::gen::inRange(1, most);
        std::int64_t num = *rc::gen::inRange<std::int64_t>(0, den + 1);
        if (group->empty()) {  // Everybody is at least the groups.
          den += people;
          num += hits;
        }
        people += den;
        hits += num;
        out.evidence.standings[key] = {CellCounts{Count::Exact(num), Count::Exact(den)}, {}};
        out.cells.push_back(key);
      }
    }
    for (const NamedInput& fact : programme.facts) {
      if (fact.level != Level::kMeasure || fact.name == "score_pct" || fact.name == "points")
        continue;
      if (*rc::gen::arbitrary<bool>()) out.evidence.facts[{"o", measure, fact.name}] = Rational(1);
    }
  }
  for (const NamedInput& fact : programme.facts) {
    if (fact.level == Level::kMeasure) continue;
    out.evidence.facts[{"o", "", fact.name}] = Rational(40);
    out.evidence.facts[{"", "", fact.name}] = Rational(40);
  }
  for (const NamedInput& benchmark : programme.benchmarks) {
    if (benchmark.name.starts_with("statewide")) continue;
    out.evidence.benchmarks[{"", "", benchmark.name}] =
        Rational(benchmark.name == "ceiling" || benchmark.name == "target" ? 70 : 45);
  }
  return out;
}

}  // namespace equinode::equity::programs
