// Exact fractions. Every threshold of a programme and every cent is decided with these; a double is
// made only to be shown. A fraction of two 64-bit numbers is kept as these; past them it is GMP's:
// numbers grow as they must, nothing overflows.
#pragma once

#include <gmp.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace equinode::equity {

class Rational {
 public:
  Rational() = default;
  Rational(std::int64_t whole);  // NOLINT: implicit on purpose
  // `den` is not 0.
  static Rational Of(std::int64_t num, std::int64_t den);
  // A decimal such as "-12.30", at most 64 characters, no exponent, no thousands separators.
  // INVALID_ARGUMENT / BAD_NUMBER.
  static Result<Rational> Parse(std::string_view decimal);
  // The exact value of a finite double.
  static Rational FromDouble(double value);
  // A copy of GMP's own, in lowest terms; and a copy for GMP, into an initialised `out`.
  static Rational FromGmp(mpq_srcptr value);
  void ToGmp(mpq_ptr out) const;

  Rational(const Rational& other);
  Rational(Rational&& other) noexcept
      : num_(other.num_), den_(other.den_), big_(std::exchange(other.big_, nullptr)) {}
  Rational& operator=(const Rational& other);
  Rational& operator=(Rational&& other) noexcept {
    num_ = other.num_;
    den_ = other.den_;
    std::swap(big_, other.big_);
    return *this;
  }
  ~Rational() {
    if (big_ != nullptr) Free();
  }

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b is not 0.
  Rational operator-() const;
  Rational& operator+=(const Rational& other) { return *this = *this + other; }
  friend bool operator==(const Rational& a, const Rational& b);
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  int sign() const {
    if (big_ != nullptr) return mpq_sgn(big_);
    return num_ > 0 ? 1 : num_ < 0 ? -1 : 0;
  }
  Rational Abs() const;
  // To `places` >= 0 decimals, half away from zero.
  Rational Rounded(int places) const;
  // To `places` >= 0 decimals, towards minus infinity.
  Rational RoundedDown(int places) const;
  // The square root, to `places` decimals, rounded down. Not negative.
  Rational SquareRoot(int places) const;

  double ToDouble() const;  // The nearest.
  // OUT_OF_RANGE / NOT_A_COUNT when it is no whole number of 64 bits.
  Result<std::int64_t> ToInt64() const;
  // Rounded half away to `places`, all of them printed: "-0.50".
  std::string Text(int places) const;
  // All digits when they end within 18 decimals ("1.25"), else "num/den".
  std::string Exact() const;

 private:
  class View;
  bool small() const { return big_ == nullptr; }
  static Rational Take(mpq_ptr value);
  void Free();

  // In lowest terms, den_ > 0. What fits in 64 bits without the least of them is here and only
  // here; else *big_ is the number and these say nothing.
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
  mpq_ptr big_ = nullptr;
};

Rational Min(const Rational& a, const Rational& b);
Rational Max(const Rational& a, const Rational& b);

}  // namespace equinode::equity
