// A count as far as it is known. Suppression leaves bounds, privacy noise leaves a value with a
// variance; a sum of such counts is again one, so nothing downstream takes a guess for a fact.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace equinode::equity {

// Decimals are kept as integers of this many parts: noise variances, expected events, sums of
// values. So sums are exact and their order does not matter.
inline constexpr std::int64_t kMillion = 1'000'000;

// The count lies in [lower, upper] once its noise is taken off; the noise has mean 0. Only a noised
// count may be negative.
struct Count {
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  std::int64_t noise_variance = 0;  // Millionths, >= 0; 0 = no noise.

  static constexpr Count Exact(std::int64_t value) { return {value, value, 0}; }
  static constexpr Count Between(std::int64_t low, std::int64_t high) { return {low, high, 0}; }
  static constexpr Count Noised(std::int64_t value, std::int64_t variance) {
    return {value, value, variance};
  }

  constexpr bool bounded() const { return lower != upper; }
  constexpr bool noised() const { return noise_variance != 0; }
  constexpr bool exact() const { return !bounded() && !noised(); }
  friend bool operator==(const Count&, const Count&) = default;
};

// What is known of the sum of two counts; their noises are independent.
// OUT_OF_RANGE / COUNT_TOO_LARGE past 64 bits.
Result<Count> Add(const Count& a, const Count& b);

// How a measure's two counts make its figure, and so their units.
enum class MeasureKind : std::uint8_t {
  kProportion,        // People of people.
  kObservedExpected,  // Events of expected events, the latter in millionths.
  kPerMemberMonths,   // Events of member months; the figure is per 1,000.
  kMean,              // A sum of values, in millionths, of people.
};

struct CellCounts {
  Count numerator{};
  Count denominator{};
  constexpr bool exact() const { return numerator.exact() && denominator.exact(); }
  friend bool operator==(const CellCounts&, const CellCounts&) = default;
};

Result<CellCounts> Add(const CellCounts& a, const CellCounts& b);

}  // namespace equinode::equity
