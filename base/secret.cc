#include "base/secret.h"

#include <string.h>  // NOLINT: explicit_bzero lives here
#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

namespace equinode {

void Zeroise(std::span<std::uint8_t> bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

Secret::Secret(std::size_t size) : size_(size) {
  if (size == 0) return;
  // Whole pages of its own, so that locking and MADV_DONTDUMP touch nothing else.
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  (void)mlock(memory, size);  // Best effort: RLIMIT_MEMLOCK may be small.
  (void)madvise(memory, size, MADV_DONTDUMP);
  data_ = static_cast<std::uint8_t*>(memory);
}

Secret Secret::Copy(ByteView bytes) {
  Secret secret(bytes.size());
  std::copy(bytes.begin(), bytes.end(), secret.data_);
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { Wipe(); }

void Secret::Wipe() {
  if (data_ == nullptr) return;
  Zeroise({data_, size_});
  munmap(data_, size_);
  data_ = nullptr;
  size_ = 0;
}

}  // namespace equinode
