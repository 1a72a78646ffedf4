#include "storage/sqlite/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/support/test_store.h"

namespace equinode::testing {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Database>> Open(const Secret& key) {
    return Database::Open(folder_.path() / "data", key, clock_);
  }
  std::string ReasonOfOpen(const Secret& key) {
    const auto opened = Open(key);
    return opened.ok() ? "OK" : opened.error().reason;
  }
  std::filesystem::path File() const { return folder_.path() / "data" / Database::kFileName; }
  void WriteFile(std::string_view content) {
    std::filesystem::create_directories(File().parent_path());
    std::ofstream(File(), std::ios::binary) << content;
  }
  static std::string Contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TempFolder folder_;
  SystemClock clock_;
};

Status Put(Tx& tx, std::string_view word, std::string_view value) {
  return tx.Prepare("INSERT INTO node_state VALUES(?,?)").BindAll(word, AsBytes(value)).Run();
}

Result<std::int64_t> Count(ReadTx& tx) {
  Statement count = tx.Prepare("SELECT count(*) FROM node_state");
  EQN_TRY(const bool row, count.Step());
  return row ? count.Int(0) : -1;
}

TEST_F(DatabaseTest, KeepsWhatWasWrittenAcrossAReopen) {
  {
    auto db = *Open(TestKey());
    ASSERT_TRUE(db->Write("put", [](Tx& tx) { return Put(tx, "a", "1"); }).ok());
    EXPECT_EQ(*db->Read(Count), 1);
  }
  auto db = *Open(TestKey());
  EXPECT_EQ(*db->Read(Count), 1);
  EXPECT_TRUE(db->CheckIntegrity().ok());
}

TEST_F(DatabaseTest, AReadInsideAReadIsRefusedAndAReadAfterItIsNot) {
  auto db = *Open(TestKey());
  const auto outer = db->Read([&](ReadTx&) -> Status {
    const auto inner = db->Read(Count);
    EXPECT_EQ(inner.error().reason, "NESTED_READ");
    const auto write = db->Write("w", [](Tx&) { return Ok(); });
    EXPECT_EQ(write.error().reason, "NESTED_WRITE");
    return Ok();
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_TRUE(db->Read(Count).ok());
}

TEST_F(DatabaseTest, AReaderKeepsItsSnapshotAndCannotWrite) {
  auto db = *Open(TestKey());
  const auto read = db->Read([&](ReadTx& tx) -> Status {
    EXPECT_EQ(*Count(tx), 0);
    std::thread([&] {
      EXPECT_TRUE(db->Write("put", [](Tx& w) { return Put(w, "a", "1"); }).ok());
    }).join();
    EXPECT_EQ(*Count(tx), 0);
    EXPECT_FALSE(tx.Prepare("DELETE FROM node_state").Run().ok());
    return Ok();
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(*db->Read(Count), 1);
}

TEST_F(DatabaseTest, AStatementThatDoesNotCompileSaysSoWhenItRuns) {
  auto db = *Open(TestKey());
  const auto read = db->Read([](ReadTx& tx) { return tx.Prepare("SELEKT 1").Run(); });
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, ::testing::HasSubstr("syntax error"));
}

TEST_F(DatabaseTest, FilesAreForTheOwnerOnly) {
  auto db = *Open(TestKey());
  ASSERT_TRUE(db->Write("put", [](Tx& tx) { return Put(tx, "a", "1"); }).ok());
  struct stat found {};
  ASSERT_EQ(stat(db->folder().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(db->folder())) {
    ASSERT_EQ(stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << entry.path().filename();
  }
}

TEST_F(DatabaseTest, NothingIsInClearInAnyFile) {
  const std::string canary = "canary-plaintext-of-a-record";
  auto db = *Open(TestKey());
  ASSERT_TRUE(db->Write("put", [&](Tx& tx) { return Put(tx, "a", canary); }).ok());
  const auto search = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "data")) {
      EXPECT_EQ(Contents(entry.path()).find(canary), std::string::npos) << entry.path().filename();
      EXPECT_EQ(Contents(entry.path()).find("node_state"), std::string::npos);
    }
  };
  search();  // The WAL.
  ASSERT_TRUE(db->Checkpoint().ok());
  search();  // The database.
  EXPECT_EQ(std::filesystem::file_size(folder_.path() / "data" / "equinode.db-wal"), 0u);
}

// TF11: bad keys and bad files are refused at start, before any file is made.
TEST_F(DatabaseTest, TF11_RefusesAKeyOfAnotherLengthBeforeMakingAnything) {
  EXPECT_EQ(ReasonOfOpen(Secret()), "BAD_KEY");
  EXPECT_EQ(ReasonOfOpen(Secret(31)), "BAD_KEY");
  EXPECT_EQ(ReasonOfOpen(Secret(64)), "BAD_KEY");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "data"));
}

