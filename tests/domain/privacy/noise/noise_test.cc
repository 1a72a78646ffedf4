#include "domain/privacy/noise/noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/privacy/noise/noised.h"
#include "domain/privacy/noise/rho.h"

namespace equinode::noise {
namespace {

TEST(Ratio, ReadsWhatItIsAndRefusesTheRest) {
  for (const auto& [text, means] :
       std::initializer_list<std::pair<const char*, const char*>>{{"12", "12"},
                                                                  {"14/6", "7/3"},
                                                                  {"0.0125", "1/80"},
                                                                  {"12.50", "25/2"},
                                                                  {"0.000000001", "1/1000000000"},
                                                                  {"1073741824", "1073741824"}}) {
    const auto ratio = Ratio::FromText(text);
    ASSERT_TRUE(ratio.ok()) << text;
    EXPECT_EQ(ratio->text(), means);
  }
  for (const char* text :
       {"", "0", "-1", "+1", "1/0", "0/3", "nan", "inf", "1e9", ".5", "5.", " 1", "1 ", "1/2/3",
        "1073741825", "99999999999999999999", "0.0000000001", "1.5/2", "18446744073709551616.5"}) {
    const auto ratio = Ratio::FromText(text);
    ASSERT_FALSE(ratio.ok()) << text;
    EXPECT_EQ(ratio.error().reason, "BAD_RATIO");
  }
}

TEST(NanoRho, AddsUpWithoutEverWrapping) {
  EXPECT_EQ(NanoRho::Make(-1).error().reason, "BAD_RHO");
  EXPECT_FALSE(NanoRho::Make(NanoRho::kMost + 1).ok());
  const NanoRho most = NanoRho::Make(NanoRho::kMost).value();
  EXPECT_EQ(most.Plus(NanoRho::Make(1).value()).error().reason, "RHO_OVERFLOW");
  EXPECT_EQ(most.Plus(most).error().reason, "RHO_OVERFLOW");
  EXPECT_EQ(most.Plus(NanoRho()).value(), most);
  EXPECT_EQ(NanoRho::Make(12'500'000).value().text(), "0.0125");
  EXPECT_EQ(NanoRho::Make(3'000'000'000).value().text(), "3");
  EXPECT_EQ(NanoRho().text(), "0");
  EXPECT_EQ(NanoRho::DownFrom(Ratio::FromText("1/3").value()).value(), 333'333'333);
}

TEST(Noise, ALaplaceScalePastAnyCountIsRefused) {
  const auto make = [](const char* text) {
    return Noise::Make(NoiseLaw::kLaplace, Ratio::FromText(text).value());
  };
  EXPECT_TRUE(make("1048576").ok());
  EXPECT_EQ(make("1048577").error().reason, "NOISE_TOO_LARGE");
}

// At the edges of what may be asked for, nothing overflows: the samples have the law's variance.
TEST(Noise, TheWidestAndTheNarrowestAreDrawnRight) {
  SeededRandom random(17);
  Coins coins(random);
  for (const auto& [law, text] : std::initializer_list<std::pair<NoiseLaw, const char*>>{
           {NoiseLaw::kLaplace, "1048576"},
           {NoiseLaw::kLaplace, "1073741823/1024"},
           {NoiseLaw::kGaussian, "1073741824"},
           {NoiseLaw::kGaussian, "1073741823/1073741824"},
           {NoiseLaw::kGaussian, "1073741823/500000000"},
           {NoiseLaw::kGaussian, "1073741823/32768"}}) {
    const Noise noise = Noise::Make(law, Ratio::FromText(text).value()).value();
    constexpr int kDraws = 40'000;
    long double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const auto x = static_cast<long double>(noise.Draw(coins));
      squares += x * x;
    }
    const auto stated = static_cast<long double>(noise.VarianceMicros()) / 1e6L;
    EXPECT_NEAR(static_cast<double>(squares / kDraws / stated), 1.0, 0.06) << text;
  }
  const Noise nearly_none =
      Noise::Make(NoiseLaw::kGaussian, Ratio::FromText("1/1073741824").value()).value();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(nearly_none.Draw(coins), 0);
}

TEST(Noised, CarriesItsVarianceThroughSums) {
  SeededRandom random(3);
  Coins coins(random);
  const Noise noise = Noise::Make(NoiseLaw::kGaussian, Ratio::FromText("80").value()).value();
  const std::vector<std::int64_t> counts = {0, 7, 1'000};
  const auto noised = AddNoise(counts, noise, coins).value();
  ASSERT_EQ(noised.size(), 3u);
  for (const Noised& one : noised) EXPECT_EQ(one.variance_micros, 80'000'000u);
  const Noised sum = SumOfIndependent(noised).value();
  EXPECT_EQ(sum.value, noised[0].value + noised[1].value + noised[2].value);
  EXPECT_EQ(sum.variance_micros, 240'000'000u);
}

TEST(Noised, RefusesWhatWouldOverflow) {
  SeededRandom random(3);
  Coins coins(random);
  const Noise noise = Noise::Make(NoiseLaw::kLaplace, Ratio::FromText("1").value()).value();
  const std::int64_t large = (std::int64_t{1} << 62) + 1;
  EXPECT_EQ(AddNoise(std::vector{large}, noise, coins).error().reason, "COUNT_TOO_LARGE");
  EXPECT_EQ(AddNoise(std::vector{INT64_MIN}, noise, coins).error().reason, "COUNT_TOO_LARGE");
  const std::vector<Noised> parts(3, Noised{large - 1, 0});
  EXPECT_EQ(SumOfIndependent(parts).error().reason, "COUNT_TOO_LARGE");
  const std::vector<Noised> wide(2, Noised{0, UINT64_MAX});
  EXPECT_EQ(SumOfIndependent(wide).error().reason, "COUNT_TOO_LARGE");
}

}  // namespace
}  // namespace equinode::noise
