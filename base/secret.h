// Bytes that must not be seen: zeroised when dropped, no operator<<, no conversion to text.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace equinode {

// Move-only. The memory is locked against swapping where the limits allow it, left out of core
// files, and overwritten on destruction.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);
  static Secret Copy(ByteView bytes);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // For handing to a library; do not keep or copy.
  ByteView view() const { return {data_, size_}; }
  std::span<std::uint8_t> mutable_view() { return {data_, size_}; }

 private:
  void Wipe();
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites memory in a way that the compiler may not leave out.
void Zeroise(std::span<std::uint8_t> bytes);

}  // namespace equinode
