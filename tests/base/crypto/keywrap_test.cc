#include "base/crypto/keywrap.h"

#include <argon2.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/base/crypto/reason.h"

namespace equinode {
namespace {

using testing::Reason;

constexpr Argon2Params kQuick{.memory_kib = 19 * 1024, .passes = 1, .lanes = 1};

Secret Text(std::string_view text) { return Secret::Copy(AsBytes(text)); }

class KeyWrapTest : public ::testing::Test {
 protected:
  SeededRandom random_{7};
  const Bytes salt_ = Bytes(16, 0x5a);
};

// RFC 9106 section 5.3: the library under us is what it says it is.
TEST(Argon2id, AgreesWithRfc9106) {
  std::array<std::uint8_t, 32> out{};
  Bytes password(32, 1);
  Bytes salt(16, 2);
  Bytes secret(8, 3);
  Bytes associated(12, 4);
  argon2_context context{};
  context.out = out.data();
  context.outlen = out.size();
  context.pwd = password.data();
  context.pwdlen = 32;
  context.salt = salt.data();
  context.saltlen = 16;
  context.secret = secret.data();
  context.secretlen = 8;
  context.ad = associated.data();
  context.adlen = 12;
  context.t_cost = 3;
  context.m_cost = 32;
  context.lanes = 4;
  context.threads = 4;
  context.version = ARGON2_VERSION_13;
  ASSERT_EQ(argon2id_ctx(&context), ARGON2_OK);
  EXPECT_EQ(ToHex(out), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

// Computed by a plain call of libargon2: what was wrapped years ago must still open.
TEST_F(KeyWrapTest, APassphraseGivesTheSameKeyInEveryRelease) {
  const auto key = DeriveKey(Text("correct-horse"), salt_, kQuick);
  ASSERT_EQ(Reason(key), "OK");
  EXPECT_EQ(ToHex(key->view()), "6175291164834350905c8bb2a1bb369ba83fe9c514f5e7a0c1473a1d3432a51b");
}

TEST_F(KeyWrapTest, EveryInputChangesTheKey) {
  const auto hex = [](const Result<Secret>& key) { return ToHex(key->view()); };
  const std::string one = hex(DeriveKey(Text("a"), salt_, kQuick));
  EXPECT_EQ(hex(DeriveKey(Text("a"), salt_, kQuick)), one);
  EXPECT_NE(hex(DeriveKey(Text("b"), salt_, kQuick)), one);
  EXPECT_NE(hex(DeriveKey(Text("a"), Bytes(16, 1), kQuick)), one);
  EXPECT_NE(hex(DeriveKey(Text("a"), salt_, {19 * 1024, 2, 1})), one);
  EXPECT_NE(hex(DeriveKey(Text("a"), salt_, {20 * 1024, 1, 1})), one);
  EXPECT_NE(hex(DeriveKey(Text("a"), salt_, {19 * 1024, 1, 2})), one);
}

TEST_F(KeyWrapTest, RefusesParametersOutOfBounds) {
  const Secret a = Text("a");
  const std::string bad = "BAD_KEY_PARAMETERS";
  EXPECT_EQ(Reason(DeriveKey(Secret(), salt_, kQuick)), bad);
  EXPECT_EQ(Reason(DeriveKey(a, Bytes(15), kQuick)), bad);
  EXPECT_EQ(Reason(DeriveKey(a, Bytes(65), kQuick)), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {8, 1, 1})), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {0xffffffff, 1, 1})), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {19 * 1024, 0, 1})), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {19 * 1024, 1000000, 1})), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {19 * 1024, 1, 0})), bad);
  EXPECT_EQ(Reason(DeriveKey(a, salt_, {19 * 1024, 1, 255})), bad);
}

TEST_F(KeyWrapTest, UnwrapsWhatItWrapped) {
  const Secret kek = NewKey(random_);
  for (const std::size_t size : {1, 16, 32, 4096}) {
    Secret key(size);
    random_.Fill(key.mutable_view());
    const auto wrapped = WrapKey(kek, key, random_, AsBytes("key 1"));
    ASSERT_EQ(Reason(wrapped), "OK");
    EXPECT_EQ(wrapped->size(), size + 29);
    const auto unwrapped = UnwrapKey(kek, *wrapped, AsBytes("key 1"));
    ASSERT_EQ(Reason(unwrapped), "OK");
    EXPECT_EQ(ToHex(unwrapped->view()), ToHex(key.view()));
  }
}

TEST_F(KeyWrapTest, AChangedBitAnotherKeyOrAnotherPlaceIsRefused) {
  const Secret kek = NewKey(random_);
  const auto wrapped = WrapKey(kek, NewKey(random_), random_, AsBytes("key 1"));
  ASSERT_EQ(Reason(wrapped), "OK");
  for (std::size_t bit = 0; bit < wrapped->size() * 8; ++bit) {
    Bytes altered = *wrapped;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    ASSERT_EQ(Reason(UnwrapKey(kek, altered, AsBytes("key 1"))), "KEY_NOT_UNWRAPPED") << bit;
  }
  for (std::size_t size = 0; size < wrapped->size(); ++size) {
    ASSERT_EQ(Reason(UnwrapKey(kek, ByteView(*wrapped).first(size), AsBytes("key 1"))),
              "KEY_NOT_UNWRAPPED");
  }
  EXPECT_EQ(Reason(UnwrapKey(NewKey(random_), *wrapped, AsBytes("key 1"))), "KEY_NOT_UNWRAPPED");
  EXPECT_EQ(Reason(UnwrapKey(kek, *wrapped, AsBytes("key 2"))), "KEY_NOT_UNWRAPPED");
  EXPECT_EQ(Reason(UnwrapKey(kek, *wrapped, {})), "KEY_NOT_UNWRAPPED");
  EXPECT_EQ(Reason(UnwrapKey(Secret(), *wrapped, AsBytes("key 1"))), "KEY_NOT_UNWRAPPED");
}

TEST_F(KeyWrapTest, TheSameKeyIsWrappedDifferentlyEachTime) {
  const Secret kek = NewKey(random_);
  const Secret key = NewKey(random_);
  EXPECT_NE(*WrapKey(kek, key, random_, {}), *WrapKey(kek, key, random_, {}));
}

TEST_F(KeyWrapTest, WrapsOnlyUnderAWholeKey) {
  const Secret key = NewKey(random_);
  EXPECT_EQ(Reason(WrapKey(Text("short"), key, random_, {})), "BAD_KEY_PARAMETERS");
  EXPECT_EQ(Reason(WrapKey(key, Secret(), random_, {})), "BAD_KEY_PARAMETERS");
}

}  // namespace
}  // namespace equinode
