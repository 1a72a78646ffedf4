#include "domain/equity/programs/what_if.h"

#include <algorithm>

namespace equinode::equity::programs {
namespace {

bool LowerIsBetter(const Programme& programme, const Evidence& evidence,
                   const std::string& measure) {
  const auto listed = std::ranges::find(programme.measures, measure, &ProgrammeMeasure::id);
  if (listed != programme.measures.end() && listed->better != Better::kUnknown) {
    return listed->better == Better::kLower;
  }
  const auto traits = evidence.measures.find(measure);
  return traits != evidence.measures.end() && traits->second.better == Better::kLower;
}

// The numerator that just reaches `percent`.
Result<std::int64_t> Reaching(const Rational& percent, std::int64_t den, bool lower) {
  const Rational people = percent / 100 * den;
  return (lower ? people.RoundedDown(0) : -(-people).RoundedDown(0)).ToInt64();
}

const Rational* FindBenchmark(const Evidence& evidence, const Evidence::Key& key,
                              const std::string& name) {
  for (const auto& [organisation, measure] : {std::pair{key.organisation, key.measure},
                                              {std::string(), key.measure},
                                              {key.organisation, std::string()},
                                              {std::string(), std::string()}}) {
    const auto found = evidence.benchmarks.find({organisation, measure, name});
    if (found != evidence.benchmarks.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace

Result<Evidence> Supposed(const Programme& programme, Evidence evidence, const WhatIf& what_if) {
  bool found = false;
  for (auto& [key, standing] : evidence.standings) {
    if (programme.periods.empty() || key.period != programme.periods.back()) continue;
    if (key.measure != what_if.measure || key.group.group != what_if.group) continue;
    if (!standing.counts || !standing.counts->exact()) continue;
    found = true;
    CellCounts& counts = *standing.counts;
    const std::int64_t den = counts.denominator.lower;
    const std::int64_t was = counts.numerator.lower;
    std::int64_t now = 0;
    if (what_if.numerator) {
      now = *what_if.numerator;
    } else {
      const Rational* percent = FindBenchmark(evidence, key, what_if.benchmark);
      if (percent == nullptr) {
        return Error{Code::kInvalidArgument, "NO_SUCH_NAME",
                     "there is no benchmark " + what_if.benchmark + " of " + key.measure};
      }
      const bool lower = LowerIsBetter(programme, evidence, key.measure);
      EQN_TRY(now, Reaching(*percent, den, lower));
      now = lower ? std::min(now, was) : std::max(now, was);
    }
    if (now < 0 || now > den) {
      return Error{Code::kOutOfRange, "BAD_COUNT",
                   std::to_string(now) + " of " + std::to_string(den) + " members is not possible"};
    }
    counts.numerator = Count::Exact(now);
    if (what_if.group.empty()) continue;
    const auto all = evidence.standings.find({key.organisation, key.measure, key.period, {}});
    if (all == evidence.standings.end() || !all->second.counts) continue;
    CellCounts& everybody = *all->second.counts;
    if (!everybody.exact() || everybody.denominator.lower < den) continue;
    const std::int64_t moved = everybody.numerator.lower + now - was;
    if (moved >= 0 && moved <= everybody.denominator.lower) {
      everybody.numerator = Count::Exact(moved);
    }
  }
  if (!found) {
    return Error{Code::kInvalidArgument, "NO_SUCH_GROUP",
                 "there are no exact counts of the last period for measure " + what_if.measure +
                     (what_if.group.empty() ? "" : ", group " + what_if.group)};
  }
  return evidence;
}

}  // namespace equinode::equity::programs
