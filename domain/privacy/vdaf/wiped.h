// Memory of shares and of what they are made from: overwritten when given back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/secret.h"

namespace equinode::vdaf {

template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}  // NOLINT: allocators convert

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* at, std::size_t count) {
    Zeroise({reinterpret_cast<std::uint8_t*>(at), count * sizeof(T)});
    std::allocator<T>().deallocate(at, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

// A vector that leaves nothing behind, not even when it grows.
template <typename T>
using WipedVec = std::vector<T, WipingAllocator<T>>;
using WipedBytes = WipedVec<std::uint8_t>;

// 32 bytes from which a XOF makes shares and randomness.
class Seed {
 public:
  static constexpr std::size_t kSize = 32;

  Seed() = default;
  // `bytes` are kSize long.
  explicit Seed(std::span<const std::uint8_t> bytes);
  Seed(const Seed&) = default;
  Seed& operator=(const Seed&) = default;
  ~Seed() { Zeroise(bytes_); }

  std::span<const std::uint8_t> view() const { return bytes_; }
  std::span<std::uint8_t> mutable_view() { return bytes_; }
  // In constant time.
  friend bool operator==(const Seed& a, const Seed& b);

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

}  // namespace equinode::vdaf
