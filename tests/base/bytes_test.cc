#include "base/bytes.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(Bytes, HexRoundTrips) {
  const Bytes bytes = {0x00, 0x7f, 0x80, 0xff};
  EXPECT_EQ(ToHex(bytes), "007f80ff");
  EXPECT_EQ(*FromHex("007F80ff"), bytes);
}

TEST(Bytes, RefusesWhatIsNotHex) {
  EXPECT_FALSE(FromHex("0").ok());
  EXPECT_FALSE(FromHex("0g").ok());
  EXPECT_FALSE(FromHex(" 0").ok());
}

TEST(Bytes, ComparesWholeStrings) {
  EXPECT_TRUE(EqualConstantTime(AsBytes("abc"), AsBytes("abc")));
  EXPECT_FALSE(EqualConstantTime(AsBytes("abc"), AsBytes("abd")));
  EXPECT_FALSE(EqualConstantTime(AsBytes("abc"), AsBytes("ab")));
}

}  // namespace
}  // namespace equinode
