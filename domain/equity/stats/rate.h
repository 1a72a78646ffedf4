// One group's rate with its interval, from counts exact, noised or hidden.
#pragma once

#include "domain/equity/counts/count.h"
#include "domain/equity/stats/figure.h"
#include "domain/equity/stats/proportion.h"

namespace equinode::equity {

// In the scale of the kind: 0..1, a ratio, per 1,000 member months, a mean. Intervals:
// - a proportion of exact counts: as `method` says;
// - observed of expected, and events per member months: the exact Poisson limits (Garwood 1936);
// - noised counts: the score interval with the noise's variance beside the chance's, so Wilson's
//   where the noise is 0; a noised denominator that says little leaves [0, 1];
// - hidden counts: what holds for every count the bounds allow.
// A mean has no interval: its spread is not in its counts. kNoDenominator where the denominator is
// 0 or may be; a hidden proportion then has the bounds [0, 1].
Figure RateOf(const CellCounts& counts, MeasureKind kind, IntervalMethod method,
              const Level& level);

}  // namespace equinode::equity
