#include "client/cli/demo/child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/files.h"
#include "tests/support/temp_folder.h"

namespace equinode::demo {
namespace {

using ::equinode::testing::TempFolder;
using ::testing::HasSubstr;

class ChildTest : public ::testing::Test {
 protected:
  Result<Child> Shell(const std::string& script) {
    return Child::Start({"/bin/sh", "-c", script}, log());
  }
  std::filesystem::path log() const { return folder_.path() / "log"; }
  TempFolder folder_{};
};

TEST_F(ChildTest, GivesTheExitCodeAndKeepsWhatWasSaid) {
  auto child = Shell("echo to stdout; echo to stderr >&2; exit 7");
  ASSERT_TRUE(child.ok());
  const auto code = child->Wait(std::chrono::seconds{10});
  ASSERT_TRUE(code.ok());
  EXPECT_EQ(*code, 7);
  EXPECT_FALSE(child->running());
  EXPECT_EQ(LastLines(log(), 5), "to stdout\nto stderr\n");
  EXPECT_EQ(LastLines(log(), 1), "to stderr\n");
}

TEST_F(ChildTest, StopsPolitelyWhereItCan) {
  auto child = Shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done");
  ASSERT_TRUE(child.ok());
  while (LastLines(log(), 1) != "up\n") ASSERT_TRUE(child->running());
  EXPECT_TRUE(child->Stop(std::chrono::seconds{10}));
  EXPECT_FALSE(child->running());
}

TEST_F(ChildTest, KillsWhoDoesNotListen) {
  auto child = Shell("trap '' TERM; echo up; while :; do sleep 0.01; done");
  ASSERT_TRUE(child.ok());
  while (LastLines(log(), 1) != "up\n") ASSERT_TRUE(child->running());
  EXPECT_FALSE(child->Stop(Millis{50}));
  EXPECT_FALSE(child->running());
}

TEST_F(ChildTest, EndsWithItsOwner) {
  {
    auto child = Shell("echo $$; exec sleep 60");
    ASSERT_TRUE(child.ok());
    while (LastLines(log(), 1).empty()) ASSERT_TRUE(child->running());
  }
  std::string number = LastLines(log(), 1);
  number.pop_back();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + number));
}

TEST_F(ChildTest, ATerminalSInterruptIsNotForIt) {
  auto child = Shell("ps -o pgid= -p $$ | tr -d ' '; echo $$");
  ASSERT_TRUE(child.ok());
  ASSERT_TRUE(child->Wait(std::chrono::seconds{10}).ok());
  const std::string said = LastLines(log(), 2);
  const std::size_t line = said.find('\n');
  EXPECT_EQ(said.substr(0, line + 1), said.substr(line + 1));  // It leads a group of its own.
}

TEST_F(ChildTest, AProgramThatFailsSaysWhy) {
  const Status ran =
      RunProgram({"/bin/sh", "-c", "echo no such luck; exit 3"}, log(), std::chrono::seconds{10});
  ASSERT_FALSE(ran.ok());
  EXPECT_EQ(ran.error().reason, "PROGRAM_FAILED");
  EXPECT_THAT(ran.error().message, HasSubstr("sh ended with 3: no such luck"));
  EXPECT_EQ(RunProgram({"/nowhere/at/all"}, log(), std::chrono::seconds{10}).error().reason,
            "PROGRAM_FAILED");
}

TEST(FindProgram, NamesWhatIsMissing) {
  const auto found = FindProgram("equinode-nonsense");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().reason, "PROGRAM_MISSING");
  EXPECT_THAT(found.error().message, HasSubstr("equinode-nonsense"));
}

}  // namespace
}  // namespace equinode::demo
