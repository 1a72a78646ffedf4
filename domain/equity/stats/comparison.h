// A group against another, from counts exact, noised or hidden.
#pragma once

#include <optional>

#include "domain/equity/counts/count.h"
#include "domain/equity/stats/figure.h"

namespace equinode::equity {

struct Comparison {
  Figure difference{};  // One minus the other. Its interval joins the two rates' own: Newcombe's
                        // method 10 (MOVER) over Wilson's, the exact Poisson's or the score's.
  Figure ratio{};       // On the logarithm (Katz).
  // Of a pooled z test, two-sided. With hidden counts the largest that the bounds allow; with noise
  // its variance is part of the test. Nothing where nothing is known of the spread.
  std::optional<double> p_value{};
  bool p_is_most = false;              // It is such a bound.
  std::optional<bool> ncqa_overlap{};  // Proportions of exact counts.
};

// kNoDenominator in both figures where a denominator is 0 or may be.
Comparison Compare(const CellCounts& one, const CellCounts& other, MeasureKind kind,
                   const Level& level);

}  // namespace equinode::equity
