// SipHash-2-4 with 128 bits out (Aumasson, Bernstein): a short keyed hash for tables in memory. Who
// does not know the key cannot make two inputs fall together.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace equinode {

struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

// The first 16 bytes of `key`, which has at least so many.
SipKey SipKeyFrom(ByteView key);

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

// `high` are the reference's first eight bytes, read little-endian.
Hash128 SipHash128(const SipKey& key, ByteView data);

}  // namespace equinode
