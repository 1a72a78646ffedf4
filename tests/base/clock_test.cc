#include "base/clock.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(Clock, FormatsAndParsesTheSameInstant) {
  const Instant at{Millis{1'795'000'000'123}};
  EXPECT_EQ(*ParseInstant(FormatInstant(at)), at);
}

TEST(Clock, ReadsOffsetsFractionsAndLeapSeconds) {
  EXPECT_EQ(FormatInstant(*ParseInstant("2024-02-29T23:30:00-01:00")), "2024-03-01T00:30:00.000Z");
  EXPECT_EQ(FormatInstant(*ParseInstant("2026-01-01T00:00:00.123456789Z")),
            "2026-01-01T00:00:00.123Z");
  EXPECT_EQ(FormatInstant(*ParseInstant("2016-12-31T23:59:60Z")), "2017-01-01T00:00:00.000Z");
}

struct Case {
  const char* name;
  const char* text;
};
class BadTime : public ::testing::TestWithParam<Case> {};
TEST_P(BadTime, IsRefused) { EXPECT_FALSE(ParseInstant(GetParam().text).ok()); }
INSTANTIATE_TEST_SUITE_P(All, BadTime,
                         ::testing::Values(Case{"Empty", ""}, Case{"DateOnly", "2026-01-01"},
                                           Case{"NoZone", "2026-01-01T00:00:00"},
                                           Case{"NotALeapYear", "2026-02-29T00:00:00Z"},
                                           Case{"Hour24", "2026-01-01T24:00:00Z"},
                                           Case{"Trailing", "2026-01-01T00:00:00Zx"},
                                           Case{"Sign", "-026-01-01T00:00:00Z"},
                                           Case{"EmptyFraction", "2026-01-01T00:00:00.Z"}),
                         [](const auto& c) { return c.param.name; });

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock(Instant{Millis{5}});
  EXPECT_EQ(clock.Now(), Instant{Millis{5}});
  clock.Advance(Millis{7});
  EXPECT_EQ(clock.Now(), Instant{Millis{12}});
}

}  // namespace
}  // namespace equinode
