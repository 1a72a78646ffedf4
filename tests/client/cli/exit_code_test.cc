#include "client/cli/exit_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

TEST(ExitCode, FollowsTheCodeAndWhereNeededTheReason) {
  EXPECT_EQ(ExitCodeOf({Code::kInvalidArgument, "BAD_DEFINITION", ""}), 65);
  EXPECT_EQ(ExitCodeOf({Code::kInvalidArgument, "USAGE", ""}), 64);
  EXPECT_EQ(ExitCodeOf({Code::kUnavailable, "PEER_UNREACHABLE", ""}), 69);
  EXPECT_EQ(ExitCodeOf({Code::kUnavailable, "NOT_READY", ""}), 75);
  EXPECT_EQ(ExitCodeOf({Code::kFailedPrecondition, "NOBODY_ANSWERED", ""}), 75);
  EXPECT_EQ(ExitCodeOf({Code::kFailedPrecondition, "NOBODY_GIVES_COUNTS", ""}), 69);
  EXPECT_EQ(ExitCodeOf({Code::kResourceExhausted, "TOO_MANY_CALLS", ""}), 75);
  EXPECT_EQ(ExitCodeOf({Code::kUnauthenticated, "REVOKED", ""}), 77);
  EXPECT_EQ(ExitCodeOf({Code::kPermissionDenied, "METHOD_NOT_ALLOWED", ""}), 77);
  EXPECT_EQ(ExitCodeOf({Code::kFailedPrecondition, "NO_CONTEXT", ""}), 78);
  EXPECT_EQ(ExitCodeOf({Code::kNotFound, "NO_SUCH_RECORD", ""}), 1);
}

TEST(Explain, SaysWhatIsWrongAndWhatToDo) {
  const std::string text =
      Explain({Code::kUnavailable, "PEER_UNREACHABLE", "nobody answers at 127.0.0.1:1"});
  EXPECT_THAT(text, ::testing::StartsWith("nobody answers at 127.0.0.1:1 (PEER_UNREACHABLE)\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("what to do: "));
}

TEST(Explain, LetsNothingFromTheNetworkSteerTheTerminal) {
  EXPECT_EQ(Explain({Code::kUnknown, "X\x1b]0;", "bad\x1b[2J"}), "bad [2J (X ]0;)");
}

}  // namespace
}  // namespace equinode::cli
