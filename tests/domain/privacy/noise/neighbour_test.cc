// The promise itself, by experiment: two states of the world that differ in one person give every
// answer with nearly the same chance.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <iostream>
#include <map>

#include "domain/privacy/noise/accountant.h"
#include "domain/privacy/noise/noised.h"
#include "tests/domain/privacy/noise/reference.h"

namespace equinode::noise {
namespace {

using Table = std::array<std::int64_t, 2>;
using Answers = std::map<Table, double>;

// How often each answer comes; what lies further out than 6 counts as there.
Answers Ask(const Table& counts, const Noise& noise, std::size_t runs, std::uint64_t seed) {
  SeededRandom random(seed);
  Coins coins(random);
  Answers answers;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto noised = AddNoise(counts, noise, coins).value();
    Table seen{};
    for (std::size_t cell = 0; cell < 2; ++cell) {
      seen[cell] = std::clamp<std::int64_t>(noised[cell].value - 20, -6, 6);
    }
    answers[seen] += 1;
  }
  return answers;
}

// The greatest log ratio of an answer's chances that the runs prove: four standard deviations off.
double ProvenLoss(const Answers& one, const Answers& other) {
  double loss = 0;
  for (const auto& [answer, count] : one) {
    const auto found = other.find(answer);
    const double against = found == other.end() ? 0.5 : found->second;
    if (count < 100 || against < 20) continue;
    const double margin = 4 * std::sqrt(1 / count + 1 / against);
    loss = std::max(loss, std::abs(std::log(count / against)) - margin);
  }
  return loss;
}

const Table kHere = {20, 21};
const Table kSubstituted = {21, 20};  // One person in the other cell: l1 = 2, l2 squared = 2.

TEST(Neighbours, LaplaceNoiseKeepsWithinItsEpsilon) {
  const std::size_t runs = LongForm() ? 1'000'000 : 150'000;
  const Noise noise =
      Noise::Make(NoiseLaw::kLaplace, Ratio::FromText("2").value()).value();  // epsilon 1
  const double loss = ProvenLoss(Ask(kHere, noise, runs, 1), Ask(kSubstituted, noise, runs, 2));
  std::cout << "laplace, epsilon 1: " << loss << " proven in " << runs << " runs\n";
  EXPECT_LE(loss, 1.0);
  EXPECT_GT(loss, 0.6) << "the experiment sees nothing";
}

// The test of the test: noise for one cell is not enough for a person who moves between two.
TEST(Neighbours, NoiseForHalfTheSensitivityIsFoundOut) {
  const std::size_t runs = LongForm() ? 1'000'000 : 150'000;
  const Noise noise = Noise::Make(NoiseLaw::kLaplace, Ratio::FromText("1").value()).value();
  EXPECT_GT(ProvenLoss(Ask(kHere, noise, runs, 1), Ask(kSubstituted, noise, runs, 2)), 1.1);
}

TEST(Neighbours, GaussianNoiseKeepsWithinItsEpsilonAndDelta) {
  const std::size_t runs = LongForm() ? 1'000'000 : 150'000;
  const Sensitivity substitute = OfPartitions(1, Neighbour::kSubstitute).value();
  const Noise noise = Noise::Make(NoiseLaw::kGaussian, Ratio::FromText("4").value()).value();
  const NanoRho rho = CostOf(noise, substitute).value();
  EXPECT_EQ(rho.text(), "0.25");
  const Answers one = Ask(kHere, noise, runs, 3);
  const Answers other = Ask(kSubstituted, noise, runs, 4);
  for (const std::uint64_t inverse : {100u, 1'000u, 10'000u}) {
    const double epsilon = static_cast<double>(MicroEpsilon(rho, Delta{1, inverse}).value()) / 1e6;
    double beyond = 0;
    double variance = 0;
    for (const auto& [answer, count] : one) {
      const auto found = other.find(answer);
      const double against = found == other.end() ? 0 : found->second;
      const double more = count - std::exp(epsilon) * against;
      if (more <= 0) continue;
      beyond += more;
      variance += count + std::exp(2 * epsilon) * against;
    }
    const double total = static_cast<double>(runs);
    EXPECT_LE((beyond - 5 * std::sqrt(variance)) / total, 1.0 / static_cast<double>(inverse));
  }
}

}  // namespace
}  // namespace equinode::noise
