#include "domain/equity/quality/gate.h"

#include <algorithm>

#include "domain/equity/stats/groups.h"
#include "domain/equity/stats/rate.h"

namespace equinode::equity {
namespace {

// What is left of `all` when `part` is taken away; noises add up. A count of people is not
// negative.
Count Rest(const Count& all, const Count& part) {
  Count rest{all.lower - part.upper, all.upper - part.lower,
             all.noise_variance + part.noise_variance};
  if (!rest.noised()) {
    rest.lower = std::max<std::int64_t>(0, rest.lower);
    rest.upper = std::max(rest.lower, rest.upper);
  }
  return rest;
}

// Hidden parts of one whole: the share is at most 1 and the noise of the parts is also the whole's.
Figure ShareOf(const Count& part, const Count& whole, const Level& level) {
  CellCounts counts{part, whole};
  // In units of people whatever the measure counts in its denominator.
  return RateOf(counts, MeasureKind::kProportion, IntervalMethod::kWilson, level);
}

Range RangeOf(const Count& count) {
  return {static_cast<double>(count.lower), static_cast<double>(count.upper)};
}

IfUnknownsBelonged Extremes(const Stratum& stratum, const CellCounts& unknown) {
  IfUnknownsBelonged extremes{stratum.name, {}, {}};
  const Range x = RangeOf(stratum.counts.numerator);
  const Range n = RangeOf(stratum.counts.denominator);
  const Range ux = RangeOf(unknown.numerator);
  const Range un = RangeOf(unknown.denominator);
  // Misses lower a rate, hits raise it.
  const double misses = std::max(0.0, un.high - ux.low);
  const double hits = std::min(ux.high, un.high);
  if (n.low <= 0) return extremes;
  extremes.worst_to_best = Interval{
      x.low / (n.high + misses), std::min(1.0, (std::min(x.high, n.low) + hits) / (n.low + hits))};
  extremes.all = Interval{(x.low + ux.low) / (n.high + un.high),
                          std::min(1.0, (x.high + ux.high) / (n.low + un.low))};
  return extremes;
}

}  // namespace

Result<DataQuality> QualityOf(const Stratification& stratification, const Level& level) {
  CellCounts grouped;
  CellCounts unanswered;
  bool any_unanswered = false;
  CellCounts elsewhere;  // Strata without a name: who answered, and is in none of the groups.
  for (const Stratum& stratum : stratification.strata) {
    CellCounts& sum = stratum.name.empty()       ? elsewhere
                      : IsNoAnswer(stratum.name) ? unanswered
                                                 : grouped;
    any_unanswered = any_unanswered || &sum == &unanswered;
    EQN_TRY(sum, Add(sum, stratum.counts));
  }
  EQN_TRY(const CellCounts placed, Add(grouped, unanswered));
  const CellCounts all = stratification.total.value_or(placed);
  const CellCounts outside = {Rest(all.numerator, placed.numerator),
                              Rest(all.denominator, placed.denominator)};
  DataQuality quality;
  quality.in_groups = ShareOf(grouped.denominator, all.denominator, level);
  quality.no_answer = ShareOf(unanswered.denominator, all.denominator, level);
  quality.outside = ShareOf(outside.denominator, all.denominator, level);
  // Nobody who answered is of another group.
  const CellCounts& unknown = any_unanswered
                                  ? unanswered
                                  : CellCounts{Rest(outside.numerator, elsewhere.numerator),
                                               Rest(outside.denominator, elsewhere.denominator)};
  const auto noised = [](const CellCounts& counts) {
    return counts.numerator.noised() || counts.denominator.noised();
  };
  if (stratification.kind == MeasureKind::kProportion && !noised(unknown) &&
      unknown.denominator.upper > 0) {
    quality.unknown = unknown;
  }
  for (const Stratum& stratum : stratification.strata) {
    if (stratum.name.empty() || IsNoAnswer(stratum.name)) continue;
    if (stratification.kind != MeasureKind::kProportion || noised(stratum.counts) ||
        noised(unknown)) {
      quality.groups.push_back({stratum.name, {}, {}});
    } else {
      quality.groups.push_back(Extremes(stratum, unknown));
    }
  }
  return quality;
}

}  // namespace equinode::equity
