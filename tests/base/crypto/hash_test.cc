#include "base/crypto/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace equinode {
namespace {

Bytes Hex(std::string_view text) { return *FromHex(text); }

// FIPS 180-4 examples.
TEST(Sha256, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(ToHex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256(AsBytes(std::string(1000000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheSameDigestAsTheWhole) {
  const std::string text(1000, 'x');
  Sha256Hasher hasher;
  for (std::size_t at = 0, step = 1; at < text.size(); at += step, ++step) {
    hasher.Update(AsBytes(std::string_view(text).substr(at, step)));
  }
  EXPECT_EQ(hasher.Finish(), Sha256(AsBytes(text)));
}

TEST(Sha256, AHasherBeginsAfreshAfterFinish) {
  Sha256Hasher hasher;
  hasher.Update(AsBytes("something else"));
  (void)hasher.Finish();
  EXPECT_EQ(hasher.Finish(), Sha256({}));
  Sha256Hasher moved = std::move(hasher);
  moved.Update(AsBytes("abc"));
  EXPECT_EQ(moved.Finish(), Sha256(AsBytes("abc")));
}

// RFC 4231, test cases 1, 2, 3, 6 and 7.
TEST(HmacSha256, AgreesWithRfc4231) {
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0x0b), AsBytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256(AsBytes("Jefe"), AsBytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0xaa), Bytes(50, 0xdd))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(131, 0xaa),
                             AsBytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(ToHex(HmacSha256(
                Bytes(131, 0xaa),
                AsBytes("This is a test using a larger than block-size key and a larger than "
                        "block-size data. The key needs to be hashed before being used by the "
                        "HMAC algorithm."))),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, TakesAnEmptyKeyAndEmptyData) {
  EXPECT_EQ(ToHex(HmacSha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(HmacSha256(Hex("00"), {}), HmacSha256({}, {}));
}

}  // namespace
}  // namespace equinode
