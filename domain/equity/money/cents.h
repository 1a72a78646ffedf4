// Money in whole cents. It is rounded once, half away from zero, at the line where it is paid; up
// to there it is an exact fraction of dollars.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/equity/exact/rational.h"

namespace equinode::equity {

struct Cents {
  std::int64_t value = 0;
  friend auto operator<=>(const Cents&, const Cents&) = default;
  // The sums of a programme are far below 64 bits of cents: CentsOf refuses what is not.
  friend Cents operator+(Cents a, Cents b) { return {a.value + b.value}; }
  friend Cents operator-(Cents a, Cents b) { return {a.value - b.value}; }
};

// Up to 10^15 dollars either way. OUT_OF_RANGE / TOO_MUCH_MONEY.
Result<Cents> CentsOf(const Rational& dollars);
// The same, rounded down to the cent: what a pool can pay without owing.
Result<Cents> CentsDown(const Rational& dollars);

Rational Dollars(Cents cents);
std::string DollarText(Cents cents);  // "-1234.50"

// `whole` >= 0 in `parts` > 0 parts that differ by at most a cent; the first ones get the extra
// cents.
std::vector<Cents> SplitEvenly(Cents whole, std::size_t parts);

}  // namespace equinode::equity
