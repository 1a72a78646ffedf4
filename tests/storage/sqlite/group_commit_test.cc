#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "storage/sqlite/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/test_store.h"

namespace equinode::testing {
namespace {

Status Put(Tx& tx, const std::string& word) {
  return tx.Prepare("INSERT INTO node_state VALUES(?,x'')").Bind(1, word).Run();
}

Result<std::int64_t> CountWords(ReadTx& tx) {
  Statement count = tx.Prepare("SELECT count(*) FROM node_state");
  EQN_TRY(const bool row, count.Step());
  return row ? count.Int(0) : -1;
}

// Holds the writer inside a body until released, so that the bodies given meanwhile form one group.
class Gate {
 public:
  explicit Gate(Database& db)
      : holder_([this, &db] {
          (void)db.Write("hold", [this](Tx&) -> Status {
            entered_.count_down();
            release_.wait();
            return Error{Code::kAborted, "HELD", "only held the writer"};
          });
        }) {
    entered_.wait();
  }
  ~Gate() {
    Open();
    holder_.join();
  }
  void Open() {
    if (!opened_.exchange(true)) release_.count_down();
  }

 private:
  std::latch entered_{1};
  std::latch release_{1};
  std::atomic<bool> opened_{false};
  std::thread holder_;
};

class GroupCommitTest : public ::testing::Test {
 protected:
  GroupCommitTest() : store_({.vfs = vfs_.name()}) {}
  Database& db() { return store_.db(); }

