// What became of a gap from one period to the next. OHA: flags of one period's intervals cannot be
// used for change over time.
#pragma once

#include "domain/equity/counts/count.h"
#include "domain/equity/stats/figure.h"

namespace equinode::equity {

// A group and its reference in two periods. The four are of other people each, or taken so: where
// the same people are counted twice the intervals are too wide, never too narrow, as long as they
// tend to stay what they were.
struct TwoPeriods {
  CellCounts group_before{};
  CellCounts reference_before{};
  CellCounts group_after{};
  CellCounts reference_after{};
};

struct ChangeOfGap {
  Figure gap_before{};  // Reference minus group.
  Figure gap_after{};
  Figure difference_in_differences{};  // The gap afterwards minus the gap before.
  Figure ratio_of_ratios{};  // (group / reference) afterwards of before, on the logarithm.
  Figure group_change{};     // The group's rate afterwards minus before.
};

// kNoDenominator where one of the denominators is 0 or may be.
ChangeOfGap Change(const TwoPeriods& periods, MeasureKind kind, const Level& level);

}  // namespace equinode::equity
