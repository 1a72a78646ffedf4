#include "domain/privacy/noise/discrete_laplace.h"

#include "domain/privacy/noise/bernoulli.h"

namespace equinode::noise {

std::int64_t DrawDiscreteLaplace(const Ratio& scale, Coins& coins) {
  const std::uint64_t s = scale.numerator();
  const std::uint64_t t = scale.denominator();
  for (;;) {
    // x is geometric with ratio exp(-1/s): its remainder by s, then its quotient.
    const std::uint64_t remainder = coins.Below(s);
    if (remainder != 0 && !BernoulliExp(remainder, s, coins)) continue;
    std::uint64_t quotient = 0;
    while (BernoulliExpOne(coins)) ++quotient;
    // Groups of t neighbours have ratio exp(-t/s) to each other.
    const auto size = static_cast<std::int64_t>((remainder + s * quotient) / t);
    const bool negative = coins.Below(2) == 1;
    if (negative && size == 0) continue;  // Else 0 would come up twice as often.
    return negative ? -size : size;
  }
}

}  // namespace equinode::noise
