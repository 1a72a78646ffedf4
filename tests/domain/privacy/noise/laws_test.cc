// The samplers against the exact probabilities of the reference folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include "base/random.h"
#include "domain/privacy/noise/noise.h"
#include "tests/domain/privacy/noise/reference.h"
#include "tests/support/reference.h"

namespace equinode::noise {
namespace {

using Json = nlohmann::json;

struct Law {
  std::string name{};
  NoiseLaw law = NoiseLaw::kLaplace;
  std::string parameter{};
  double variance = 0;
  std::vector<double> mass{};  // Of 0, 1, 2, ...; the same below 0.
  double tail = 0;             // Of all from mass.size() on, one side.
};

// Some are far below what a double can hold: those are as good as 0.
double Number(const Json& text) { return static_cast<double>(std::stold(text.get<std::string>())); }

std::vector<Law> ReferenceLaws() {
  std::vector<Law> laws;
  for (const auto& [kind, law, parameter] :
       {std::tuple{"discrete_laplace", NoiseLaw::kLaplace, "scale"},
        std::tuple{"discrete_gaussian", NoiseLaw::kGaussian, "sigma2"}}) {
    for (const Json& one : ReferenceCases(kind)) {
      Law read;
      read.law = law;
      read.parameter = one[parameter].get<std::string>();
      read.name = std::string(LawName(law)) + " " + read.parameter;
      read.variance = Number(one["variance"]);
      const auto from = one["tail_from"].get<std::size_t>();
      for (std::size_t x = 0; x < from; ++x) {
        read.mass.push_back(Number(one["pmf"][std::to_string(x)]));
      }
      read.tail = Number(one["tail_each_side"]);
      laws.push_back(read);
    }
  }
  return laws;
}

// The chance of so bad a fit or a worse one (Wilson and Hilferty's approximation), where bins of
// fewer than ten expected draws are joined with those further out.
double FitOf(const Law& law, const std::function<std::int64_t()>& draw, std::size_t draws) {
  std::map<std::int64_t, std::size_t> seen;
  for (std::size_t i = 0; i < draws; ++i) ++seen[draw()];
  const auto total = static_cast<double>(draws);
  double chi2 = 0;
  double bins = 0;
  const auto add = [&](double expected, double count) {
    chi2 += (count - expected) * (count - expected) / expected;
    bins += 1;
  };
  add(law.mass[0] * total, static_cast<double>(seen[0]));
  double rest = 0;  // Draws not yet in a bin.
  double expected_rest = 0;
  for (const int side : {1, -1}) {
    double side_rest = 0;
    for (const auto& [x, count] : seen) {
      if (x * side > 0) side_rest += static_cast<double>(count);
    }
    double expected_side = law.tail * total;
    for (std::size_t x = 1; x < law.mass.size(); ++x) expected_side += law.mass[x] * total;
    for (std::size_t x = 1; x < law.mass.size(); ++x) {
      const double expected = law.mass[x] * total;
      if (expected < 10) break;
      const auto count = static_cast<double>(seen[static_cast<std::int64_t>(x) * side]);
      add(expected, count);
      side_rest -= count;
      expected_side -= expected;
    }
    if (expected_side >= 10) {
      add(expected_side, side_rest);
    } else {
      rest += side_rest;
      expected_rest += expected_side;
    }
  }
  if (expected_rest >= 10) {
    add(expected_rest, rest);
  } else if (rest > 80) {
    return 0;  // Fewer than 20 were to come.
  }
  if (bins < 2) return 1;
  const double freedom = bins - 1;
  const double cube = std::cbrt(chi2 / freedom);
  const double z = (cube - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

// Neither so narrow that nearly every draw is 0, nor so wide that the listed part says little.
bool TellsMuch(const Law& law) { return law.variance > 0.3 && law.tail < 0.005; }

Noise NoiseOf(const Law& law) {
  return Noise::Make(law.law, Ratio::FromText(law.parameter).value()).value();
}

TEST(NoiseLaws, DrawsFollowTheExactLaw) {
  const auto laws = ReferenceLaws();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(laws.empty()) << "the folder has no such cases";
  const std::size_t draws = LongForm() ? 1'000'000 : 150'000;
  for (const Law& law : laws) {
    const Noise noise = NoiseOf(law);
    SeededRandom seeded(20261);
    SystemRandom system;
    Coins coins(seeded);
    Coins fresh(system);
    const double fit = FitOf(
        law, [&] { return noise.Draw(coins); }, draws);
    const double fit_fresh = FitOf(
        law, [&] { return noise.Draw(fresh); }, draws);
    std::cout << law.name << ": " << draws << " draws, p = " << fit << ", of the kernel's "
              << fit_fresh << "\n";
    EXPECT_GT(fit, 1e-4) << law.name;
    EXPECT_GT(fit_fresh, 1e-9) << law.name;  // Not repeatable: a false alarm in 10^8 runs.
  }
}

// The test of the test: what is near the law, and not it, does not pass.
TEST(NoiseLaws, TheTestToldApartWhatIsNotTheLaw) {
  const auto laws = ReferenceLaws();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(laws.empty()) << "the folder has no such cases";
  int told = 0;
  for (const Law& law : laws) {
    if (!TellsMuch(law)) continue;
    ++told;
    SeededRandom random(7);
    Coins coins(random);
    const Noise noise = NoiseOf(law);
    // The mistake of forgetting to draw a negative zero again.
    EXPECT_LT(FitOf(
                  law,
                  [&] {
                    const std::int64_t x = noise.Draw(coins);
                    return x != 0 && coins.Below(20) == 0 ? 0 : x;
                  },
                  150'000),
              1e-6)
        << law.name;
    // 3 % too wide.
    const Ratio parameter = Ratio::FromText(law.parameter).value();
    const Noise wider =
        Noise::Make(law.law,
                    Ratio::Make(parameter.numerator() * 106, parameter.denominator() * 100).value())
            .value();
    EXPECT_LT(FitOf(
                  law, [&] { return wider.Draw(coins); }, 300'000),
              1e-6)
        << law.name;
  }
}

TEST(NoiseLaws, TheVarianceCarriedAlongIsNeverTooSmall) {
  const auto laws = ReferenceLaws();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(laws.empty()) << "the folder has no such cases";
  for (const Law& law : laws) {
    const double stated = static_cast<double>(NoiseOf(law).VarianceMicros()) / 1e6;
    EXPECT_GE(stated, law.variance * (1 - 1e-15)) << law.name;
    if (TellsMuch(law)) {
      EXPECT_LE(stated, law.variance * 1.02) << law.name;
    }
  }
}

TEST(NoiseLaws, EveryPartOfTheReferenceIsRead) {
  const auto files = ReferenceFiles();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(files.empty()) << "the folder has no such cases";
  const std::set<std::string> read = {"file",
                                      "format",
                                      "discrete_laplace",
                                      "discrete_gaussian",
                                      "zcdp_to_eps",
                                      "gaussian_exact_delta"};
  for (const Json& file : files) {
    EXPECT_EQ(file["format"], "dp-reference/1") << file["file"];
    for (const auto& [key, value] : file.items()) {
      EXPECT_TRUE(read.contains(key)) << file["file"] << ": nobody reads " << key;
    }
  }
}

// A source that says what it was told.
class Script final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_ < bytes_.size() ? bytes_[next_++] : 0;
  }
  // What makes Below(bound) give `value`: a byte for small bounds, else a word of four.
  void Say(std::uint64_t bound, std::uint64_t value) {
    const int size = bound <= 16 ? 1 : 4;
    const std::uint64_t word = ((2 * value + 1) << (8 * size - 1)) / bound;
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }

 private:
  std::vector<std::uint8_t> bytes_{};
  std::size_t next_ = 0;
};

// Each integer has chances that lead to it: no end of the range, no gap.
TEST(NoiseLaws, EveryIntegerCanComeUp) {
  for (const char* text : {"1", "1/2", "2", "10", "7/3", "355/113", "1000003/64"}) {
    const Ratio scale = Ratio::FromText(text).value();
    const Noise noise = Noise::Make(NoiseLaw::kLaplace, scale).value();
    const std::uint64_t s = scale.numerator();
    std::vector<std::int64_t> wanted = {-4000, 4000};
    for (std::int64_t x = -300; x <= 300; ++x) wanted.push_back(x);
    for (const std::int64_t x : wanted) {
      const std::uint64_t size = static_cast<std::uint64_t>(x < 0 ? -x : x) * scale.denominator();
      Script script;
      script.Say(s, size % s);
      if (size % s != 0) script.Say(s, s - 1);  // exp(-u/s): the first k fails.
      for (std::uint64_t i = 0; i < size / s; ++i) {
        script.Say(2, 0);
        script.Say(3, 2);  // exp(-1): k = 2 succeeds, k = 3 fails.
      }
      script.Say(2, 1);              // The quotient ends.
      script.Say(2, x < 0 ? 1 : 0);  // The sign.
      Coins coins(script);
      ASSERT_EQ(noise.Draw(coins), x) << text;
    }
  }
}

// From a narrow law's centre out to where it is drawn once in a million, each integer comes up.
TEST(NoiseLaws, EveryIntegerDoesComeUp) {
  const std::size_t draws = LongForm() ? 4'000'000 : 300'000;
  for (const auto& [law, parameter] :
       {std::pair{NoiseLaw::kLaplace, "10"}, std::pair{NoiseLaw::kGaussian, "100/3"}}) {
    const Noise noise = Noise::Make(law, Ratio::FromText(parameter).value()).value();
    SeededRandom random(99);
    Coins coins(random);
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < draws; ++i) seen.insert(noise.Draw(coins));
    const std::int64_t reach = law == NoiseLaw::kLaplace ? 60 : 20;
    for (std::int64_t x = -reach; x <= reach; ++x) EXPECT_TRUE(seen.contains(x)) << x;
  }
}

}  // namespace
}  // namespace equinode::noise
