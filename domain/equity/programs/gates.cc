#include "domain/equity/programs/gates.h"

#include <utility>

#include "domain/equity/stats/rate.h"

namespace equinode::equity::programs {

Status Gates::Into(Sum& sum, const Series& series, const std::string& group,
                   const CellCounts& counts) {
  EQN_TRY(sum.all, Add(sum.all, counts));
  sum.any = true;
  const bool no_answer = group.empty() && IsNoAnswer(series.stratum);
  // Who answered and is in none of the groups has no name: see QualityOf.
  const std::string& name = no_answer ? series.stratum : group;
  const auto [found, is_new] = sum.groups.try_emplace(name);
  if (is_new) sum.order.push_back(name);
  EQN_TRY(found->second, Add(found->second, counts));
  return Ok();
}

Status Gates::Take(const std::string& organisation, const Series& series, const std::string& role,
                   const std::string& group, const CellCounts& counts) {
  Strata& strata = strata_[{organisation, series.measure, role, series.dimension}];
  strata.kind = series.kind;
  if (series.source.empty()) return Into(strata.whole, series, group, counts);
  if (!strata.each) strata.each.emplace();
  if (series.source == "direct" && !group.empty()) {
    EQN_TRY(strata.direct, Add(strata.direct, counts));
  }
  return Into(*strata.each, series, group, counts);
}

void Gates::TakeTotal(const std::string& organisation, const Series& series,
                      const std::string& role, const CellCounts& counts) {
  strata_[{organisation, series.measure, role, series.dimension}].total = counts;
}

Result<DataGate> Gates::One(const Strata& strata, const std::optional<CellCounts>& everybody) {
  const Sum& sum = strata.whole.any || !strata.each ? strata.whole : *strata.each;
  Stratification one;
  one.kind = strata.kind;
  for (const std::string& name : sum.order) one.strata.push_back({name, 0, sum.groups.at(name)});
  one.total = strata.total ? strata.total : everybody ? everybody : sum.all;
  const Level level;
  DataGate gate;
  EQN_TRY(gate.quality, QualityOf(one, level));
  if (strata.each) {
    gate.direct = RateOf({strata.direct.denominator, one.total->denominator},
                         MeasureKind::kProportion, IntervalMethod::kWilson, level);
  }
  return gate;
}

}  // namespace equinode::equity::programs
