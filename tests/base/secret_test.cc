#include "base/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <utility>

namespace equinode {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBeCopiedOrPrinted) {
  EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
  EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
  EXPECT_FALSE(Printable<Secret>);
}

TEST(Secret, MovesWithoutLeavingAnythingBehind) {
  Secret a = Secret::Copy(AsBytes("key"));
  const Secret b = std::move(a);
  EXPECT_EQ(AsText(b.view()), "key");
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): what the class promises.
}

TEST(Secret, ZeroiseOverwrites) {
  Bytes bytes = {1, 2, 3};
  Zeroise(bytes);
  EXPECT_EQ(bytes, Bytes(3));
}

}  // namespace
}  // namespace equinode
