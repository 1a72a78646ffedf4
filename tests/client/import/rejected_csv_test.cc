#include "client/import/rejected_csv.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(RejectedCsv, IsMadeWithTheFirstLineAndPrivate) {
  testing::TempFolder folder;
  const auto path = folder.path() / "rejected.csv";
  RejectedCsv csv(path, RejectedCsv::Mode::kReplace);
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(csv.Add({"a.ndjson", 3, "Patient/p1", "BAD_BIRTH_DATE", "mend, it"}).ok());
  ASSERT_TRUE(csv.Close().ok());
  EXPECT_EQ(ReadAll(path),
            "file,line,resource,reason,what_to_do\n"
            "a.ndjson,3,Patient/p1,BAD_BIRTH_DATE,\"mend, it\"\n");
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(csv.rows(), 1u);
}

TEST(RejectedCsv, ANewImportWithoutRefusalsLeavesNoOldOnes) {
  testing::TempFolder folder;
  const auto path = folder.path() / "rejected.csv";
  {
    RejectedCsv first(path, RejectedCsv::Mode::kReplace);
    ASSERT_TRUE(first.Add({"a", 1, "", "X", "y"}).ok());
  }
  RejectedCsv second(path, RejectedCsv::Mode::kReplace);
  ASSERT_TRUE(second.Close().ok());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(RejectedCsv, OneThatGoesOnWritesNoRowTwice) {
  testing::TempFolder folder;
  const auto path = folder.path() / "rejected.csv";
  {
    RejectedCsv first(path, RejectedCsv::Mode::kReplace);
    ASSERT_TRUE(first.Add({"a", 1, "", "X", "y"}).ok());
    ASSERT_TRUE(first.Add({"a", 2, "", "X", "y"}).ok());
  }
  RejectedCsv again(path, RejectedCsv::Mode::kContinue);
  ASSERT_TRUE(again.Add({"a", 2, "", "X", "y"}).ok());
  ASSERT_TRUE(again.Add({"a", 3, "", "X", "y"}).ok());
  ASSERT_TRUE(again.Close().ok());
  EXPECT_EQ(ReadAll(path), "file,line,resource,reason,what_to_do\na,1,,X,y\na,2,,X,y\na,3,,X,y\n");
}

TEST(RejectedCsv, SaysWhereItCannotWrite) {
  testing::TempFolder folder;
  RejectedCsv csv(folder.path() / "no" / "such" / "rejected.csv", RejectedCsv::Mode::kReplace);
  const auto added = csv.Add({"a", 1, "", "X", "y"});
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().reason, "CANNOT_WRITE");
}

}  // namespace
}  // namespace equinode
