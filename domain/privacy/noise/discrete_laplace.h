// The discrete Laplace law over all integers: P(x) proportional to exp(-|x|/scale). Canonne, Kamath
// and Steinke (2020), algorithm 2.
#pragma once

#include <cstdint>

#include "domain/privacy/noise/coins.h"
#include "domain/privacy/noise/ratio.h"

namespace equinode::noise {

// One exact sample. Takes longer the further from 0 it lies: whoever can time a single draw learns
// about it, so answers leave at a time that does not depend on the drawing.
// An answer past 2^60 would need some 2^30 successes of probability exp(-1) in a row.
std::int64_t DrawDiscreteLaplace(const Ratio& scale, Coins& coins);

}  // namespace equinode::noise
