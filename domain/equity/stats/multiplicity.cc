#include "domain/equity/stats/multiplicity.h"

#include <algorithm>

namespace equinode::equity {

std::vector<std::optional<double>> BenjaminiHochberg(std::span<const std::optional<double>> p) {
  std::vector<std::size_t> tests;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i]) tests.push_back(i);
  }
  std::ranges::sort(tests, [&](std::size_t a, std::size_t b) { return *p[a] > *p[b]; });
  std::vector<std::optional<double>> adjusted(p.size());
  double least = 1;
  const auto all = static_cast<double>(tests.size());
  for (std::size_t i = 0; i < tests.size(); ++i) {  // From the largest p down.
    least = std::min(least, *p[tests[i]] * all / (all - static_cast<double>(i)));
    adjusted[tests[i]] = least;
  }
  return adjusted;
}

}  // namespace equinode::equity
