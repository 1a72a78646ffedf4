#include "storage/audit_store.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_store.h"

namespace equinode {
namespace {

using exchange::AuditPoint;
using exchange::Lane;
using testing::TestStore;

class AuditStoreTest : public ::testing::Test {
 protected:
  // Appends `count` entries to a chain that begins empty.
  void Fill(std::uint64_t count) {
    const Status done = store_.db().Write("fill", [&](Tx& tx) -> Status {
      AuditHead head;
      for (std::uint64_t number = 1; number <= count; ++number) {
        AuditEntry entry{.number = number, .at = store_.clock().Now(), .actor = "node"};
        entry.action = "ACTION";
        entry.disclosure = number % 2 == 0;
        TouchedIds ids;
        if (entry.disclosure) ids.Add("r" + std::to_string(number));
        entry.touched = ids.count();
        entry.touched_digest = ids.digest();
        head = {number, NextAuditHash(head.hash, entry)};
        EQN_CHECK(AuditStore::Append(tx, entry, head.hash, ids));
      }
      head_ = head;
      return Ok();
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  PeerHeadNews Note(std::uint64_t count, std::uint8_t hash, Lane lane = Lane::kRecord) {
    AuditPoint point{.count = count};
    point.hash.fill(hash);
    const auto news = store_.db().Write("note", [&](Tx& tx) {
      return AuditStore::NotePeerHead(tx, "spiffe://n/practice/a", lane, point,
                                      store_.clock().Now());
    });
    EXPECT_TRUE(news.ok());
    return *news;
  }

  TestStore store_{};
  AuditHead head_{};
};

TEST_F(AuditStoreTest, EntriesComeBackAsTheyWere) {
  Fill(7);
  const auto all = store_.db().Read(
      [](ReadTx& tx) { return AuditStore::List(tx, 0, 100, false, /*with_touched=*/true); });
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 7u);
  std::size_t at = 0;
  const auto verdict = VerifyChain(
      [&]() -> Result<std::optional<StoredAuditEntry>> {
        if (at == all->size()) return std::optional<StoredAuditEntry>();
        return std::optional<StoredAuditEntry>((*all)[at++]);
      },
      {{"test", head_}});
  ASSERT_TRUE(verdict.ok());
  EXPECT_FALSE(verdict->fault.has_value());
  EXPECT_EQ(verdict->head, head_);
  const auto head = store_.db().Read([](ReadTx& tx) { return AuditStore::Head(tx); });
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(*head, head_);
}

TEST_F(AuditStoreTest, DisclosuresAlonePageByPage) {
  Fill(9);
  std::vector<std::uint64_t> seen;
  std::uint64_t after = 0;
  for (;;) {
    const auto page =
        store_.db().Read([&](ReadTx& tx) { return AuditStore::List(tx, after, 3, true); });
    ASSERT_TRUE(page.ok());
    if (page->empty()) break;
    for (const auto& stored : *page) seen.push_back(stored.entry.number);
    after = seen.back();
  }
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{2, 4, 6, 8}));
}

TEST_F(AuditStoreTest, ANumberIsTakenOnce) {
  Fill(2);
  AuditEntry again{.number = 2};
  const Status done = store_.db().Write(
      "again", [&](Tx& tx) { return AuditStore::Append(tx, again, Digest{}, TouchedIds()); });
  EXPECT_FALSE(done.ok());
}

TEST_F(AuditStoreTest, R10_APeersLogThatGoesBackOrDiffersIsNews) {
  EXPECT_EQ(Note(10, 1), PeerHeadNews::kFirst);
  EXPECT_EQ(Note(10, 1), PeerHeadNews::kSame);
  EXPECT_EQ(Note(12, 2), PeerHeadNews::kForward);
  EXPECT_EQ(Note(11, 9, Lane::kControl), PeerHeadNews::kFirst) << "lanes overtake each other";
  EXPECT_EQ(Note(12, 2, Lane::kControl), PeerHeadNews::kForward);
  EXPECT_EQ(Note(12, 3, Lane::kControl), PeerHeadNews::kDiffers);
  EXPECT_EQ(Note(5, 4), PeerHeadNews::kBack);
  EXPECT_EQ(Note(6, 4), PeerHeadNews::kForward) << "told once";
  const auto head = store_.db().Read(
      [](ReadTx& tx) { return AuditStore::FindPeerHead(tx, "spiffe://n/practice/a"); });
  ASSERT_TRUE(head.ok());
  ASSERT_TRUE(head->has_value());
  EXPECT_EQ((*head)->faults, 2u);
  EXPECT_EQ((*head)->head.count, 12u);
  const auto none =
      store_.db().Read([](ReadTx& tx) { return AuditStore::FindPeerHead(tx, "other"); });
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
}

}  // namespace
}  // namespace equinode
