#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace equinode {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  ManualClock clock(Instant{Millis{0}});
  Log log(ends[1], clock);
  log.Debug("left_out");
  log.Info("envelope_delivered", {{Field::kPeer, "a\nb\"c\x01\xff"}, {Field::kCount, 3}});
  close(ends[1]);
  std::array<char, 512> text{};
  const ssize_t n = read(ends[0], text.data(), text.size());
  close(ends[0]);
  ASSERT_GT(n, 0);
  EXPECT_EQ(std::string(text.data(), static_cast<std::size_t>(n)),
            "{\"at\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"event\":"
            "\"envelope_delivered\",\"peer\":\"a\\u000ab\\\"c\\u0001\\u00ff\",\"count\":3}\n");
}

TEST(Log, CutsLongText) {
  const std::string escaped = EscapeForLog(std::string(1'000'000, 'x'));
  EXPECT_EQ(escaped.size(), 259u);
  EXPECT_EQ(escaped.substr(256), "...");
}

}  // namespace
}  // namespace equinode
