// A process that writes records is killed at any moment: what it was told to be durable is there,
// whole transactions only, and counts and index are those of the store.
#include <gtest/gtest.h>
#include <signal.h>  // NOLINT: kill
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/server/records/keeper_node.h"

namespace equinode {
namespace {

using testing::KeeperNode;
using testing::kPayer;
using testing::kSelf;

struct Opened {
  explicit Opened(const std::filesystem::path& folder) {
    auto opened = Database::Open(folder, testing::TestKey(), clock);
    if (!opened.ok()) return;
    db = *std::move(opened);
    keeper = std::make_unique<RecordKeeper>(*db, clock, log, random, kSelf, testing::ReadTextFacts);
    if (!keeper->Load(nullptr).ok()) keeper.reset();
  }
  SystemClock clock{};
  SystemRandom random{};
  Log log{-1, clock};
  std::unique_ptr<Database> db{};
  std::unique_ptr<RecordKeeper> keeper{};
};

// One transaction: person `n`, its coverage and result; every third changes the one before.
Status PutOne(Opened& node, int n) {
  const std::string id = std::to_string(n);
  std::vector<std::shared_ptr<const PreparedRecord>> records;
  const auto add = [&](RecordKind kind, const std::string& name, const std::string& about,
                       const std::string& body) -> Status {
    EQN_TRY(auto record, node.keeper->Prepare(KeeperNode::View(kind, name, about, body)));
    records.push_back(std::move(record));
    return Ok();
  };
  EQN_CHECK(add(RecordKind::kPerson, id, "", "race 1"));
  EQN_CHECK(add(RecordKind::kCoverage, id, id, "covered " + kPayer + " x"));
  EQN_CHECK(add(RecordKind::kMeasureResult, id, id, "measure M 1 1"));
  if (n % 3 == 0 && n > 0) {
    EQN_CHECK(add(RecordKind::kPerson, std::to_string(n - 1), "", "race 2"));
  }
  return node.db->Write("one", [&](Tx& tx) -> Status {
    for (const auto& record : records) EQN_CHECK(node.keeper->Put(tx, record));
    return Ok();
  });
}

[[noreturn]] void Child(const std::filesystem::path& folder, int first, int acks) {
  Opened node(folder);
  if (!node.keeper) _exit(3);
  for (int n = first;; ++n) {
    if (!PutOne(node, n).ok()) _exit(4);
    if (write(acks, &n, sizeof(n)) != sizeof(n)) _exit(5);
    if (n % 40 == 39 && !node.keeper->Snapshot().ok()) _exit(6);
  }
}

TEST(RecordKill, NoAcknowledgedRecordIsLostAndNoneIsThereTwice) {
  testing::TempFolder folder;
  SeededRandom random(11);
  int next = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(pipe_ends[0]);
      Child(folder.path(), next, pipe_ends[1]);
    }
    close(pipe_ends[1]);
    // From the first answer on, so that a slow machine tests it too.
    int acknowledged = next - 1;
    ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof(acknowledged)),
              static_cast<ssize_t>(sizeof(acknowledged)));
    std::this_thread::sleep_for(std::chrono::microseconds(random.Below(60'000)));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exit " << WEXITSTATUS(status);
    while (read(pipe_ends[0], &acknowledged, sizeof(acknowledged)) > 0) {
    }
    close(pipe_ends[0]);

    Opened node(folder.path());
    ASSERT_NE(node.keeper, nullptr);
    ASSERT_TRUE(node.db->CheckIntegrity().ok());
    // Those of the last answer, and perhaps one more whose answer the kill cut off.
    int people = 0;
    while (node.keeper->Find(RecordKind::kPerson, std::to_string(people))->has_value()) ++people;
    ASSERT_GT(people, acknowledged);
    ASSERT_LE(people, acknowledged + 2);
    const Population& counts = **node.keeper->population();
    EXPECT_EQ(counts.Memory().people, static_cast<std::size_t>(people));
    const CountScope scope{.payer = kPayer,
                           .day = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31},
                           .measure_period = "2025"};
    const auto table = counts.OneWay({scope, Stratifier::kRaceOmb1997, {"M"}});
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(table->front().total.numerator, static_cast<std::uint64_t>(people));
    const auto rows = node.db->Read([](ReadTx& tx) { return RecordStore::LastRow(tx); });
    EXPECT_EQ(*rows, 3 * people + (people - 1) / 3);
    const Digest index = node.keeper->IndexDigest();
    ASSERT_TRUE(
        node.db->Write("forget", [](Tx& tx) { return tx.Prepare("DELETE FROM snapshot").Run(); })
            .ok());
    RecordKeeper rebuilt(*node.db, node.clock, node.log, node.random, kSelf,
                         testing::ReadTextFacts);
    ASSERT_TRUE(rebuilt.Load(nullptr).ok());
    EXPECT_EQ(rebuilt.IndexDigest(), index);
    next = people;
  }
  EXPECT_GT(next, 12);
}

}  // namespace
}  // namespace equinode
