#include "domain/equity/stats/change.h"

#include <algorithm>
#include <array>

#include "domain/equity/stats/comparison.h"
#include "domain/equity/stats/figure_of.h"

namespace equinode::equity {
namespace {

// Group and reference before, group and reference afterwards.
struct Difference {
  template <typename N>
  std::optional<N> operator()(const Rates<N>& rates) const {
    return (rates.y[3] - rates.y[2]) - (rates.y[1] - rates.y[0]);
  }
};

struct Ratio {
  template <typename N>
  std::optional<N> operator()(const Rates<N>& rates) const {
    for (const std::size_t i : {0, 1, 3}) {
      if (LowOf(rates.y[i]) <= 0) return std::nullopt;
    }
    return (rates.y[2] / rates.y[3]) / (rates.y[0] / rates.y[1]);
  }
};

}  // namespace

ChangeOfGap Change(const TwoPeriods& periods, MeasureKind kind, const Level& level) {
  const std::array groups = {
      GroupCountsOf(periods.group_before, kind), GroupCountsOf(periods.reference_before, kind),
      GroupCountsOf(periods.group_after, kind), GroupCountsOf(periods.reference_after, kind)};
  ChangeOfGap change;
  change.gap_before =
      Compare(periods.reference_before, periods.group_before, kind, level).difference;
  change.gap_after = Compare(periods.reference_after, periods.group_after, kind, level).difference;
  change.group_change = Compare(periods.group_after, periods.group_before, kind, level).difference;
  if (std::ranges::any_of(groups, [](const GroupCounts& group) { return group.n.low <= 0; })) {
    change.difference_in_differences.reason = reason::kNoDenominator;
    change.ratio_of_ratios.reason = reason::kNoDenominator;
    return change;
  }
  change.difference_in_differences = FigureOf(groups, Difference{}, FigureOptions{kind, level});
  change.ratio_of_ratios = FigureOf(groups, Ratio{}, FigureOptions{kind, level, true});
  return change;
}

}  // namespace equinode::equity
