#include "domain/privacy/noise/discrete_gaussian.h"

#include "domain/privacy/noise/bernoulli.h"
#include "domain/privacy/noise/discrete_laplace.h"
#include "domain/privacy/noise/wide.h"

namespace equinode::noise {
namespace {

// floor(sqrt(value)), `value` at most 2^30: the root's bits from the highest on.
std::uint64_t RootDown(std::uint64_t value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 15; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= value) root += bit;
  }
  return root;
}

}  // namespace

std::int64_t DrawDiscreteGaussian(const Ratio& sigma2, Coins& coins) {
  const std::uint64_t n = sigma2.numerator();
  const std::uint64_t d = sigma2.denominator();
  const std::uint64_t t = RootDown(n / d) + 1;
  const Ratio scale = Ratio::Make(t, 1).value();
  // Accept y with probability exp(-(|y| - sigma2/t)^2 / (2 sigma2))
  //                       = exp(-(|y| d t - n)^2 / (2 n d t^2)).
  // d t^2 <= d (sigma + 1)^2 <= 2^32, so the denominator is below 2^63 + 1.
  const std::uint64_t denominator = 2 * n * (d * t * t);
  for (;;) {
    const std::int64_t y = DrawDiscreteLaplace(scale, coins);
    const WideSigned distance =
        WideSigned{y < 0 ? -y : y} * static_cast<WideSigned>(d * t) - static_cast<WideSigned>(n);
    const auto numerator = static_cast<WideUnsigned>(distance * distance);
    if (BernoulliExp(numerator, denominator, coins)) return y;
  }
}

}  // namespace equinode::noise