TEST_F(DatabaseTest, TF11_RefusesAWrongKeyAndLeavesTheFileAsItWas) {
  { auto db = *Open(TestKey(1)); }
  const std::string before = Contents(File());
  EXPECT_EQ(ReasonOfOpen(TestKey(2)), "WRONG_KEY");
  EXPECT_EQ(Contents(File()), before);
  EXPECT_EQ(ReasonOfOpen(TestKey(1)), "OK");
}

TEST_F(DatabaseTest, TF11_RefusesADatabaseInClear) {
  std::string page("SQLite format 3", 16);
  page.resize(4096, 'x');
  WriteFile(page);
  EXPECT_EQ(ReasonOfOpen(TestKey()), "DATABASE_IN_CLEAR");
  EXPECT_EQ(Contents(File()), page);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "data" / "lock"));
}

TEST_F(DatabaseTest, TF11_RefusesAFileThatIsNoDatabase) {
  for (const std::string& content : {std::string("hello"), std::string(4096, '\0'),
                                     std::string(8192, 'a'), std::string(5000, 'b')}) {
    WriteFile(content);
    EXPECT_EQ(ReasonOfOpen(TestKey()), "NOT_A_DATABASE") << content.size();
    EXPECT_EQ(Contents(File()), content);
  }
}

TEST_F(DatabaseTest, RefusesASecondOpenOfTheSameFolder) {
  auto db = *Open(TestKey());
  EXPECT_EQ(ReasonOfOpen(TestKey()), "FOLDER_IN_USE");
  const pid_t child = fork();
  if (child == 0) {
    const auto opened = Open(TestKey());
    _exit(!opened.ok() && opened.error().reason == "FOLDER_IN_USE" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  db.reset();
  EXPECT_EQ(ReasonOfOpen(TestKey()), "OK");
}

TEST_F(DatabaseTest, RefusesADatabaseOfANewerProgram) {
  {
    auto db = *Open(TestKey());
    ASSERT_TRUE(db->Write("future", [](Tx& tx) {
                    return tx
                        .Prepare("INSERT INTO schema_migrations VALUES(9999,'9999_x.sql',x'00',0)")
                        .Run();
                  }).ok());
  }
  const auto opened = Open(TestKey());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().reason, "NEWER_SCHEMA");
  EXPECT_THAT(opened.error().message, ::testing::HasSubstr("9999"));
}

TEST_F(DatabaseTest, TF14_AChangedPageIsNoticedAndNothingIsServedFromIt) {
  {
    auto db = *Open(TestKey());
    ASSERT_TRUE(db->Write("put", [](Tx& tx) -> Status {
                    for (int i = 0; i < 200; ++i) {
                      EQN_CHECK(Put(tx, "word" + std::to_string(i), std::string(500, 'v')));
                    }
                    return Ok();
                  }).ok());
  }
  const auto size = std::filesystem::file_size(File());
  std::fstream file(File(), std::ios::binary | std::ios::in | std::ios::out);
  for (std::uintmax_t page = 4; page < size / 4096; ++page) {
    file.seekp(static_cast<std::streamoff>(page * 4096 + 100));
    file.put('!');
  }
  file.close();
  const auto opened = Open(TestKey());
  if (!opened.ok()) {
    EXPECT_EQ(opened.error().reason, "DATABASE_DAMAGED");
    return;
  }
  const auto read = (*opened)->Read(
      [](ReadTx& tx) { return tx.Prepare("SELECT sum(length(value)) FROM node_state").Run(); });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().reason, "DATABASE_DAMAGED");
  EXPECT_EQ((*opened)->CheckIntegrity().error().reason, "DATABASE_DAMAGED");
}

}  // namespace
}  // namespace equinode::testing
