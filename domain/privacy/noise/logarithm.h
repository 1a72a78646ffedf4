// The natural logarithm of a rational, between two bounds that hold.
#pragma once

#include <cstdint>

#include "domain/privacy/noise/wide.h"

namespace equinode::noise {

// In units of 2^-62: low <= ln(x) <= high, some hundred units apart at most.
struct LogBounds {
  WideSigned low = 0;
  WideSigned high = 0;
};
inline constexpr unsigned kLogBits = 62;

// `numerator` >= `denominator` > 0, both at most 2^63.
LogBounds Log(std::uint64_t numerator, std::uint64_t denominator);

}  // namespace equinode::noise
