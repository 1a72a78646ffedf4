#include "server/audit/audit_log.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/audit/anchor.h"
#include "server/audit/call_entry.h"
#include "storage/audit_store.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

using testing::FaultyVfs;
using testing::TempFolder;
using testing::TestStore;

AuditEntry Entry(std::string action) {
  return {.actor = "node", .action = std::move(action), .outcome = "OK"};
}

Error Refusal() { return {Code::kNotFound, "NO_SUCH_THING", "no such thing"}; }

class AuditLogTest : public ::testing::Test {
 protected:
  std::unique_ptr<AuditLog> Open() {
    auto log = AuditLog::Open(store_.db(), anchor_, store_.clock());
    EXPECT_TRUE(log.ok()) << log.error().message;
    return log.ok() ? *std::move(log) : nullptr;
  }
  std::string WhyNot() {
    const auto log = AuditLog::Open(store_.db(), anchor_, store_.clock());
    return log.ok() ? "OK" : log.error().reason;
  }
  AuditHead Stored() {
    return *store_.db().Read([](ReadTx& tx) { return AuditStore::Head(tx); });
  }
  void Exec(const std::string& sql) {
    const Status done = store_.db().Write("tamper", [&](Tx& tx) { return tx.Prepare(sql).Run(); });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  TestStore store_{};
  TempFolder elsewhere_{};
  const std::filesystem::path anchor_ = elsewhere_.path() / "kept" / "anchor";
};

TEST_F(AuditLogTest, TheAnchorFollowsEveryCommit) {
  const auto log = Open();
  for (int i = 1; i <= 5; ++i) {
    const auto head = log->Append(Entry("DO"));
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head->count, static_cast<std::uint64_t>(i));
    EXPECT_EQ(AnchorFile::Read(anchor_)->value(), *head);
    EXPECT_EQ(log->head(), *head);
    EXPECT_EQ(Stored(), *head);
  }
  struct stat info {};
  ASSERT_EQ(stat(anchor_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(AuditLogTest, GoesOnWhereItWas) {
  (void)Open()->Append(Entry("ONE"));
  store_.Reopen();
  const auto log = Open();
  EXPECT_EQ(log->head().count, 1u);
  EXPECT_EQ(log->Append(Entry("TWO"))->count, 2u);
}

TEST_F(AuditLogTest, AnUndoneBodyLeavesNoEntryAndNoGap) {
  const auto log = Open();
  const Status done = store_.db().Write("refused", [&](Tx& tx) -> Status {
    EQN_CHECK(log->Append(tx, Entry("ONE")));
    EQN_CHECK(log->Append(tx, Entry("TWO")));
    return Refusal();
  });
  EXPECT_EQ(done.error().reason, "NO_SUCH_THING");
  EXPECT_EQ(log->head().count, 0u);
  EXPECT_EQ(log->Append(Entry("THREE"))->count, 1u);
  EXPECT_EQ(WhyNot(), "OK");
}

TEST_F(AuditLogTest, ManyCallersOneChain) {
  const auto log = Open();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 25; ++i) {
        if ((caller + i) % 5 == 0) {
          (void)store_.db().Write("refused", [&](Tx& tx) -> Status {
            EQN_CHECK(log->Append(tx, Entry("NEVER")));
            return Refusal();
          });
        } else {
          EXPECT_TRUE(log->Append(Entry("DO")).ok());
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(log->head().count, 160u);
  EXPECT_EQ(AnchorFile::Read(anchor_)->value(), log->head());
  // From the beginning: as a start without an anchor's help would check it.
  std::filesystem::remove(anchor_);
  EXPECT_EQ(WhyNot(), "AUDIT_ANCHOR_MISSING");
  EXPECT_TRUE(AcceptAudit(store_.db(), anchor_, store_.clock()).ok());
}

TEST_F(AuditLogTest, AStoreAheadOfItsAnchorIsWhatAKillLeaves) {
  {
    const auto log = Open();
    (void)log->Append(Entry("ONE"));
    std::filesystem::copy_file(anchor_, elsewhere_.path() / "older");
    for (int i = 0; i < 3; ++i) (void)log->Append(Entry("MORE"));
  }
  std::filesystem::copy_file(elsewhere_.path() / "older", anchor_,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(Open()->head().count, 4u);
  EXPECT_EQ(AnchorFile::Read(anchor_)->value().count, 4u) << "brought up at once";
}

TEST_F(AuditLogTest, TL01_ACutStoreIsRefusedAtStart) {
  {
    const auto log = Open();
    for (int i = 0; i < 3; ++i) (void)log->Append(Entry("DO"));
  }
  Exec("DELETE FROM audit_entry WHERE number=3");
  EXPECT_EQ(WhyNot(), "AUDIT_CUT");
}

TEST_F(AuditLogTest, TL01_AnotherHistoryIsRefusedAtStart) {
  {
    const auto log = Open();
    for (int i = 0; i < 3; ++i) (void)log->Append(Entry("DO"));
  }
  Exec("UPDATE audit_entry SET hash=zeroblob(32) WHERE number=3");
  EXPECT_EQ(WhyNot(), "AUDIT_ALTERED");
}

TEST_F(AuditLogTest, TL01_EntriesAfterTheAnchorMustFollow) {
  {
    const auto log = Open();
    (void)log->Append(Entry("ONE"));
    std::filesystem::copy_file(anchor_, elsewhere_.path() / "older");
    for (int i = 0; i < 3; ++i) (void)log->Append(Entry("MORE"));
  }
  std::filesystem::copy_file(elsewhere_.path() / "older", anchor_,
                             std::filesystem::copy_options::overwrite_existing);
  Exec("UPDATE audit_entry SET outcome='OTHER' WHERE number=3");
  EXPECT_EQ(WhyNot(), "AUDIT_ALTERED");
}

TEST_F(AuditLogTest, ADamagedAnchorIsRefusedUntilAccepted) {
  (void)Open()->Append(Entry("ONE"));
  std::ofstream(anchor_, std::ios::trunc) << "nothing";
  EXPECT_EQ(WhyNot(), "AUDIT_ANCHOR_DAMAGED");
  ASSERT_TRUE(AcceptAudit(store_.db(), anchor_, store_.clock()).ok());
  EXPECT_EQ(Open()->head().count, 2u);
  const auto entries = store_.db().Read(
      [](ReadTx& tx) { return AuditStore::List(tx, 1, 10, /*disclosures_only=*/false); });
  EXPECT_EQ(entries->front().entry.action, "AUDIT_ACCEPTED");
}

TEST_F(AuditLogTest, ABadChainIsNotAccepted) {
  {
    const auto log = Open();
    for (int i = 0; i < 3; ++i) (void)log->Append(Entry("DO"));
  }
  Exec("UPDATE audit_entry SET outcome='OTHER' WHERE number=2");
  EXPECT_EQ(AcceptAudit(store_.db(), anchor_, store_.clock()).error().reason, "AUDIT_ALTERED");
}

// One torn line, as a power cut in a write would leave it: the other still stands.
TEST_F(AuditLogTest, ATornAnchorLineLeavesTheOther) {
  {
    const auto log = Open();
    for (int i = 0; i < 4; ++i) (void)log->Append(Entry("DO"));
  }
  for (const int line : {0, 1}) {
    const auto copy = elsewhere_.path() / "torn";
    std::filesystem::copy_file(anchor_, copy, std::filesystem::copy_options::overwrite_existing);
    std::fstream(copy, std::ios::in | std::ios::out).seekp(line * 512 + 30).write("#####", 5);
    const auto head = AnchorFile::Read(copy);
    ASSERT_TRUE(head.ok());
    EXPECT_GE((*head)->count, 3u);
  }
}

TEST_F(AuditLogTest, TL05_TextFromTheNetworkIsEscapedAndCut) {
  const auto log = Open();
  AuditEntry entry = Entry("/x\n\x1b[31m");
  entry.from = std::string(1'000'000, 'a');
  ASSERT_TRUE(log->Append(entry).ok());
  const auto stored = store_.db().Read(
      [](ReadTx& tx) { return AuditStore::List(tx, 0, 10, /*disclosures_only=*/false); });
  EXPECT_EQ(stored->front().entry.action, "/x\\x0a\\x1b[31m");
  EXPECT_EQ(stored->front().entry.from.size(), 256u);
}

TEST_F(AuditLogTest, AChangeAndItsEntryAreThereTogetherOrNotAtAll) {
  const auto log = Open();
  Call call;
  call.caller.identity.uri = "spiffe://n/practice/a/operator/ann";
  call.method = "/equinode.v1.AdminService/AddPeer";
  const auto put = [&](bool fail) {
    return WriteAudited(store_.db(), *log, "put", call, [&](Tx& tx) -> Status {
      call.audit.subject = "peer";
      call.audit.touched.Add("id");
      EQN_CHECK(tx.Prepare("INSERT INTO node_state(word, value) VALUES('w', x'00')").Run());
      return fail ? Status(Refusal()) : Ok();
    });
  };
  EXPECT_FALSE(put(true).ok());
  EXPECT_FALSE(call.audit.recorded);
  EXPECT_EQ(log->head().count, 0u);
  call.audit.touched = {};
  EXPECT_TRUE(put(false).ok());
  EXPECT_TRUE(call.audit.recorded);
  const auto stored = store_.db().Read([](ReadTx& tx) {
    return AuditStore::List(tx, 0, 10, /*disclosures_only=*/false, /*with_touched=*/true);
  });
  ASSERT_EQ(stored->size(), 1u);
  EXPECT_EQ(stored->front().entry.actor, call.caller.identity.uri);
  EXPECT_EQ(stored->front().entry.subject, "peer");
  EXPECT_EQ(*TouchedFrom(stored->front().touched), std::vector<std::string>{"id"});
}

// The log on a disk that fails: the call that needs the entry fails, whatever fails.
TEST(AuditLogFaults, TL03_WithoutItsEntryNothingIsAnswered) {
  FaultyVfs vfs("tl03");
  TestStore store({.vfs = vfs.name()});
  TempFolder elsewhere;
  auto log = AuditLog::Open(store.db(), elsewhere.path() / "anchor", store.clock());
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->Append(Entry("ONE")).ok());
  vfs.Full(true);
  const auto refused = (*log)->Append(Entry("TWO"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ((*log)->head().count, 1u);
  vfs.Full(false);
  const auto again = (*log)->Append(Entry("TWO"));
  ASSERT_TRUE(again.ok()) << again.error().reason;
  EXPECT_EQ(again->count, 2u);
  vfs.FailSync(1);
  EXPECT_FALSE((*log)->Append(Entry("THREE")).ok());
  EXPECT_FALSE((*log)->Append(Entry("FOUR")).ok()) << "after a failed sync nothing is certain";
  EXPECT_EQ((*log)->head().count, 2u);
}

// Every write to a file fails while it lives, as on a full disk, for root too.
class NoMoreWrites {
 public:
  NoMoreWrites() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoMoreWrites() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(AuditLogFaults, TL03_WithoutItsAnchorNothingFurtherIsAnswered) {
  TestStore store;
  TempFolder elsewhere;
  auto log = *AuditLog::Open(store.db(), elsewhere.path() / "anchor", store.clock());
  std::optional<NoMoreWrites> full;
  const Status first = store.db().Write("first", [&](Tx& tx) -> Status {
    tx.OnCommit([&] { full.emplace(); });  // The store was synced, the anchor was not written yet.
    EQN_CHECK(log->Append(tx, Entry("ONE")));
    return Ok();
  });
  const Status unwell = log->health();
  const auto second = log->Append(Entry("TWO"));
  full.reset();
  EXPECT_TRUE(first.ok()) << "durable: the anchor is behind, as after a kill";
  EXPECT_EQ(unwell.error().reason, "AUDIT_ANCHOR_FAILED");
  EXPECT_EQ(second.error().reason, "AUDIT_ANCHOR_FAILED");
  const auto third = log->Append(Entry("THREE"));
  ASSERT_TRUE(third.ok()) << "there is room again";
  EXPECT_EQ(third->count, 2u);
  EXPECT_TRUE(log->health().ok());
}

}  // namespace
}  // namespace equinode