  FaultyVfs vfs_{"faulty-group"};
  TestStore store_;
};

TEST_F(GroupCommitTest, OneCallerWithManyWritesUnderWaySharesSyncsToo) {
  const std::int64_t before = vfs_.syncs();
  std::latch all(33);
  std::vector<int> order;  // Writer thread only, until `all` is down.
  {
    Gate gate(db());
    for (int i = 0; i < 32; ++i) {
      db().Submit(
          "put", [i](Tx& tx) { return Put(tx, std::to_string(i)); },
          [&, i](Status done) {
            if (done.ok() && vfs_.syncs() > before) order.push_back(i);
            all.count_down();
          });
    }
    db().Submit(
        "again", [](Tx& tx) { return Put(tx, "3"); },
        [&](Status done) {
          if (!done.ok()) order.push_back(-1);
          all.count_down();
        });
    gate.Open();
  }
  all.wait();
  ASSERT_EQ(order.size(), 33u);
  for (int i = 0; i < 32; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(order.back(), -1) << "the error of one undoes that one only";
  EXPECT_LE(vfs_.syncs() - before, 2);
  EXPECT_EQ(*db().Read(CountWords), 32);
}

TEST_F(GroupCommitTest, BodiesThatWaitTogetherShareOneSync) {
  const std::int64_t before = vfs_.syncs();
  std::vector<std::thread> callers;
  std::atomic<int> good{0};
  {
    Gate gate(db());
    for (int i = 0; i < 32; ++i) {
      callers.emplace_back([&, i] {
        good += db().Write("put", [&](Tx& tx) { return Put(tx, std::to_string(i)); }).ok();
      });
    }
    while (db().write_queue() < 32) std::this_thread::yield();
    gate.Open();
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(good, 32);
  EXPECT_LE(vfs_.syncs() - before, 2);  // The log's header, and the group.
  EXPECT_EQ(*db().Read(CountWords), 32);
}

TEST_F(GroupCommitTest, AnErrorUndoesItsOwnBodyOnly) {
  std::vector<std::thread> callers;
  std::atomic<int> undone{0};
  {
    Gate gate(db());
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&, i] {
        const auto done = db().Write("put", [&](Tx& tx) -> Status {
          tx.OnUndo([&] { ++undone; });
          EQN_CHECK(Put(tx, std::to_string(i)));
          if (i % 2 == 1) return Error{Code::kInvalidArgument, "ODD", "odd"};
          return Ok();
        });
        EXPECT_EQ(done.ok(), i % 2 == 0);
      });
    }
    while (db().write_queue() < 8) std::this_thread::yield();
    gate.Open();
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(*db().Read(CountWords), 4);
  EXPECT_EQ(undone, 4);
}

TEST_F(GroupCommitTest, HooksRunAfterTheSyncInOrderAndBeforeTheAnswer) {
  std::vector<std::string> seen;
  const auto done = db().Write("put", [&](Tx& tx) -> Status {
    tx.OnGroupCommit(this, [&] { seen.push_back("group"); });
    tx.OnGroupCommit(this, [&] { seen.push_back("never: the same owner"); });
    tx.OnCommit([&, syncs = vfs_.syncs()] {
      seen.push_back(vfs_.syncs() > syncs ? "first, synced" : "first, not synced");
      EXPECT_EQ(*db().Read(CountWords), 1);  // A hook may read what it tells of.
      EXPECT_EQ(db().Write("w", [](Tx&) { return Ok(); }).error().reason, "NESTED_WRITE");
    });
    tx.OnCommit([&] { seen.push_back("second"); });
    tx.BeforeEnd([&]() -> Status {
      seen.push_back("before end");
      return Put(tx, "a");
    });
    return Ok();
  });
  ASSERT_TRUE(done.ok());
  EXPECT_THAT(seen, ::testing::ElementsAre("before end", "first, synced", "second", "group"));
}

TEST_F(GroupCommitTest, AWriteInsideAWriteIsAnErrorAndNotADeadlock) {
  const auto done = db().Write(
      "outer", [&](Tx&) -> Status { return db().Write("inner", [](Tx&) { return Ok(); }); });
  EXPECT_EQ(done.error().reason, "NESTED_WRITE");
}

TEST_F(GroupCommitTest, ABodyThatThrowsIsUndone) {
  const auto done = db().Write("throw", [&](Tx& tx) -> Status {
    EQN_CHECK(Put(tx, "a"));
    throw std::bad_alloc();
  });
  EXPECT_EQ(done.error().reason, "WRITE_THREW");
  EXPECT_EQ(*db().Read(CountWords), 0);
}

TEST_F(GroupCommitTest, TF03_AfterAFailedSyncNothingIsAcknowledgedUntilReopened) {
  ASSERT_TRUE(db().Write("put", [](Tx& tx) { return Put(tx, "a"); }).ok());
  int undone = 0;
  bool hook = false;
  vfs_.FailSync(1);
  const auto failed = db().Write("put", [&](Tx& tx) -> Status {
    tx.OnUndo([&] { ++undone; });
    tx.OnCommit([&] { hook = true; });
    return Put(tx, "b");
  });
  EXPECT_EQ(failed.error().reason, "DISK_ERROR");
  EXPECT_EQ(undone, 1);
  EXPECT_FALSE(hook);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(db().Write("put", [](Tx& tx) { return Put(tx, "c"); }).error().reason,
              "STORE_FAILED");
  }
  EXPECT_EQ(*db().Read(CountWords), 1);  // Reading goes on.
  store_.Reopen();
  EXPECT_GE(*db().Read(CountWords), 1);
  EXPECT_TRUE(db().Write("put", [](Tx& tx) { return Put(tx, "d"); }).ok());
  EXPECT_TRUE(db().CheckIntegrity().ok());
}

TEST_F(GroupCommitTest, AFullDiskRefusesWritesUntilThereIsSpace) {
  ASSERT_TRUE(db().Write("put", [](Tx& tx) { return Put(tx, "a"); }).ok());
  vfs_.Full(true);
  const auto full = db().Write("put", [](Tx& tx) { return Put(tx, "b"); });
  EXPECT_EQ(full.error().reason, "DISK_FULL");
  EXPECT_EQ(*db().Read(CountWords), 1);
  vfs_.Full(false);
  EXPECT_TRUE(db().Write("put", [](Tx& tx) { return Put(tx, "b"); }).ok());
  EXPECT_EQ(*db().Read(CountWords), 2);
}

TEST_F(GroupCommitTest, ReadersAndWritersDoNotWaitForEachOther) {
  std::vector<std::thread> threads;
  std::atomic<int> bad{0};
  for (int w = 0; w < 4; ++w) {
    threads.emplace_back([&, w] {
      for (int i = 0; i < 50; ++i) {
        const std::string word = std::to_string(w) + "/" + std::to_string(i);
        bad += !db().Write("put", [&](Tx& tx) { return Put(tx, word); }).ok();
      }
    });
    threads.emplace_back([&] {
      std::int64_t last = 0;
      for (int i = 0; i < 50; ++i) {
        const auto count = db().Read(CountWords);
        if (!count.ok() || *count < last) ++bad;
        if (count.ok()) last = *count;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(*db().Read(CountWords), 200);
}

}  // namespace
}  // namespace equinode::testing
