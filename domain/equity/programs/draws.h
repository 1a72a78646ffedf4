// Chance for the spread of a score. Doubles weigh outcomes here; they decide none.
#pragma once

#include <cstdint>

#include "base/random.h"

namespace equinode::equity::programs {

// The probability of `hits` of `members`. 0 <= p <= 1.
double BinomialChance(std::int64_t hits, std::int64_t members, double p);

// By inversion outward from the mode: about a standard deviation of steps, the same on every
// machine that has the same logarithms.
std::int64_t DrawBinomial(std::int64_t members, double p, Random& random);
std::int64_t DrawPoisson(double mean, Random& random);
// Of mean 0, rounded to a whole number.
std::int64_t DrawNormal(double variance, Random& random);

}  // namespace equinode::equity::programs
