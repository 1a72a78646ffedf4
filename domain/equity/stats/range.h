// Interval arithmetic: the result holds every value that the operation can have.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace equinode::equity {

struct Range {
  double low = 0;
  double high = 0;

  Range() = default;
  Range(double value) : low(value), high(value) {}  // NOLINT: implicit on purpose
  Range(double from, double to) : low(from), high(to) {}

  bool one() const { return low == high; }
  bool Has(double value) const { return low <= value && value <= high; }
};

inline constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Rounding goes outward, by more than it can have been. Zero stays zero.
inline Range Outward(double low, double high) {
  constexpr double kUnit = std::numeric_limits<double>::epsilon();
  return {std::isnan(low) ? -kInfinite : low - std::abs(low) * kUnit,
          std::isnan(high) ? kInfinite : high + std::abs(high) * kUnit};
}
inline Range Hull(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}
inline double Product(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }  // Also 0 x inf.

inline Range operator+(const Range& a, const Range& b) {
  return Outward(a.low + b.low, a.high + b.high);
}
inline Range operator-(const Range& a, const Range& b) {
  return Outward(a.low - b.high, a.high - b.low);
}
inline Range operator-(const Range& a) { return {-a.high, -a.low}; }
inline Range operator*(const Range& a, const Range& b) {
  const auto [low, high] = std::minmax({Product(a.low, b.low), Product(a.low, b.high),
                                        Product(a.high, b.low), Product(a.high, b.high)});
  return Outward(low, high);
}
inline Range operator/(const Range& a, const Range& b) {
  if (b.Has(0)) {
    if (b.low == 0 && b.high > 0 && a.low >= 0) return {a.low / b.high, kInfinite};
    return {-kInfinite, kInfinite};
  }
  return a * Outward(1 / b.high, 1 / b.low);
}

inline Range Square(const Range& a) {
  const double low = a.Has(0) ? 0 : std::min(a.low * a.low, a.high * a.high);
  return Outward(low, std::max(a.low * a.low, a.high * a.high));
}
inline Range Abs(const Range& a) {
  if (a.low >= 0) return a;
  if (a.high <= 0) return -a;
  return {0, std::max(-a.low, a.high)};
}
// Of what is not negative; a little below 0 is rounding.
inline Range Sqrt(const Range& a) {
  return Outward(std::sqrt(std::max(0.0, a.low)), std::sqrt(std::max(0.0, a.high)));
}
inline Range Log(const Range& a) {
  return Outward(a.low > 0 ? std::log(a.low) : -kInfinite,
                 a.high > 0 ? std::log(a.high) : -kInfinite);
}
inline Range Larger(const Range& a, const Range& b) {
  return {std::max(a.low, b.low), std::max(a.high, b.high)};
}
// A step of the slope of |x| at x.
inline Range SignOf(const Range& a) {
  if (a.low > 0) return 1.0;
  if (a.high < 0) return -1.0;
  return {-1, 1};
}
// Whether `a` may be the larger one.
inline bool MayBeLarger(const Range& a, const Range& b) { return a.high >= b.low; }

inline double Square(double a) { return a * a; }
inline double Abs(double a) { return std::abs(a); }
inline double Sqrt(double a) { return std::sqrt(std::max(0.0, a)); }
inline double Log(double a) { return std::log(a); }
inline double Larger(double a, double b) { return std::max(a, b); }
inline double SignOf(double a) { return a > 0 ? 1 : a < 0 ? -1 : 0; }

// Of a value or of each value that it may have.
inline double LowOf(double a) { return a; }
inline double HighOf(double a) { return a; }
inline double LowOf(const Range& a) { return a.low; }
inline double HighOf(const Range& a) { return a.high; }

}  // namespace equinode::equity
