#include "server/audit/verify.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/audit/audit_log.h"
#include "server/audit/call_entry.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using testing::TempFolder;
using testing::TestKey;
using testing::TestStore;

class VerifyTest : public ::testing::Test {
 protected:
  void SetUp() override { Grow(12); }

  // The node runs for a while.
  void Grow(int entries) {
    auto log = AuditLog::Open(store_.db(), anchor_, store_.clock());
    ASSERT_TRUE(log.ok()) << log.error().message;
    for (int i = 0; i < entries; ++i) {
      TouchedIds ids;
      if (i % 2 == 0) ids.Add("record-" + std::to_string(i));
      ASSERT_TRUE((*log)->Append({.actor = "node", .action = "DO"}, ids).ok());
    }
    head_ = (*log)->head();
  }
  // Someone with the key changes the store behind the node's back.
  void Tamper(const std::vector<std::string>& statements) {
    const Status done = store_.db().Write("tamper", [&](Tx& tx) -> Status {
      for (const std::string& sql : statements) EQN_CHECK(tx.Prepare(sql).Run());
      return Ok();
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  std::string Verdict(std::vector<KnownHead> peers = {}) {
    store_.Close();
    const auto report = VerifyAudit(store_.folder(), TestKey(), anchor_, std::move(peers));
    if (!report.ok()) return report.error().reason;
    if (report->fault) {
      EXPECT_EQ(Describe(*report).find("first bad entry: " + std::to_string(report->fault->entry)),
                0u);
      return report->fault->reason + " " + std::to_string(report->fault->entry);
    }
    EXPECT_NE(Describe(*report).find("good: entries"), std::string::npos);
    return report->good() ? "good " + std::to_string(report->head.count) : "no anchor";
  }
  static void FlipByte(const fs::path& file, std::uintmax_t at) {
    std::fstream io(file, std::ios::in | std::ios::out | std::ios::binary);
    io.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(io.get());
    io.seekp(static_cast<std::streamoff>(at));
    io.put(static_cast<char>(was ^ 1));
  }
  static void CopyFolder(const fs::path& from, const fs::path& to) {
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from)) {
      fs::copy_file(entry.path(), to / entry.path().filename(),
                    fs::copy_options::overwrite_existing);
    }
  }

  TestStore store_{};
  TempFolder elsewhere_{};
  const fs::path anchor_ = elsewhere_.path() / "anchor";
  AuditHead head_{};
};

TEST_F(VerifyTest, AGoodLogIsGood) { EXPECT_EQ(Verdict(), "good 12"); }

// Whatever page of the file is damaged: a good log or the first entry that is not, never less.
TEST_F(VerifyTest, TF14_ADamagedPageIsToldWithTheFirstEntryThatCannotBeRead) {
  Grow(600);
  ASSERT_TRUE(store_.db().Checkpoint().ok());
  store_.Close();
  const fs::path file = store_.folder() / Database::kFileName;
  const std::uintmax_t pages = fs::file_size(file) / 4096;
  std::map<std::string, int> verdicts;
  for (std::uintmax_t page = 1; page < pages; ++page) {  // The first holds the schema.
    FlipByte(file, page * 4096 + 333);
    ::testing::internal::CaptureStderr();
    const auto report = VerifyAudit(store_.folder(), TestKey(), anchor_);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    FlipByte(file, page * 4096 + 333);
    if (!report.ok()) {  // A page that is read before the log is.
      EXPECT_EQ(report.error().code, Code::kDataLoss) << report.error().message;
      ++verdicts[report.error().reason];
    } else if (report->fault) {
      EXPECT_EQ(report->fault->reason, "DATABASE_DAMAGED");
      EXPECT_EQ(report->fault->entry, report->head.count + 1);
      EXPECT_LT(report->head.count, 612u);
      ++verdicts[report->head.count > 0 ? "some entries are good" : "none"];
    } else {
      ++verdicts["not of the log"];
    }
  }
  EXPECT_GT(verdicts["some entries are good"], 10) << pages << " pages";
  EXPECT_EQ(verdicts["STORE_ERROR"], 0);
}

TEST_F(VerifyTest, TL01_OneEntryChanged) {
  Tamper({"UPDATE audit_entry SET outcome='OK' WHERE number=5"});
  EXPECT_EQ(Verdict(), "AUDIT_ALTERED 5");
}

TEST_F(VerifyTest, TL01_OneEntryRemoved) {
  Tamper({"DELETE FROM audit_entry WHERE number=5", "DELETE FROM audit_touched WHERE number=5"});
  EXPECT_EQ(Verdict(), "AUDIT_GAP 5");
}

TEST_F(VerifyTest, TL01_OneEntryInserted) {
  Tamper({"UPDATE audit_touched SET number=-number WHERE number>=5",
          "UPDATE audit_touched SET number=1-number WHERE number<0",
          "UPDATE audit_entry SET number=-number WHERE number>=5",
          "UPDATE audit_entry SET number=1-number WHERE number<0",
          "INSERT INTO audit_entry SELECT 5, at, actor, origin, action, subject, purpose, outcome, "
          "disclosure, touched, touched_digest, hash FROM audit_entry WHERE number=4"});
  EXPECT_EQ(Verdict(), "AUDIT_ALTERED 5");
}

TEST_F(VerifyTest, TL01_TwoEntriesSwapped) {
  Tamper({"UPDATE audit_touched SET number=-number WHERE number IN (5,6)",
          "UPDATE audit_touched SET number=11+number WHERE number<0",
          "UPDATE audit_entry SET number=-number WHERE number IN (5,6)",
          "UPDATE audit_entry SET number=11+number WHERE number<0"});
  EXPECT_EQ(Verdict(), "AUDIT_ALTERED 5");
}

TEST_F(VerifyTest, TL01_TheLastOnesCut) {
  Tamper({"DELETE FROM audit_entry WHERE number>9"});
  EXPECT_EQ(Verdict(), "AUDIT_CUT 10");
}

TEST_F(VerifyTest, TL01_TheIdsBesideAnEntryChanged) {
  Tamper({"UPDATE audit_touched SET ids=x'0000000158' WHERE number=3"});
  EXPECT_EQ(Verdict(), "AUDIT_TOUCHED 3");
}

TEST_F(VerifyTest, TL01_AllReplacedByAValidOlderCopy) {
  store_.Close();
  const fs::path older = elsewhere_.path() / "older";
  CopyFolder(store_.folder(), older);
  store_.Reopen();
  Grow(4);
  store_.Close();
  CopyFolder(older, store_.folder());
  EXPECT_EQ(Verdict(), "AUDIT_CUT 13");
}

TEST_F(VerifyTest, TL01_LogAndAnchorRolledBackTogetherIsFoundByAPeersHead) {
  store_.Close();
  const fs::path older = elsewhere_.path() / "older";
  CopyFolder(store_.folder(), older);
  fs::copy_file(anchor_, older / "anchor");
  store_.Reopen();
  Grow(4);
  const AuditHead told = head_;
  store_.Close();
  CopyFolder(older, store_.folder());
  fs::copy_file(older / "anchor", anchor_, fs::copy_options::overwrite_existing);
  EXPECT_EQ(Verdict(), "good 12") << "nothing on this machine can tell";
  EXPECT_EQ(Verdict({{"spiffe://n/payer/p", told}}), "AUDIT_CUT 13");
  // And when the node has gone on since, with other entries.
  store_.Reopen();
  store_.clock().Advance(std::chrono::hours{1});
  Grow(8);
  EXPECT_EQ(Verdict({{"spiffe://n/payer/p", told}}).substr(0, 14), "AUDIT_REPLACED");
}

TEST_F(VerifyTest, TL07_WritesNothingAndNeedsNoNode) {
  store_.Close();
  std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> before;
  const auto list = [&] {
    std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> files;
    for (const auto& entry : fs::directory_iterator(store_.folder())) {
      files[entry.path().filename()] = {entry.file_size(), entry.last_write_time()};
    }
    return files;
  };
  before = list();
  EXPECT_EQ(Verdict(), "good 12");
  EXPECT_EQ(list(), before);
}

TEST_F(VerifyTest, ReadsWhatIsInTheWriteAheadLogOfANodeThatWasKilled) {
  // The store is open, nothing was brought over; copy it as a kill would leave it.
  TempFolder killed;
  CopyFolder(store_.folder(), killed.path());
  ASSERT_GT(fs::file_size(killed.path() / "equinode.db-wal"), 0u);
  const auto report = VerifyAudit(killed.path(), TestKey(), anchor_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_TRUE(report->good());
  EXPECT_EQ(report->head.count, 12u);
}

TEST_F(VerifyTest, SaysWhatItCannotRead) {
  store_.Close();
  EXPECT_EQ(VerifyAudit(elsewhere_.path(), TestKey(), anchor_).error().reason, "NO_DATABASE");
  EXPECT_EQ(VerifyAudit(store_.folder(), TestKey(8), anchor_).error().reason, "WRONG_KEY");
  const auto lost = VerifyAudit(store_.folder(), TestKey(), elsewhere_.path() / "no-anchor");
  ASSERT_TRUE(lost.ok());
  EXPECT_FALSE(lost->good());
  EXPECT_NE(Describe(*lost).find("no anchor"), std::string::npos);
}

}  // namespace
}  // namespace equinode
