#include "domain/privacy/noise/noised.h"

namespace equinode::noise {
namespace {

constexpr std::int64_t kMostCount = std::int64_t{1} << 62;

Error TooLarge() {
  return Error{Code::kOutOfRange, "COUNT_TOO_LARGE", "a count or a sum of counts is past 2^62"};
}

bool Fits(std::int64_t value) { return value >= -kMostCount && value <= kMostCount; }

}  // namespace

Result<std::vector<Noised>> AddNoise(std::span<const std::int64_t> counts, const Noise& noise,
                                     Coins& coins) {
  std::vector<Noised> noised;
  noised.reserve(counts.size());
  const std::uint64_t variance = noise.VarianceMicros();
  for (const std::int64_t count : counts) {
    std::int64_t value = 0;
    if (!Fits(count) || __builtin_add_overflow(count, noise.Draw(coins), &value) || !Fits(value)) {
      return TooLarge();
    }
    noised.push_back({value, variance});
  }
  return noised;
}

Result<Noised> SumOfIndependent(std::span<const Noised> parts) {
  Noised sum;
  for (const Noised& part : parts) {
    if (!Fits(part.value) || __builtin_add_overflow(sum.value, part.value, &sum.value) ||
        !Fits(sum.value) ||
        __builtin_add_overflow(sum.variance_micros, part.variance_micros, &sum.variance_micros)) {
      return TooLarge();
    }
  }
  return sum;
}

}  // namespace equinode::noise
