#include "base/siphash.h"

#include <gtest/gtest.h>

#include <numeric>

namespace equinode {
namespace {

Bytes CountingBytes(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

std::string Hex(const Hash128& hash) {
  Bytes bytes;
  for (const std::uint64_t half : {hash.high, hash.low}) {
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(half >> (8 * i)));
  }
  return ToHex(bytes);
}

struct Case {
  std::size_t size;
  const char* hash;
};

// As `openssl mac -macopt size:16 SIPHASH` says too.
TEST(SipHash128, GivesTheReferencesValues) {
  const SipKey key = SipKeyFrom(CountingBytes(16));
  for (const Case& one :
       {Case{0, "a3817f04ba25a8e66df67214c7550293"}, Case{1, "da87c1d86b99af44347659119b22fc45"},
        Case{15, "5493e99933b0a8117e08ec0f97cfc3d9"},
        Case{18, "a426e5e423bf4885294da481feaef723"}}) {
    EXPECT_EQ(Hex(SipHash128(key, CountingBytes(one.size))), one.hash) << one.size << " bytes";
  }
}

TEST(SipHash128, DependsOnTheKey) {
  EXPECT_NE(SipHash128({1, 2}, AsBytes("name")), SipHash128({1, 3}, AsBytes("name")));
}

}  // namespace
}  // namespace equinode
