#include "domain/privacy/noise/accountant.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <iostream>

#include "domain/privacy/noise/logarithm.h"
#include "tests/domain/privacy/noise/reference.h"
#include "tests/support/reference.h"

namespace equinode::noise {
namespace {

using Json = nlohmann::json;

// Never less than `rho`.
NanoRho Rho(double rho) {
  return NanoRho::Make(static_cast<std::int64_t>(std::ceil(rho * 1e9 - 1e-5))).value();
}

Delta DeltaOf(double delta) {
  constexpr std::uint64_t kOne = 1'000'000'000'000'000'000;
  return {static_cast<std::uint64_t>(std::llround(delta * 1e18)), kOne};
}

Noise NoiseOf(NoiseLaw law, const std::string& parameter) {
  return Noise::Make(law, Ratio::FromText(parameter).value()).value();
}

TEST(Logarithm, LiesBetweenItsBounds) {
  const auto holds = [](std::uint64_t numerator, std::uint64_t denominator) {
    const LogBounds bounds = Log(numerator, denominator);
    const long double unit = std::ldexp(1.0L, -static_cast<int>(kLogBits));
    const long double exact =
        std::log1p((static_cast<long double>(numerator) - static_cast<long double>(denominator)) /
                   static_cast<long double>(denominator));
    // The long double is itself good to some 2^-63 of its size.
    const long double slack = std::ldexp(exact + 1e-6L, -61);
    return bounds.low <= bounds.high && bounds.high - bounds.low < 4000 &&
           static_cast<long double>(bounds.low) * unit <= exact + slack &&
           static_cast<long double>(bounds.high) * unit >= exact - slack;
  };
  EXPECT_EQ(Log(1, 1).low, 0);
  EXPECT_TRUE(holds(2, 1));
  EXPECT_TRUE(holds(1'000'001, 1'000'000));
  EXPECT_TRUE(holds(std::uint64_t{1} << 63, 1));
  EXPECT_TRUE(holds((std::uint64_t{1} << 63) - 1, (std::uint64_t{1} << 63) - 2));
  EXPECT_TRUE(rc::check([&](std::uint64_t a, std::uint64_t b, std::uint8_t shift) {
    a = (a >> 1 >> shift % 60) + 1;
    b = (b >> 1 >> shift % 7) + 1;
    RC_ASSERT(holds(std::max(a, b), std::min(a, b)));
  }));
}

TEST(Accountant, EpsilonIsTheReferencesOrJustAbove) {
  const auto cases = ReferenceCases("zcdp_to_eps");
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(cases.empty()) << "the folder has no such cases";
  for (const Json& one : cases) {
    const double epsilon = static_cast<double>(MicroEpsilon(Rho(one["rho"].get<double>()),
                                                            DeltaOf(one["delta"].get<double>()))
                                                   .value()) /
                           1e6;
    const auto expected = one["eps"].get<double>();
    std::cout << "rho " << one["rho"] << ", delta " << one["delta"] << ": " << epsilon
              << ", reference " << expected << "\n";
    EXPECT_GE(epsilon, expected - 1e-12);
    EXPECT_LE(epsilon, expected + 2.5e-6 * (1 + expected));
  }
}

// The exact delta of one noisy count at an epsilon: our rho's epsilon for that delta is no smaller.
TEST(Accountant, PromisesNoLessThanTheExactLoss) {
  const auto cases = ReferenceCases("gaussian_exact_delta");
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(cases.empty()) << "the folder has no such cases";
  const auto number = [](const Json& value) {
    return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
  };
  for (const Json& one : cases) {
    const std::string sigma2 =
        one["sigma2"].is_string() ? one["sigma2"].get<std::string>() : one["sigma2"].dump();
    const double shift = number(one["sensitivity"]);
    const double epsilon = number(one["eps"]);
    const double delta = number(one["delta"]);
    const Ratio ratio = Ratio::FromText(sigma2).value();
    const double variance =
        static_cast<double>(ratio.numerator()) / static_cast<double>(ratio.denominator());
    // Summed over the law itself, to see that the case and we mean the same.
    double all = 0;
    double beyond = 0;
    const int reach = static_cast<int>(100 + 40 * std::sqrt(variance));
    for (int x = -reach; x <= reach; ++x) {
      const double here = std::exp(-x * x / (2 * variance));
      const double there = std::exp(-(x - shift) * (x - shift) / (2 * variance));
      all += here;
      beyond += std::max(0.0, here - std::exp(epsilon) * there);
    }
    EXPECT_NEAR(beyond / all, delta, delta * 1e-6);
    if (delta < 1e-15) continue;  // Less than a Delta can say exactly.
    const auto moved = static_cast<std::uint32_t>(shift);
    const NanoRho rho =
        CostOf(NoiseOf(NoiseLaw::kGaussian, sigma2), Sensitivity{moved, moved * moved}).value();
    EXPECT_GE(static_cast<double>(MicroEpsilon(rho, DeltaOf(delta)).value()) / 1e6, epsilon);
  }
}

TEST(Accountant, EpsilonIsTheLeastOverAllOrders) {
  EXPECT_TRUE(rc::check([](std::uint32_t rho_seed, std::uint8_t digits) {
    const std::int64_t nano = 1 + rho_seed % 4'000'000'000;
    std::uint64_t inverse = 10;
    for (int i = 0; i < 1 + digits % 16; ++i) inverse *= 10;
    const long double rho = static_cast<long double>(nano) / 1e9L;
    const long double log_inverse = std::log(static_cast<long double>(inverse));
    // A fine grid of orders, by the textbook's formula.
    long double least = 1e30L;
    for (long double a = 1e-5L; a < 1e8L; a *= 1.002L) {
      least = std::min(least,
                       rho * (a + 1) + std::log(a / (a + 1)) + (log_inverse - std::log(a + 1)) / a);
    }
    least = std::max(least, 0.0L);
    const auto ours = static_cast<long double>(
        MicroEpsilon(NanoRho::Make(nano).value(), Delta{1, inverse}).value());
    RC_ASSERT(ours <= least * 1e6L + 2);
    RC_ASSERT(ours >= least * 1e6L * (1 - 1e-5L) - 1);
  }));
}

TEST(Accountant, EpsilonRisesWithRhoAndFallsWithDelta) {
  std::uint64_t before = 0;
  for (std::int64_t nano = 1; nano < 100'000'000'000; nano = nano * 3 / 2 + 1) {
    const std::uint64_t now =
        MicroEpsilon(NanoRho::Make(nano).value(), Delta{1, 1'000'000}).value();
    EXPECT_GE(now, before);
    EXPECT_GE(MicroEpsilon(NanoRho::Make(nano).value(), Delta{1, 1'000'000'000}).value(), now);
    before = now;
  }
  EXPECT_EQ(MicroEpsilon(NanoRho(), Delta{}).value(), 0u);
}

TEST(Accountant, RhoWithinAnEpsilonStaysWithin) {
  // The notes' figure: epsilon 1 at 10^-6 allows rho 0.0244.
  const NanoRho rho = RhoWithin(1'000'000, Delta{1, 1'000'000}).value();
  EXPECT_NEAR(static_cast<double>(rho.value()) / 1e9, 0.0244, 0.00005);
  for (const std::uint64_t epsilon : {1u, 1'000u, 500'000u, 1'000'000u, 20'000'000u}) {
    const Delta delta{1, 10'000'000'000};
    const NanoRho most = RhoWithin(epsilon, delta).value();
    EXPECT_LE(MicroEpsilon(most, delta).value(), epsilon);
    EXPECT_GT(MicroEpsilon(most.Plus(NanoRho::Make(1 + most.value() / 1000).value()).value(), delta)
                  .value(),
              epsilon);
  }
}

TEST(Accountant, CostsAreRoundedUp) {
  struct Case {
    NoiseLaw law;
    const char* parameter;
    Sensitivity sensitivity;
    std::int64_t nano;
  };
  for (const Case& one : std::vector<Case>{
           {NoiseLaw::kGaussian, "80", {2, 2}, 12'500'000},  // The notes' example.
           {NoiseLaw::kGaussian, "1", {1, 1}, 500'000'000},
           {NoiseLaw::kGaussian, "3", {1, 1}, 166'666'667},
           {NoiseLaw::kGaussian, "100/3", {20, 20}, 300'000'000},
           {NoiseLaw::kGaussian, "1073741824", {1, 1}, 1},
           {NoiseLaw::kLaplace, "1", {1, 1}, 500'000'000},
           {NoiseLaw::kLaplace, "2", {2, 2}, 500'000'000},
           {NoiseLaw::kLaplace, "7/3", {1, 1}, 91'836'735},
           {NoiseLaw::kLaplace, "1048576", {1, 1}, 1},
       }) {
    EXPECT_EQ(CostOf(NoiseOf(one.law, one.parameter), one.sensitivity).value().value(), one.nano)
        << LawName(one.law) << " " << one.parameter;
  }
}

TEST(Accountant, LaplaceNoiseHasAnEpsilonOutright) {
  const auto epsilon = [](NoiseLaw law, const char* parameter) {
    return PureMicroEpsilon(NoiseOf(law, parameter), {2, 2});
  };
  EXPECT_EQ(epsilon(NoiseLaw::kLaplace, "2").value(), 1'000'000u);
  EXPECT_EQ(epsilon(NoiseLaw::kLaplace, "7/3").value(), 857'143u);
  EXPECT_EQ(epsilon(NoiseLaw::kGaussian, "2").error().reason, "NO_PURE_EPSILON");
}

TEST(Accountant, RefusesWhatIsNoCost) {
  const Noise noise = NoiseOf(NoiseLaw::kGaussian, "4");
  EXPECT_EQ(CostOf(noise, {0, 1}).error().reason, "BAD_SENSITIVITY");
  EXPECT_EQ(CostOf(noise, {1, 0}).error().reason, "BAD_SENSITIVITY");
  EXPECT_EQ(CostOf(noise, {1, 1u << 21}).error().reason, "BAD_SENSITIVITY");
  EXPECT_EQ(CostOf(NoiseOf(NoiseLaw::kLaplace, "1/1073741824"), {1, 1}).error().reason,
            "NO_PRIVACY");
  EXPECT_EQ(CostOf(NoiseOf(NoiseLaw::kGaussian, "1/1073741824"), {1, 1 << 20}).error().reason,
            "NO_PRIVACY");
  EXPECT_EQ(OfPartitions(0, Neighbour::kAddRemove).error().reason, "BAD_SENSITIVITY");
  EXPECT_EQ(OfPartitions(1u << 31, Neighbour::kSubstitute).error().reason, "BAD_SENSITIVITY");
  EXPECT_EQ(MicroEpsilon(Rho(1), Delta{0, 1}).error().reason, "BAD_DELTA");
  EXPECT_EQ(MicroEpsilon(Rho(1), Delta{1, 1}).error().reason, "BAD_DELTA");
  EXPECT_EQ(MicroEpsilon(NanoRho::Make(NanoRho::kMost).value(), Delta{}).error().reason,
            "NO_PRIVACY");
  EXPECT_EQ(GaussianFor(NanoRho(), {1, 1}).error().reason, "BAD_RHO");
}

TEST(Accountant, NoiseForARhoCostsNoMore) {
  EXPECT_EQ(GaussianFor(Rho(0.0125), {2, 2}).value().parameter().text(), "80");
  EXPECT_TRUE(rc::check([](std::uint32_t nano, std::uint16_t l2) {
    const NanoRho rho = NanoRho::Make(1 + std::int64_t{nano}).value();
    const Sensitivity sensitivity{1, 1 + std::uint32_t{l2}};
    const auto noise = GaussianFor(rho, sensitivity);
    if (!noise.ok()) {
      RC_ASSERT(noise.error().reason == "NOISE_TOO_LARGE");
      return;
    }
    const NanoRho cost = CostOf(*noise, sensitivity).value();
    RC_ASSERT(cost <= rho);
    // And not much less: nothing of the budget is thrown away but what the thousandth takes.
    const double variance = static_cast<double>(noise->VarianceMicros()) / 1e6;
    const double least = (1.0 + l2) * 1e9 / (2.0 * (1.0 + nano));
    RC_ASSERT(variance <= least + 0.0011 + (variance > 1'000'000 ? 1 : 0));
  }));
}

}  // namespace
}  // namespace equinode::noise
