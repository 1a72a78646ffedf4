// Yes with a stated probability, exactly: Canonne, Kamath and Steinke, "The Discrete Gaussian for
// Differential Privacy" (2020), algorithm 1.
#pragma once

#include <cstdint>

#include "domain/privacy/noise/coins.h"
#include "domain/privacy/noise/wide.h"

namespace equinode::noise {

// True with probability exp(-1).
bool BernoulliExpOne(Coins& coins);
// True with probability exp(-numerator/denominator). `denominator` > 0.
bool BernoulliExp(WideUnsigned numerator, std::uint64_t denominator, Coins& coins);

}  // namespace equinode::noise
