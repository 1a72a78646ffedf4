#include "domain/privacy/release/bounds.h"

#include <algorithm>

namespace equinode {
namespace {

// Beyond any sum of factors (40 bits) times values (62 bits): an end that is not known.
constexpr Wide kFar = Wide{1} << 120;

Wide Times(std::int64_t factor, std::int64_t value) {
  return value >= Interval::kNoEnd ? kFar : Wide{factor} * value;
}

// The lowest and highest of factor times the cell, for a factor of either sign.
struct Reach {
  Wide low = 0;
  Wide high = 0;
};
Reach ReachOf(const Term& term, const Interval& interval) {
  if (term.factor > 0) return {Times(term.factor, interval.low), Times(term.factor, interval.high)};
  return {-Times(-term.factor, interval.high), -Times(-term.factor, interval.low)};
}

Wide FloorDiv(Wide a, Wide b) {  // b > 0
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// Tightens the interval of one term to [low, high] of factor times it. True when it moved.
bool Tighten(const Term& term, Wide low, Wide high, bool low_known, bool high_known,
             Interval& interval) {
  if (term.factor < 0) {
    std::swap(low, high);
    std::swap(low_known, high_known);
    low = -low;
    high = -high;
  }
  const Wide factor = term.factor < 0 ? -Wide{term.factor} : Wide{term.factor};
  bool moved = false;
  if (low_known) {
    const Wide at_least = -FloorDiv(-low, factor);
    if (at_least > interval.low && at_least < Interval::kNoEnd) {
      interval.low = static_cast<std::int64_t>(at_least);
      moved = true;
    }
  }
  if (high_known) {
    const Wide at_most = FloorDiv(high, factor);
    if (at_most < interval.high && at_most >= 0) {
      interval.high = static_cast<std::int64_t>(at_most);
      moved = true;
    }
  }
  return moved;
}

// One row: the others say where each term must lie, as all add up to 0.
bool Pass(const Row& row, std::vector<Interval>& intervals) {
  Wide low = 0;
  Wide high = 0;
  std::size_t no_low = 0;
  std::size_t no_high = 0;
  for (const Term& term : row) {
    const Reach reach = ReachOf(term, intervals[term.cell]);
    no_low += reach.low <= -kFar;
    no_high += reach.high >= kFar;
    if (reach.low > -kFar) low += reach.low;
    if (reach.high < kFar) high += reach.high;
  }
  bool moved = false;
  for (const Term& term : row) {
    Interval& interval = intervals[term.cell];
    if (interval.single()) continue;
    const Reach own = ReachOf(term, interval);
    const bool others_low = no_low == (own.low <= -kFar ? 1u : 0u);
    const bool others_high = no_high == (own.high >= kFar ? 1u : 0u);
    const Wide rest_low = own.low <= -kFar ? low : low - own.low;
    const Wide rest_high = own.high >= kFar ? high : high - own.high;
    // term + rest = 0: term lies in [-rest_high, -rest_low].
    if (Tighten(term, -rest_high, -rest_low, others_high, others_low, interval)) moved = true;
    // The sums above are now a little wide for the rest of this row; the next pass takes it in.
  }
  return moved;
}

}  // namespace

std::optional<std::vector<Interval>> Bounds(const LinkedCells& cells, const CellStatuses& statuses,
                                            std::span<const Row> rows, Work& work) {
  std::vector<Interval> intervals(cells.values.size());
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    const auto value = static_cast<std::int64_t>(cells.values[i]);
    const bool shown = statuses[i] == CellStatus::kShown;
    intervals[i] = shown ? Interval{value, value} : Interval{1, Interval::kNoEnd};
  }
  bool moved = true;
  while (moved) {
    moved = false;
    for (const Row& row : rows) {
      if (!work.Spend(8 * row.size())) return std::nullopt;
      if (Pass(row, intervals)) moved = true;
    }
  }
  return intervals;
}

}  // namespace equinode
