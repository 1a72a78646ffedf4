// The discrete Gaussian law over all integers: P(x) proportional to exp(-x^2/(2 sigma2)). Canonne,
// Kamath and Steinke (2020), algorithm 3. Given by sigma squared: the root of a ratio is seldom
// one.
#pragma once

#include <cstdint>

#include "domain/privacy/noise/coins.h"
#include "domain/privacy/noise/ratio.h"

namespace equinode::noise {

// One exact sample. As to time and reach, see DrawDiscreteLaplace.
std::int64_t DrawDiscreteGaussian(const Ratio& sigma2, Coins& coins);

}  // namespace equinode::noise
