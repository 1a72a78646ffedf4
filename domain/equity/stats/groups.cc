#include "domain/equity/stats/groups.h"

#include <algorithm>

namespace equinode::equity {
namespace {

Range InUnits(const Count& count, double unit) {
  return {static_cast<double>(count.lower) * unit, static_cast<double>(count.upper) * unit};
}

double VarianceInUnits(const Count& count, double unit) {
  return static_cast<double>(count.noise_variance) / static_cast<double>(kMillion) * unit * unit;
}

}  // namespace

GroupCounts GroupCountsOf(const CellCounts& counts, MeasureKind kind) {
  const KindUnits units = UnitsOf(kind);
  return {InUnits(counts.numerator, units.numerator),
          InUnits(counts.denominator, units.denominator),
          VarianceInUnits(counts.numerator, units.numerator),
          VarianceInUnits(counts.denominator, units.denominator)};
}

double ChanceVariance(double x, double n, MeasureKind kind) {
  if (kind == MeasureKind::kProportion) {
    const double y = std::clamp(x / n, 0.0, 1.0);
    return n * y * (1 - y);
  }
  return std::max(0.0, x);
}

double MostChanceVariance(const Range& x, const Range& n, MeasureKind kind) {
  if (kind != MeasureKind::kProportion) return std::max(0.0, x.high);
  // x (1 - x / n) grows with n and is largest where x is nearest to n / 2.
  return ChanceVariance(std::clamp(n.high / 2, x.low, x.high), n.high, kind);
}

}  // namespace equinode::equity
