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

constexpr std::string_view kHead = "file,line,resource,reason,what_to_do\n";

class RejectedCsvTest : public ::testing::Test {
 protected:
  std::string Text() const { return ReadAll(path_); }
  std::string WithHead(std::string_view rows) const { return std::string(kHead).append(rows); }
  std::string State() const { return ReadAll(path_.string() + ".state"); }
  static Status AddLine(RejectedCsv& csv, std::uint64_t line) {
    return csv.Add({"a", line, "", "X", "y"});
  }

  testing::TempFolder folder_{};
  std::filesystem::path path_ = folder_.path() / "rejected.csv";
};

TEST_F(RejectedCsvTest, IsMadeWithTheFirstLineAndPrivate) {
  RejectedCsv csv(path_, "aa");
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_TRUE(csv.Add({"a.ndjson", 3, "Patient/p1", "BAD_BIRTH_DATE", "mend, it"}).ok());
  // In the file at once: a program that is killed now has told of it.
  EXPECT_EQ(Text(), WithHead("a.ndjson,3,Patient/p1,BAD_BIRTH_DATE,\"mend, it\"\n"));
  for (const char* name : {"rejected.csv", "rejected.csv.state"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((folder_.path() / name).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
  EXPECT_EQ(State(), "aa\n");
  ASSERT_TRUE(csv.Finish(false).ok());
  EXPECT_EQ(State(), "aa\nwhole\n");
  EXPECT_EQ(csv.rows(), 1u);
}

TEST_F(RejectedCsvTest, ANewImportBeginsANewListAndWithoutRefusalsLeavesNone) {
  {
    RejectedCsv first(path_, "aa");
    ASSERT_TRUE(AddLine(first, 1).ok());
    ASSERT_TRUE(first.Finish(false).ok());
  }
  {
    RejectedCsv second(path_, "bb");
    ASSERT_TRUE(AddLine(second, 2).ok());
    ASSERT_TRUE(second.Finish(false).ok());
    EXPECT_EQ(Text(), WithHead("a,2,,X,y\n"));
  }
  RejectedCsv third(path_, "bb");
  ASSERT_TRUE(third.Finish(true).ok());
  EXPECT_TRUE(std::filesystem::exists(path_));
  ASSERT_TRUE(third.Finish(false).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RejectedCsvTest, OneThatGoesOnWritesNoRowTwiceAndLosesNone) {
  {
    RejectedCsv killed(path_, "aa");
    for (const std::uint64_t line : {1, 2, 2}) ASSERT_TRUE(AddLine(killed, line).ok());
  }
  EXPECT_EQ(State(), "aa\n");
  {
    RejectedCsv again(path_, "aa");  // Reads again from line 2, which has three faults.
    for (const std::uint64_t line : {2, 2, 2, 3}) ASSERT_TRUE(AddLine(again, line).ok());
    ASSERT_TRUE(again.Finish(false).ok());
    EXPECT_EQ(Text(), WithHead("a,1,,X,y\na,2,,X,y\na,2,,X,y\na,2,,X,y\na,3,,X,y\n"));
    EXPECT_EQ(again.rows(), 2u);
  }
  EXPECT_EQ(State(), "aa\nwhole\n");
}

TEST_F(RejectedCsvTest, OneThatGoesOnWithoutANewRowKeepsTheList) {
  {
    RejectedCsv killed(path_, "aa");
    ASSERT_TRUE(AddLine(killed, 1).ok());
  }
  RejectedCsv again(path_, "aa");
  ASSERT_TRUE(again.Finish(false).ok());
  EXPECT_EQ(Text(), WithHead("a,1,,X,y\n"));
  EXPECT_EQ(State(), "aa\nwhole\n");
}

// Files that were passed by keep their rows; what was read again has those that came again.
TEST_F(RejectedCsvTest, TheSameImportAgainKeepsWhatStillHolds) {
  {
    RejectedCsv first(path_, "aa");
    for (const std::uint64_t line : {1, 2, 3}) ASSERT_TRUE(AddLine(first, line).ok());
    ASSERT_TRUE(first.Finish(false).ok());
  }
  for (int again = 0; again < 2; ++again) {
    RejectedCsv some(path_, "aa");
    ASSERT_TRUE(AddLine(some, 3).ok());
    ASSERT_TRUE(some.Finish(true).ok());
    EXPECT_EQ(Text(), WithHead("a,1,,X,y\na,2,,X,y\na,3,,X,y\n"));
  }
  RejectedCsv all(path_, "aa");
  for (const std::uint64_t line : {2, 4}) ASSERT_TRUE(AddLine(all, line).ok());
  ASSERT_TRUE(all.Finish(false).ok());
  EXPECT_EQ(Text(), WithHead("a,2,,X,y\na,4,,X,y\n"));
}

TEST_F(RejectedCsvTest, AnotherImportDoesNotGoOnWithIt) {
  {
    RejectedCsv killed(path_, "aa");
    ASSERT_TRUE(AddLine(killed, 1).ok());
  }
  RejectedCsv other(path_, "bb");
  ASSERT_TRUE(AddLine(other, 5).ok());
  EXPECT_EQ(Text(), WithHead("a,5,,X,y\n"));
}

TEST_F(RejectedCsvTest, ARowThatWasCutOffIsWrittenAnew) {
  {
    RejectedCsv killed(path_, "aa");
    for (const std::uint64_t line : {1, 2}) ASSERT_TRUE(AddLine(killed, line).ok());
  }
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 3);
  RejectedCsv again(path_, "aa");
  for (const std::uint64_t line : {1, 2}) ASSERT_TRUE(AddLine(again, line).ok());
  EXPECT_EQ(Text(), WithHead("a,1,,X,y\na,2,,X,y\n"));
}

TEST_F(RejectedCsvTest, SaysWhereItCannotWrite) {
  RejectedCsv csv(folder_.path() / "no" / "such" / "rejected.csv", "aa");
  const auto added = csv.Add({"a", 1, "", "X", "y"});
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().reason, "CANNOT_WRITE");
}

}  // namespace
}  // namespace equinode
