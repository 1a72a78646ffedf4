#include "base/siphash.h"

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>

namespace equinode {

namespace {

std::uint64_t LoadLittle(const std::uint8_t* from) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, sizeof(value));
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

struct State {
  std::uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Take(std::uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
  std::uint64_t Four() {
    for (int i = 0; i < 4; ++i) Round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

SipKey SipKeyFrom(ByteView key) {
  assert(key.size() >= 16);
  return {LoadLittle(key.data()), LoadLittle(key.data() + 8)};
}

Hash128 SipHash128(const SipKey& key, ByteView data) {
  State state{key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d ^ 0xee,
              key.k0 ^ 0x6c7967656e657261, key.k1 ^ 0x7465646279746573};
  std::size_t at = 0;
  for (; at + 8 <= data.size(); at += 8) state.Take(LoadLittle(data.data() + at));
  std::uint64_t last = static_cast<std::uint64_t>(data.size()) << 56;
  for (std::size_t i = 0; at + i < data.size(); ++i) {
    last |= static_cast<std::uint64_t>(data[at + i]) << (8 * i);
  }
  state.Take(last);
  Hash128 hash;
  state.v2 ^= 0xee;
  hash.high = state.Four();
  state.v1 ^= 0xdd;
  hash.low = state.Four();
  return hash;
}

}  // namespace equinode
