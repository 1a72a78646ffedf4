#include "domain/privacy/noise/coins.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "domain/privacy/noise/bernoulli.h"

namespace equinode::noise {
namespace {

TEST(Coins, AreUniformBelowAnyBound) {
  SeededRandom random(5);
  Coins coins(random);
  const std::uint64_t large = (std::uint64_t{3} << 61) + 1;  // 2/3 of the words are drawn again.
  for (const std::uint64_t bound : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3},
                                    std::uint64_t{7}, (std::uint64_t{1} << 32) - 1,
                                    (std::uint64_t{1} << 32) + 5, std::uint64_t{3} << 40, large}) {
    const std::uint64_t parts = bound < 7 ? bound : 7;
    std::map<std::uint64_t, int> seen;
    constexpr int kDraws = 70'000;
    for (int i = 0; i < kDraws; ++i) {
      const std::uint64_t value = coins.Below(bound);
      ASSERT_LT(value, bound);
      ++seen[bound <= 7 ? value : value / (bound / 7 + 1)];
    }
    double chi2 = 0;
    for (std::uint64_t part = 0; part < parts; ++part) {
      const double expected = static_cast<double>(kDraws) / static_cast<double>(parts);
      chi2 += (seen[part] - expected) * (seen[part] - expected) / expected;
    }
    EXPECT_LT(chi2, 45) << bound;  // Six degrees of freedom: p = 5e-8.
  }
}

TEST(Bernoulli, SaysYesAsOftenAsStated) {
  SeededRandom random(6);
  Coins coins(random);
  const auto share = [&](auto draw) {
    int yes = 0;
    for (int i = 0; i < 200'000; ++i) yes += draw() ? 1 : 0;
    return yes / 200'000.0;
  };
  EXPECT_NEAR(share([&] { return BernoulliExpOne(coins); }), std::exp(-1.0), 0.006);
  for (const auto& [numerator, denominator] : {std::pair<std::uint64_t, std::uint64_t>{0, 1},
                                               {1, 1'000'000},
                                               {1, 3},
                                               {99, 100},
                                               {1, 1},
                                               {7, 2},
                                               {std::uint64_t{1} << 62, std::uint64_t{1} << 63}}) {
    const double x = static_cast<double>(numerator) / static_cast<double>(denominator);
    EXPECT_NEAR(share([&] { return BernoulliExp(numerator, denominator, coins); }), std::exp(-x),
                0.006);
  }
  // Far out it ends soon, however large the exponent.
  EXPECT_FALSE(BernoulliExp(WideUnsigned{1} << 120, 1, coins));
}

}  // namespace
}  // namespace equinode::noise
