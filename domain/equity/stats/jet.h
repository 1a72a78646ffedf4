// A value with its slopes in each of its variables, by the rules of differentiation: so a formula
// is written once and its standard error follows (the delta method).
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "domain/equity/stats/range.h"

namespace equinode::equity {

// T is double or Range.
template <typename T>
struct Jet {
  T value{};
  std::vector<T> slopes{};  // Of each variable; empty for a constant.

  Jet() = default;
  Jet(T constant) : value(std::move(constant)) {}  // NOLINT: implicit on purpose
  static Jet Variable(T value, std::size_t which, std::size_t of) {
    Jet jet(std::move(value));
    jet.slopes.assign(of, T{});
    jet.slopes[which] = T(1.0);
    return jet;
  }
};

// a.slopes * by_a + b.slopes * by_b.
template <typename T>
std::vector<T> Combine(const Jet<T>& a, const T& by_a, const Jet<T>& b, const T& by_b) {
  if (b.slopes.empty()) {
    std::vector<T> slopes(a.slopes);
    for (T& slope : slopes) slope = slope * by_a;
    return slopes;
  }
  std::vector<T> slopes(b.slopes);
  for (T& slope : slopes) slope = slope * by_b;
  for (std::size_t i = 0; i < a.slopes.size(); ++i) slopes[i] = slopes[i] + a.slopes[i] * by_a;
  return slopes;
}

template <typename T>
Jet<T> Make(T value, std::vector<T> slopes) {
  Jet<T> jet(std::move(value));
  jet.slopes = std::move(slopes);
  return jet;
}
template <typename T>
Jet<T> Chain(const Jet<T>& a, T value, const T& slope) {
  return Make(std::move(value), Combine(a, slope, Jet<T>(), T(0.0)));
}

template <typename T>
Jet<T> operator+(const Jet<T>& a, const Jet<T>& b) {
  return Make(a.value + b.value, Combine(a, T(1.0), b, T(1.0)));
}
template <typename T>
Jet<T> operator-(const Jet<T>& a, const Jet<T>& b) {
  return Make(a.value - b.value, Combine(a, T(1.0), b, T(-1.0)));
}
template <typename T>
Jet<T> operator*(const Jet<T>& a, const Jet<T>& b) {
  return Make(a.value * b.value, Combine(a, b.value, b, a.value));
}
template <typename T>
Jet<T> operator/(const Jet<T>& a, const Jet<T>& b) {
  const T one_of = T(1.0) / b.value;
  const T quotient = a.value / b.value;
  return Make(quotient, Combine(a, one_of, b, -(quotient * one_of)));
}
template <typename T>
Jet<T> Square(const Jet<T>& a) {
  return Chain(a, Square(a.value), T(2.0) * a.value);
}
template <typename T>
Jet<T> Abs(const Jet<T>& a) {
  return Chain(a, Abs(a.value), SignOf(a.value));
}
template <typename T>
Jet<T> Sqrt(const Jet<T>& a) {
  const T root = Sqrt(a.value);
  return Chain(a, root, T(0.5) / root);
}
template <typename T>
Jet<T> Log(const Jet<T>& a) {
  return Chain(a, Log(a.value), T(1.0) / a.value);
}
inline Jet<double> Larger(const Jet<double>& a, const Jet<double>& b) {
  return b.value > a.value ? b : a;  // The first of equals.
}
// Where either may be the larger one, the slopes of both are possible.
inline Jet<Range> Larger(const Jet<Range>& a, const Jet<Range>& b) {
  if (!MayBeLarger(b.value, a.value)) return a;
  if (!MayBeLarger(a.value, b.value)) return b;
  const std::size_t size = std::max(a.slopes.size(), b.slopes.size());
  std::vector<Range> slopes(size);
  for (std::size_t i = 0; i < size; ++i) {
    slopes[i] =
        Hull(a.slopes.empty() ? Range() : a.slopes[i], b.slopes.empty() ? Range() : b.slopes[i]);
  }
  return Make(Larger(a.value, b.value), std::move(slopes));
}

template <typename T>
double LowOf(const Jet<T>& a) {
  return LowOf(a.value);
}
template <typename T>
double HighOf(const Jet<T>& a) {
  return HighOf(a.value);
}

}  // namespace equinode::equity
