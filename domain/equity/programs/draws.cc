#include "domain/equity/programs/draws.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace equinode::equity::programs {
namespace {

double Uniform(Random& random) { return static_cast<double>(random.Next64() >> 11) * 0x1.0p-53; }

// Walks from `mode` up and down in turn until the chances passed make `u`. `up(k)` is the chance of
// k + 1 over that of k, `down(k)` that of k - 1 over that of k.
template <typename Up, typename Down>
std::int64_t Walk(double u, std::int64_t mode, double chance, std::int64_t least, std::int64_t most,
                  Up up, Down down) {
  double passed = chance;
  if (u < passed) return mode;
  std::int64_t high = mode, low = mode;
  double at_high = chance, at_low = chance;
  while (high < most || low > least) {
    if (high < most) {
      at_high *= up(high++);
      passed += at_high;
      if (u < passed) return high;
    }
    if (low > least) {
      at_low *= down(low--);
      passed += at_low;
      if (u < passed) return low;
    }
    // What is left is less than rounding leaves of it.
    if (at_high < 1e-18 && at_low < 1e-18) break;
  }
  return mode;
}

}  // namespace

double BinomialChance(std::int64_t hits, std::int64_t members, double p) {
  if (p <= 0) return hits == 0 ? 1 : 0;
  if (p >= 1) return hits == members ? 1 : 0;
  const auto n = static_cast<double>(members);
  const auto k = static_cast<double>(hits);
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                  k * std::log(p) + (n - k) * std::log1p(-p));
}

std::int64_t DrawBinomial(std::int64_t members, double p, Random& random) {
  const double u = Uniform(random);
  if (p <= 0 || members <= 0) return 0;
  if (p >= 1) return members;
  const auto n = static_cast<double>(members);
  const auto mode = std::min(members, static_cast<std::int64_t>((n + 1) * p));
  const double odds = p / (1 - p);
  return Walk(
      u, mode, BinomialChance(mode, members, p), 0, members,
      [&](std::int64_t k) {
        return (n - static_cast<double>(k)) / (static_cast<double>(k) + 1) * odds;
      },
      [&](std::int64_t k) {
        return static_cast<double>(k) / (n - static_cast<double>(k) + 1) / odds;
      });
}

std::int64_t DrawPoisson(double mean, Random& random) {
  const double u = Uniform(random);
  if (mean <= 0) return 0;
  const auto mode = static_cast<std::int64_t>(mean);
  const auto k = static_cast<double>(mode);
  const double chance = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
  return Walk(
      u, mode, chance, 0, INT64_MAX / 2,
      [&](std::int64_t at) { return mean / (static_cast<double>(at) + 1); },
      [&](std::int64_t at) { return static_cast<double>(at) / mean; });
}

std::int64_t DrawNormal(double variance, Random& random) {
  const double radius = std::sqrt(-2 * std::log1p(-Uniform(random)));
  const double angle = 2 * std::numbers::pi * Uniform(random);
  return std::llround(std::sqrt(variance) * radius * std::cos(angle));
}

}  // namespace equinode::equity::programs
