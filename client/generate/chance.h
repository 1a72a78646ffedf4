// Repeatable chance for made people: a stream of its own for each person, so that a person does not
// depend on those before. Not for keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace equinode::made {

// splitmix64. One thread.
class Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t stream) : state_(seed ^ Mix(stream + 1)) {}

  std::uint64_t Next() { return Mix(state_ += 0x9E3779B97F4A7C15U); }
  // Uniform in [0, bound), `bound` > 0. The bias is below 2^-32 for what is asked here.
  std::uint32_t Below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((Next() >> 32) * bound >> 32);
  }
  // Uniform in [from, to].
  int Between(int from, int to) {
    return from + static_cast<int>(Below(static_cast<std::uint32_t>(to - from + 1)));
  }
  // True in `per_mille` of 1,000 cases.
  bool PerMille(std::uint32_t per_mille) { return Below(1000) < per_mille; }

  template <typename T>
  const T& OneOf(std::span<const T> list) {
    return list[Below(static_cast<std::uint32_t>(list.size()))];
  }
  // One of an array or span whose elements have a `weight`.
  template <typename List>
  const auto& Weighted(const List& list) {
    std::uint32_t sum = 0;
    for (const auto& one : list) sum += one.weight;
    std::uint32_t left = Below(sum);
    std::size_t at = 0;
    while (left >= list[at].weight) left -= list[at++].weight;
    return list[at];
  }

 private:
  static std::uint64_t Mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace equinode::made
