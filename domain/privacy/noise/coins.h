// Uniform draws for the samplers, out of blocks of random bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/random.h"

namespace equinode::noise {

// Reads the source in blocks: a call of the kernel for each draw would take most of a sample's
// time. What was drawn ahead would betray noise to come, what was used noise that is out: neither
// can be copied, and both are wiped. Not thread-safe. The source must outlive it.
class Coins {
 public:
  explicit Coins(Random& source) : source_(source) {}
  ~Coins();
  Coins(const Coins&) = delete;
  Coins& operator=(const Coins&) = delete;

  // Uniform in [0, bound), exactly, by rejection (Lemire 2019, "Fast Random Integer Generation in
  // an Interval"). `bound` > 0.
  std::uint64_t Below(std::uint64_t bound);

 private:
  template <typename Word>
  Word Next();
  template <typename Word, typename Product>
  std::uint64_t BelowBy(Product bound);

  Random& source_;
  std::array<std::uint8_t, 4096> block_{};
  std::size_t used_ = 4096;
};

}  // namespace equinode::noise
