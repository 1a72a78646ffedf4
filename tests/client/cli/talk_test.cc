#include "client/cli/talk.h"

#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

struct Case {
  std::string text{};
  bool good = false;
  Millis span{};
};
class Duration : public ::testing::TestWithParam<Case> {};

TEST_P(Duration, IsReadAsWritten) {
  Millis span{-1};
  EXPECT_EQ(ParseDuration(GetParam().text, &span), GetParam().good);
  if (GetParam().good) {
    EXPECT_EQ(span, GetParam().span);
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, Duration,
    ::testing::Values(Case{"30s", true, Millis{30'000}}, Case{"30", true, Millis{30'000}},
                      Case{"5m", true, Millis{300'000}}, Case{"2h", true, Millis{7'200'000}},
                      Case{"250ms", true, Millis{250}}, Case{"0s", true, Millis{0}},
                      Case{"24h", true, Millis{86'400'000}}, Case{"25h", false, {}},
                      Case{"99999999999999999999s", false, {}}, Case{"", false, {}},
                      Case{"s", false, {}}, Case{"-3s", false, {}}, Case{"3 s", false, {}},
                      Case{"3d", false, {}}));

TEST(CountText, GroupsByThousands) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1000), "1,000");
  EXPECT_EQ(CountText(1234567), "1,234,567");
}

}  // namespace
}  // namespace equinode::cli
