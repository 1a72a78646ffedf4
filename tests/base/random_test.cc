#include "base/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace equinode {
namespace {

TEST(SeededRandom, RepeatsFromItsSeed) {
  SeededRandom a(7);
  SeededRandom b(7);
  SeededRandom c(8);
  const std::uint64_t first = a.Next64();
  EXPECT_EQ(first, b.Next64());
  EXPECT_NE(first, c.Next64());
}

TEST(Random, BelowIsUniformEnough) {
  SeededRandom random(3);
  std::vector<int> seen(6);
  for (int i = 0; i < 60000; ++i) ++seen[random.Below(6)];
  for (const int n : seen) EXPECT_NEAR(n, 10000, 500);  // Five standard deviations are 456.
}

TEST(SystemRandom, DoesNotRepeat) {
  SystemRandom random;
  EXPECT_NE(random.Next64(), random.Next64());
}

}  // namespace
}  // namespace equinode
