#include "domain/equity/stats/proportion.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "domain/equity/stats/tails.h"

namespace equinode::equity {
namespace {

constexpr std::int64_t kMostExact = 1'000'000'000;

Interval Clamped(const Interval& interval) {
  return {std::max(0.0, interval.lower), std::min(1.0, interval.upper)};
}

Interval WaldInterval(double x, double n, double z, double correction) {
  const double p = x / n;
  const double half = z * std::sqrt(p * (1 - p) / n) + correction;
  return {p - half, p + half};
}

Interval WilsonInterval(double x, double n, double z) {
  const double p = x / n;
  const double z2 = z * z;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return {x == 0 ? 0 : middle - half, x == n ? 1 : middle + half};
}

// Newcombe, Statistics in Medicine 17 (1998) 857, method 4.
Interval WilsonCorrectedInterval(double x, double n, double z) {
  const double p = x / n;
  const double q = 1 - p;
  const double z2 = z * z;
  const double below = z * std::sqrt(z2 - 2 - 1 / n + 4 * p * (n * q + 1));
  const double above = z * std::sqrt(z2 + 2 - 1 / n + 4 * p * (n * q - 1));
  const double whole = 2 * (n + z2);
  return {x == 0 ? 0 : (2 * n * p + z2 - 1 - below) / whole,
          x == n ? 1 : (2 * n * p + z2 + 1 + above) / whole};
}

Interval AgrestiCoullInterval(double x, double n, double z) {
  return WaldInterval(x + z * z / 2, n + z * z, z, 0);
}

// The quantiles of the beta distributions of (x + below, n - x + 1 - below) and its mirror.
Interval BetaInterval(double x, double n, double tail, double below) {
  return {x == 0 ? 0 : BetaQuantile(tail, x + below, n - x + 1 - below),
          x == n ? 1 : BetaQuantile(1 - tail, x + 1 - below, n - x + below)};
}

}  // namespace

std::optional<IntervalMethod> IntervalMethodNamed(std::string_view name) {
  const auto found = std::ranges::find(kIntervalMethodNames, name);
  if (found == kIntervalMethodNames.end()) return std::nullopt;
  return static_cast<IntervalMethod>(found - kIntervalMethodNames.begin());
}

Interval NcqaUnclamped(std::int64_t x, std::int64_t n) {
  const auto size = static_cast<double>(n);
  return WaldInterval(static_cast<double>(x), size, kNcqaZ, 1 / (2 * size));
}

Interval ProportionInterval(IntervalMethod method, std::int64_t x, std::int64_t n,
                            const Level& level) {
  assert(n > 0 && x >= 0 && x <= n);
  const auto hits = static_cast<double>(x);
  const auto size = static_cast<double>(n);
  const double z = level.z();
  switch (method) {
    case IntervalMethod::kNcqa:
      return Clamped(NcqaUnclamped(x, n));
    case IntervalMethod::kWald:
      return Clamped(WaldInterval(hits, size, z, 0));
    case IntervalMethod::kWaldCorrected:
      return Clamped(WaldInterval(hits, size, z, 1 / (2 * size)));
    case IntervalMethod::kWilson:
      return Clamped(WilsonInterval(hits, size, z));
    case IntervalMethod::kWilsonCorrected:
      return Clamped(WilsonCorrectedInterval(hits, size, z));
    case IntervalMethod::kAgrestiCoull:
      return Clamped(AgrestiCoullInterval(hits, size, z));
    case IntervalMethod::kClopperPearson:
      if (n > kMostExact) break;
      return BetaInterval(hits, size, level.tail(), 0);
    case IntervalMethod::kJeffreys:
      if (n > kMostExact) break;
      return BetaInterval(hits, size, level.tail(), 0.5);
  }
  return Clamped(WilsonInterval(hits, size, z));
}

}  // namespace equinode::equity
