// Groups as formulas want them: rates and shares, over numbers, ranges or jets.
#pragma once

#include <span>
#include <vector>

#include "domain/equity/counts/count.h"
#include "domain/equity/stats/jet.h"

namespace equinode::equity {

// What a measure's kind makes of two counts: rate = scale * numerator / denominator in their units.
struct KindUnits {
  double numerator = 1;
  double denominator = 1;
  double scale = 1;  // 1,000 member months.
};
constexpr KindUnits UnitsOf(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kProportion:
      return {1, 1, 1};
    case MeasureKind::kObservedExpected:
      return {1, 1e-6, 1};
    case MeasureKind::kPerMemberMonths:
      return {1, 1, 1000};
    case MeasureKind::kMean:
      return {1e-6, 1, 1};
  }
  return {};
}

// One group's counts in their units.
struct GroupCounts {
  Range x{};
  Range n{};
  double x_noise = 0;  // Variances.
  double n_noise = 0;

  bool bounded() const { return !x.one() || !n.one(); }
  bool noised() const { return x_noise > 0 || n_noise > 0; }
};
GroupCounts GroupCountsOf(const CellCounts& counts, MeasureKind kind);

// The variance of a numerator by chance: binomial of proportions, Poisson of events. A noised count
// may lie outside of what a count can be and is brought back for this.
double ChanceVariance(double x, double n, MeasureKind kind);
double MostChanceVariance(const Range& x, const Range& n, MeasureKind kind);

// N is double, Range or a jet of one of them.
template <typename N>
struct Rates {
  std::vector<N> y{};      // The rates, in the scale of the kind.
  std::vector<N> share{};  // Of each group in all denominators.
  N mean{};                // The rate of all together.
};

template <typename N>
Rates<N> RatesOf(const std::vector<N>& x, const std::vector<N>& n, double scale) {
  Rates<N> rates;
  N all_x = x[0];
  N all_n = n[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    all_x = all_x + x[i];
    all_n = all_n + n[i];
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    rates.y.push_back(N(scale) * x[i] / n[i]);
    rates.share.push_back(n[i] / all_n);
  }
  rates.mean = N(scale) * all_x / all_n;
  return rates;
}

}  // namespace equinode::equity
