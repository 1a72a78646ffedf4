#include "domain/privacy/noise/bernoulli.h"

namespace equinode::noise {
namespace {

// True with probability exp(-numerator/denominator), numerator <= denominator: draws k = 1, 2, ...
// with probability x/k each until one fails; the first k to fail is odd with probability exp(-x).
// x/k is drawn as 1/k and x apart: exact, and no product can overflow.
bool ExpOfPart(std::uint64_t numerator, std::uint64_t denominator, Coins& coins) {
  for (std::uint64_t k = 1;; ++k) {
    const bool succeeds = (k == 1 || coins.Below(k) == 0) && coins.Below(denominator) < numerator;
    if (!succeeds) return k % 2 == 1;
  }
}

}  // namespace

bool BernoulliExpOne(Coins& coins) {
  std::uint64_t k = 2;  // At k = 1 the probability is 1.
  while (coins.Below(k) == 0) ++k;
  return k % 2 == 1;
}

bool BernoulliExp(WideUnsigned numerator, std::uint64_t denominator, Coins& coins) {
  for (WideUnsigned whole = numerator / denominator; whole > 0; --whole) {
    if (!BernoulliExpOne(coins)) return false;
  }
  const auto part = static_cast<std::uint64_t>(numerator % denominator);
  return part == 0 || ExpOfPart(part, denominator, coins);
}

}  // namespace equinode::noise
