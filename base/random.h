// Chance is handed in. Production draws from the operating system; tests from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <span>

namespace equinode {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with random bytes.
  virtual void Fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t Next64();
  // Uniform in [0, bound), without modulo bias. `bound` > 0.
  std::uint64_t Below(std::uint64_t bound);
};

// The kernel's generator (getrandom). Fit for keys. Ends the process when the kernel refuses:
// going on without randomness would be worse.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;
};

// xoshiro256**: repeatable, for tests, generated data and simulations. Never for keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void Fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t Step();
  std::mutex mutex_;
  std::array<std::uint64_t, 4> state_{};  // Guarded by mutex_.
};

}  // namespace equinode
