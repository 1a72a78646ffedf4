// A sample of exact noise from the kernel's randomness, beside the limit of 2 microseconds, beside
// the random bytes alone that a sample uses, and beside the textbook's sample in floating point,
// which may not be released: its last bits tell the count.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "domain/privacy/noise/noise.h"

namespace equinode::noise {
namespace {

constexpr double kLimitNanos = 2000;
constexpr int kRounds = 21;
constexpr int kDraws = 20'000;

// Counts what it hands out.
class Counting final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    source_.Fill(out);
    bytes += out.size();
  }
  std::size_t bytes = 0;

 private:
  SystemRandom source_{};
};

std::int64_t kept = 0;  // So that no draw is left out.

// Nanoseconds a draw, the median and the best of rounds.
struct Took {
  double median = 0;
  double best = 0;
};
Took Measure(const std::function<std::int64_t()>& draw) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kDraws; ++i) kept += draw();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count() / kDraws);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.front()};
}

void Run(NoiseLaw law, const char* parameter) {
  const Noise noise = Noise::Make(law, Ratio::FromText(parameter).value()).value();
  Counting source;
  Coins coins(source);
  const Took ours = Measure([&] { return noise.Draw(coins); });
  const std::size_t bytes = source.bytes / (kRounds * kDraws);
  std::vector<std::uint8_t> block(4096);
  SystemRandom system;
  std::size_t used = block.size();
  const Took bare = Measure([&] {
    if (block.size() - used < bytes) {
      system.Fill(block);
      used = 0;
    }
    std::int64_t sum = 0;
    for (std::size_t i = 0; i + 8 <= bytes; i += 8) sum += block[used + i];
    used += bytes;
    return sum;
  });
  const Took textbook = Measure([&] {
    if (block.size() - used < 16) {
      system.Fill(block);
      used = 0;
    }
    std::uint64_t words[2];
    std::copy_n(block.data() + used, 16, reinterpret_cast<std::uint8_t*>(words));
    used += 16;
    const double u = (static_cast<double>(words[0] >> 11) + 0.5) * 0x1p-53;
    const double v = (static_cast<double>(words[1] >> 11) + 0.5) * 0x1p-53;
    if (law == NoiseLaw::kLaplace) return std::llround(std::log(u) - std::log(v));
    return std::llround(std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v));
  });
  const std::string name = std::string(LawName(law)) + " " + parameter;
  std::printf(
      "%-22s %7.0f ns (best %5.0f)   of the limit %4.2f   %3zu random bytes, alone %4.0f ns "
      "(ratio %4.2f)   in floating point %4.0f ns (ratio %4.2f)\n",
      name.c_str(), ours.median, ours.best, ours.median / kLimitNanos, bytes, bare.median,
      bare.median / ours.median, textbook.median, textbook.median / ours.median);
}

}  // namespace
}  // namespace equinode::noise

int main() {
  using namespace equinode::noise;
  std::printf("one sample; the limit is 2,000 ns\n");
  for (const char* scale : {"1", "2", "7/3", "10", "1048576"}) Run(NoiseLaw::kLaplace, scale);
  for (const char* sigma2 : {"1", "4", "80", "100/3", "1073741823/32768"}) {
    Run(NoiseLaw::kGaussian, sigma2);
  }
  return kept == 0x7fffffff ? 1 : 0;
}
