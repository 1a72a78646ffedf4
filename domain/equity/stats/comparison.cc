#include "domain/equity/stats/comparison.h"

#include <array>
#include <cmath>

#include "domain/equity/exact/interval.h"
#include "domain/equity/stats/figure_of.h"
#include "domain/equity/stats/rate.h"

namespace equinode::equity {
namespace {

struct RatioFormula {
  template <typename N>
  std::optional<N> operator()(const Rates<N>& rates) const {
    if (LowOf(rates.y[1]) <= 0) return std::nullopt;
    return rates.y[0] / rates.y[1];
  }
};

// What a rate's interval and middle are, for MOVER.
struct Known {
  double low = 0;
  double high = 0;
  Interval interval{};
};

Known KnownOf(const CellCounts& counts, const GroupCounts& group, MeasureKind kind,
              const Level& level) {
  const double scale = UnitsOf(kind).scale;
  const Figure rate = RateOf(counts, kind, IntervalMethod::kWilson, level);
  double high = scale * group.x.high / group.n.low;
  if (kind == MeasureKind::kProportion && !group.noised()) high = std::min(1.0, high);
  return {scale * group.x.low / group.n.high, high, *rate.interval};
}

Figure DifferenceOf(const Known& a, const Known& b, const std::array<GroupCounts, 2>& groups,
                    MeasureKind kind) {
  Figure figure;
  const bool bounded = groups[0].bounded() || groups[1].bounded();
  const bool noised = groups[0].noised() || groups[1].noised();
  if (bounded) figure.bounds = Interval{a.low - b.high, a.high - b.low};
  if (!bounded && !noised) {
    figure.value = a.low - b.low;
    const double scale = UnitsOf(kind).scale;
    double variance = 0;
    for (const GroupCounts& group : groups) {
      variance += ChanceVariance(group.x.low, group.n.low, kind) / Square(group.n.low / scale);
    }
    figure.se = std::sqrt(variance);
  }
  figure.interval =
      Interval{a.low - b.high - std::hypot(a.low - a.interval.lower, b.interval.upper - b.high),
               a.high - b.low + std::hypot(a.interval.upper - a.high, b.low - b.interval.lower)};
  return figure;
}

// The z of two rates under one common rate.
std::optional<double> PooledZ(const GroupCounts& a, double xa, double na, const GroupCounts& b,
                              double xb, double nb, MeasureKind kind) {
  const double rate = (xa + xb) / (na + nb);
  const double one =
      kind == MeasureKind::kProportion ? std::max(0.0, rate * (1 - rate)) : std::max(0.0, rate);
  const auto noise = [](const GroupCounts& group, double x, double n) {
    return (group.x_noise + Square(x / n) * group.n_noise) / (n * n);
  };
  const double variance = one * (1 / na + 1 / nb) + noise(a, xa, na) + noise(b, xb, nb);
  if (!(variance > 0)) return std::nullopt;
  return (xa / na - xb / nb) / std::sqrt(variance);
}

// The largest two-sided p: 1 where the rates may be equal, else at a corner of the counts.
void Test(const std::array<GroupCounts, 2>& groups, const Figure& difference, MeasureKind kind,
          Comparison& comparison) {
  if (!difference.bounds) {
    const auto z = PooledZ(groups[0], groups[0].x.low, groups[0].n.low, groups[1], groups[1].x.low,
                           groups[1].n.low, kind);
    if (z) comparison.p_value = TwoSidedP(*z);
    return;
  }
  comparison.p_is_most = true;
  if (difference.bounds->lower <= 0 && difference.bounds->upper >= 0) {
    comparison.p_value = 1;
    return;
  }
  double most = 0;
  for (unsigned corner = 0; corner < 16; ++corner) {
    const auto end = [&](const Range& range, unsigned bit) {
      return (corner & bit) != 0 ? range.high : range.low;
    };
    const double xa = std::min(end(groups[0].x, 1),
                               kind == MeasureKind::kProportion ? end(groups[0].n, 2) : kInfinite);
    const double xb = std::min(end(groups[1].x, 4),
                               kind == MeasureKind::kProportion ? end(groups[1].n, 8) : kInfinite);
    const auto z =
        PooledZ(groups[0], xa, end(groups[0].n, 2), groups[1], xb, end(groups[1].n, 8), kind);
    most = z ? std::max(most, TwoSidedP(*z)) : 1;
  }
  comparison.p_value = most;
}

}  // namespace

Comparison Compare(const CellCounts& one, const CellCounts& other, MeasureKind kind,
                   const Level& level) {
  const std::array groups = {GroupCountsOf(one, kind), GroupCountsOf(other, kind)};
  Comparison comparison;
  if (groups[0].n.low <= 0 || groups[1].n.low <= 0) {
    comparison.difference.reason = comparison.ratio.reason = reason::kNoDenominator;
    return comparison;
  }
  comparison.ratio = FigureOf(groups, RatioFormula{}, FigureOptions{kind, level, true});
  if (kind == MeasureKind::kMean) {
    comparison.difference = FigureOf(
        groups, [](const auto& rates) { return std::optional(rates.y[0] - rates.y[1]); },
        FigureOptions{kind, level});
    return comparison;
  }
  comparison.difference = DifferenceOf(KnownOf(one, groups[0], kind, level),
                                       KnownOf(other, groups[1], kind, level), groups, kind);
  Test(groups, comparison.difference, kind, comparison);
  if (kind == MeasureKind::kProportion && one.exact() && other.exact()) {
    const auto ncqa = [](const CellCounts& counts) {
      const std::int64_t n = counts.denominator.lower;
      return NcqaInterval(Rational::Of(counts.numerator.lower, n), n);
    };
    comparison.ncqa_overlap = Apart(ncqa(one), ncqa(other)) == 0;
  }
  return comparison;
}

}  // namespace equinode::equity
