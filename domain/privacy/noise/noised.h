// Counts with noise. What the noise did to a number travels with it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "domain/privacy/noise/noise.h"

namespace equinode::noise {

// An estimate without bias: may be negative, and is left so, since cutting at 0 would pull small
// groups up.
struct Noised {
  std::int64_t value = 0;
  std::uint64_t variance_micros = 0;  // Of the noise alone, in millionths; never too small.
  friend bool operator==(const Noised&, const Noised&) = default;
};

// Each count with a draw of its own. OUT_OF_RANGE / COUNT_TOO_LARGE past +-2^62.
Result<std::vector<Noised>> AddNoise(std::span<const std::int64_t> counts, const Noise& noise,
                                     Coins& coins);

// The sum of numbers whose noises are independent: of two sources, of disjoint blocks. Of the same
// answer twice it is not. OUT_OF_RANGE / COUNT_TOO_LARGE.
Result<Noised> SumOfIndependent(std::span<const Noised> parts);

}  // namespace equinode::noise
