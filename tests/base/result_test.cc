#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace equinode {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Error{Code::kInvalidArgument, "ODD", "the number is odd"};
  return n / 2;
}

Result<int> Quarter(int n) {
  EQN_TRY(const int half, Half(n));
  EQN_CHECK(Half(half));
  return half / 2;
}

TEST(Result, TryPassesTheValueOn) { EXPECT_EQ(*Quarter(8), 2); }

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(Quarter(7).error().reason, "ODD");
  EXPECT_EQ(Quarter(6).error().reason, "ODD");
}

TEST(Result, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  ASSERT_TRUE(result.ok());
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 3);
}

}  // namespace
}  // namespace equinode
