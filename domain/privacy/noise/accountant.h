// What a noise costs a person, and what a cost means. Everything is rounded against us: a cost and
// an epsilon up, a variance that is to cost no more than asked up, a rho that is to mean no more
// than an epsilon down.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "domain/privacy/noise/noise.h"
#include "domain/privacy/noise/rho.h"

namespace equinode::noise {

// By how much one person changes what is asked: in sum, and in sum of squares, over all cells.
// Of a report made by a whole practice it is still that of one person.
struct Sensitivity {
  std::uint32_t l1 = 0;
  std::uint32_t l2_squared = 0;
  friend bool operator==(const Sensitivity&, const Sensitivity&) = default;
};

// In which way two states of the world differ that must look alike.
enum class Neighbour : std::uint8_t {
  kAddRemove,   // One person more or less. Only where the number of people is not public.
  kSubstitute,  // One person is another: panel sizes are public and exact.
};

// `tables` tables in each of which every person is in exactly one cell. INVALID_ARGUMENT /
// BAD_SENSITIVITY for none or more than 2^20.
Result<Sensitivity> OfPartitions(std::uint32_t tables, Neighbour neighbour);

// Gaussian: l2^2/(2 sigma^2) (Canonne, Kamath and Steinke 2020, theorem 4). Laplace: epsilon-DP
// with epsilon = l1/scale, which is epsilon^2/2-zCDP (Bun and Steinke 2016, proposition 1.4).
// INVALID_ARGUMENT / BAD_SENSITIVITY for 0 or past 2^20, NO_PRIVACY where epsilon is past 2^16.
Result<NanoRho> CostOf(const Noise& noise, const Sensitivity& sensitivity);

// Of Laplace noise: l1/scale in millionths, rounded up; epsilon-DP without a delta. As CostOf;
// INVALID_ARGUMENT / NO_PURE_EPSILON for Gaussian noise, which gives none.
Result<std::uint64_t> PureMicroEpsilon(const Noise& noise, const Sensitivity& sensitivity);

// Gaussian noise of the least variance (to a thousandth where a ratio is not exact) that costs at
// most `rho`. INVALID_ARGUMENT / BAD_RHO for 0, NOISE_TOO_LARGE, BAD_SENSITIVITY.
Result<Noise> GaussianFor(NanoRho rho, const Sensitivity& sensitivity);

// The chance that the promise of an epsilon does not hold: numerator/denominator.
struct Delta {
  std::uint64_t numerator = 1;
  std::uint64_t denominator = 10'000'000'000;
};

// An epsilon, in millionths, such that `rho`-zCDP gives (epsilon, delta)-DP: the least by Canonne,
// Kamath and Steinke (2020), proposition 7, rounded up. INVALID_ARGUMENT / BAD_DELTA unless delta
// is between 0 and 1, both terms at most 10^18; OUT_OF_RANGE / NO_PRIVACY past 10^6.
Result<std::uint64_t> MicroEpsilon(NanoRho rho, const Delta& delta);

// The greatest rho whose MicroEpsilon is not above `micro_epsilon`; 0 when there is none.
Result<NanoRho> RhoWithin(std::uint64_t micro_epsilon, const Delta& delta);

}  // namespace equinode::noise
