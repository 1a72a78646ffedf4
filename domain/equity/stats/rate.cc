#include "domain/equity/stats/rate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/equity/stats/groups.h"
#include "domain/equity/stats/tails.h"

namespace equinode::equity {
namespace {

// The p for which (y - p)^2 <= z^2 (chance(p) + noise(p)): a quadratic in p.
// chance = p (1 - p) / n or p / n; noise = (x_noise + p^2 n_noise) / n^2.
Interval ScoreInterval(double x, double n, double x_noise, double n_noise, bool proportion,
                       double z) {
  const double y = x / n;
  const double z2 = z * z;
  const double a = 1 + (proportion ? z2 / n : 0) - z2 * n_noise / (n * n);
  const double b = 2 * y + z2 / n;
  const double c = y * y - z2 * x_noise / (n * n);
  const double most = proportion ? 1 : kInfinite;
  if (a <= 0) return {0, most};  // The denominator's noise leaves nothing out.
  const double root = std::sqrt(std::max(0.0, b * b - 4 * a * c));
  return {std::clamp((b - root) / (2 * a), 0.0, most), std::clamp((b + root) / (2 * a), 0.0, most)};
}

// Events that were counted, by chance of one mean.
Interval PoissonInterval(double events, const Level& level) {
  return {events > 0 ? GammaQuantile(level.tail(), events) : 0,
          GammaQuantile(1 - level.tail(), events + 1)};
}

// The largest counts round up to 2^63, which no longer is one.
std::int64_t WholeOf(double count) {
  constexpr double kTooLarge = 0x1p63;
  return count < kTooLarge ? static_cast<std::int64_t>(count)
                           : std::numeric_limits<std::int64_t>::max();
}

Interval ExactRateInterval(double x, double n, MeasureKind kind, IntervalMethod method,
                           const Level& level) {
  if (kind == MeasureKind::kProportion) {
    return ProportionInterval(method, WholeOf(x), WholeOf(n), level);
  }
  const Interval events = PoissonInterval(x, level);
  const double scale = UnitsOf(kind).scale;
  return {scale * events.lower / n, scale * events.upper / n};
}

}  // namespace

Figure RateOf(const CellCounts& counts, MeasureKind kind, IntervalMethod method,
              const Level& level) {
  const GroupCounts group = GroupCountsOf(counts, kind);
  const double scale = UnitsOf(kind).scale;
  const bool proportion = kind == MeasureKind::kProportion;
  Figure figure;
  if (group.n.low <= 0) {
    figure.reason = reason::kNoDenominator;
    if (proportion && group.n.high > 0) figure.bounds = figure.interval = Interval{0, 1};
    return figure;
  }
  // A rate grows with its numerator and falls with its denominator, and so do both limits.
  double least = scale * group.x.low / group.n.high;
  double most = scale * group.x.high / group.n.low;
  if (proportion && !group.noised()) most = std::min(most, 1.0);
  if (group.bounded()) {
    figure.bounds = Interval{least, most};
  } else if (!group.noised()) {
    figure.value = least;
  }
  if (kind == MeasureKind::kMean) {
    figure.reason = reason::kNoSpread;
    return figure;
  }
  if (group.noised()) {
    const auto limits = [&](double x, double n) {
      return ScoreInterval(x, n, group.x_noise, group.n_noise, proportion, level.z());
    };
    figure.interval = Interval{scale * limits(group.x.low, group.n.high).lower,
                               scale * limits(group.x.high, group.n.low).upper};
    return figure;
  }
  const double high = proportion ? std::min(group.x.high, group.n.low) : group.x.high;
  const bool may_be_all = proportion && group.x.high > group.n.low;
  figure.interval =
      Interval{ExactRateInterval(group.x.low, group.n.high, kind, method, level).lower,
               may_be_all ? 1.0 : ExactRateInterval(high, group.n.low, kind, method, level).upper};
  if (figure.value) {
    figure.se = scale * std::sqrt(ChanceVariance(group.x.low, group.n.low, kind)) / group.n.low;
  }
  return figure;
}

}  // namespace equinode::equity
