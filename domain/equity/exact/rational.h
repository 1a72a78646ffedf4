// Exact fractions. Every threshold of a programme and every cent is decided with these; a double is
// made only to be shown. Over GMP: numbers grow as they must, nothing overflows.
#pragma once

#include <gmp.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode::equity {

class Rational {
 public:
  Rational() { mpq_init(value_); }
  Rational(std::int64_t whole);  // NOLINT: implicit on purpose
  // `den` is not 0.
  static Rational Of(std::int64_t num, std::int64_t den);
  // A decimal such as "-12.30", at most 64 characters, no exponent, no thousands separators.
  // INVALID_ARGUMENT / BAD_NUMBER.
  static Result<Rational> Parse(std::string_view decimal);
  // The exact value of a finite double.
  static Rational FromDouble(double value);

  Rational(const Rational& other);
  Rational(Rational&& other) noexcept;
  Rational& operator=(const Rational& other);
  Rational& operator=(Rational&& other) noexcept;
  ~Rational() { mpq_clear(value_); }

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b is not 0.
  Rational operator-() const;
  Rational& operator+=(const Rational& other);
  friend bool operator==(const Rational& a, const Rational& b) {
    return mpq_equal(a.value_, b.value_) != 0;
  }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  int sign() const { return mpq_sgn(value_); }
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
  mpq_t value_;
};

Rational Min(const Rational& a, const Rational& b);
Rational Max(const Rational& a, const Rational& b);

}  // namespace equinode::equity
