#include "domain/equity/stats/tails.h"

#include <cmath>
#include <limits>

#include "domain/equity/stats/level.h"

namespace equinode::equity {
namespace {

// Long doubles, so that the cancelling of large logarithms leaves a double's digits.
using Real = long double;
constexpr Real kTiny = std::numeric_limits<Real>::min() * 1e10L;
constexpr Real kEpsilon = std::numeric_limits<Real>::epsilon();

Real LogGamma(Real x) {
  int sign = 0;
  return lgammal_r(x, &sign);  // The plain one writes a global.
}

// log of x^a (1-x)^b / B(a, b).
Real LogBetaFactor(Real x, Real a, Real b) {
  return LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * std::log(x) + b * std::log1p(-x);
}

// The continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22); it
// converges where x < (a + 1) / (a + b + 2).
Real BetaFraction(Real x, Real a, Real b) {
  Real c = 1;
  Real d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::abs(d) < kTiny ? kTiny : d);
  Real product = d;
  const Real most = 1000 + 20 * std::sqrt(a + b);
  for (Real m = 1; m < most; ++m) {
    for (const Real term : {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))}) {
      d = 1 + term * d;
      c = 1 + term / c;
      d = 1 / (std::abs(d) < kTiny ? kTiny : d);
      if (std::abs(c) < kTiny) c = kTiny;
      product *= c * d;
    }
    if (std::abs(c * d - 1) < 4 * kEpsilon) break;
  }
  return product;
}

// The share of the distribution below x.
Real BetaBelow(Real x, Real a, Real b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const Real factor = std::exp(LogBetaFactor(x, a, b));
  if (x < (a + 1) / (a + b + 2)) return factor * BetaFraction(x, a, b) / a;
  return 1 - factor * BetaFraction(1 - x, b, a) / b;
}

Real GammaBelow(Real x, Real a) {
  if (x <= 0) return 0;
  const Real factor = std::exp(a * std::log(x) - x - LogGamma(a));
  const Real most = 1000 + 20 * std::sqrt(a + x);
  if (x < a + 1) {
    Real term = 1 / a;
    Real sum = term;
    for (Real n = 1; n < most && term > sum * kEpsilon; ++n) sum += term *= x / (a + n);
    return factor * sum;
  }
  Real b = x + 1 - a;
  Real c = 1 / kTiny;
  Real d = 1 / b;
  Real product = d;
  for (Real n = 1; n < most; ++n) {  // DLMF 8.9.2.
    const Real term = -n * (n - a);
    b += 2;
    d = term * d + b;
    c = b + term / c;
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    if (std::abs(c) < kTiny) c = kTiny;
    product *= c * d;
    if (std::abs(c * d - 1) < 4 * kEpsilon) break;
  }
  return 1 - factor * product;
}

// The root of below(x) = p between the ends, by Newton's steps; a step that leaves the bracket, or
// does not halve it in time, is a bisection.
template <typename Below, typename Density>
double Root(Real p, Real low, Real high, Real x, Below below, Density density) {
  for (int i = 0; i < 200; ++i) {
    const Real off = below(x) - p;
    (off > 0 ? high : low) = x;
    Real next = x - off / density(x);
    if (!(next > low && next < high) || i > 60) next = (low + high) / 2;
    if (std::abs(next - x) <= 8 * kEpsilon * std::abs(next)) return static_cast<double>(next);
    x = next;
  }
  return static_cast<double>(x);
}

}  // namespace

double BetaQuantile(double p, double a, double b) {
  // By the normal approximation to begin with.
  const Real mean = Real{a} / (Real{a} + b);
  const Real sd = std::sqrt(mean * (1 - mean) / (Real{a} + b + 1));
  const Real guess = mean + NormalQuantile(p) * sd;
  const Real start = guess > 0 && guess < 1 ? guess : mean;
  return Root(
      p, 0, 1, start, [&](Real x) { return BetaBelow(x, a, b); },
      [&](Real x) { return std::exp(LogBetaFactor(x, a, b)) / (x * (1 - x)); });
}

double GammaQuantile(double p, double a) {
  // By Wilson and Hilferty to begin with.
  const Real cube = 1 - 1 / (9 * Real{a}) + NormalQuantile(p) / (3 * std::sqrt(Real{a}));
  const Real guess = a * cube * cube * cube;
  const Real start = cube > 0 && guess > 0 ? guess : Real{a};
  const Real most = Real{a} + 60 * std::sqrt(Real{a}) + 800;
  return Root(
      p, 0, most, start, [&](Real x) { return GammaBelow(x, a); },
      [&](Real x) { return std::exp((a - 1) * std::log(x) - x - LogGamma(a)); });
}

}  // namespace equinode::equity
