// A renewal is told to the peers by the old certificate, before the new one is used.
#include "server/node/announcement.h"

#include <gtest/gtest.h>

#include "client/convert/envelope.h"
#include "storage/audit_store.h"
#include "storage/outbox_store.h"
#include "tests/server/access/network.h"

namespace equinode {
namespace {

using exchange::Lane;
using testing::TestCert;

class AnnouncementTest : public ::testing::Test {
 protected:
  AnnouncementTest() {
    for (const TestCert* peer : {&practice_, &qhio_}) {
      EXPECT_TRUE(node_.Enrol(peer->certificate()).ok());
    }
  }
  KeyRing Next() const { return *testing::RingOf(node_.pki, next_); }
  std::vector<QueuedPayload> Waiting(std::string_view uri) {
    return *node_.store.db().Read(
        [&](ReadTx& tx) { return OutboxStore::Waiting(tx, uri, Lane::kControl, 10); });
  }
  void Delivered(std::string_view uri) {
    for (const QueuedPayload& queued : Waiting(uri)) {
      ASSERT_TRUE(node_.store.db()
                      .Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, queued.row); })
                      .ok());
    }
  }
  std::size_t Announced() {
    const auto entries = *node_.store.db().Read(
        [](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, /*disclosures_only=*/false); });
    std::size_t count = 0;
    for (const StoredAuditEntry& stored : entries) {
      count += stored.entry.action == "KEYS_ANNOUNCED" ? 1 : 0;
    }
    return count;
  }

  testing::TestNode node_{"payer", "p"};
  const TestCert practice_ = node_.pki.Node("practice", "a");
  const TestCert qhio_ = node_.pki.Node("qhio", "q");
  const std::string practice_uri_ = node_.pki.Uri("practice", "a");
  const std::string qhio_uri_ = node_.pki.Uri("qhio", "q");
  const TestCert next_ = node_.pki.Node("payer", "p");
  Log log_{-1, node_.store.clock()};
  int queued_ = 0;
  Announcement announcement_{
      node_.store.db(),    *node_.audit, *node_.enrolment,          node_.keys,
      node_.store.clock(), log_,         [this](Tx&) { ++queued_; }};
};

TEST_F(AnnouncementTest, EveryPeerIsToldOnceAndTheNewPairWaitsForTheirReceipts) {
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  EXPECT_EQ(queued_, 1);
  EXPECT_EQ(Announced(), 1u);
  for (const std::string& uri : {practice_uri_, qhio_uri_}) {
    const auto waiting = Waiting(uri);
    ASSERT_EQ(waiting.size(), 1u) << uri;
    EXPECT_EQ(waiting[0].kind, exchange::PayloadKind::kCertificateNotice);
    const auto notice = NoticeFromBytes(waiting[0].payload);
    ASSERT_TRUE(notice.ok());
    EXPECT_EQ(notice->certificate, next_.certificate().der());
    EXPECT_GT(notice->in_use_from, node_.now()) << "until then the peers hold both for good";
  }
  Delivered(practice_uri_);
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  Delivered(qhio_uri_);
  EXPECT_TRUE(announcement_.MayTakeOver(Next()));
}

TEST_F(AnnouncementTest, PeersThatAreAwayHoldItUpForADayAtMost) {
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  node_.store.clock().Advance(std::chrono::hours{23});
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  node_.store.clock().Advance(std::chrono::hours{1});
  EXPECT_TRUE(announcement_.MayTakeOver(Next()));
}

TEST_F(AnnouncementTest, AtItsLastMomentTheOldOneIsNotWaitedFor) {
  node_.store.clock().Set(node_.cert.certificate().not_after() - std::chrono::minutes{5});
  EXPECT_TRUE(announcement_.MayTakeOver(Next()));
  EXPECT_EQ(Announced(), 1u) << "told all the same";
}

TEST_F(AnnouncementTest, ARevokedOneIsLeftAtOnce) {
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, node_.cert.certificate().fingerprint()).ok());
  EXPECT_TRUE(announcement_.MayTakeOver(Next()));
}

TEST_F(AnnouncementTest, AnotherPairWhileOneIsAnnouncedIsAnnouncedItself) {
  EXPECT_FALSE(announcement_.MayTakeOver(Next()));
  const TestCert third = node_.pki.Node("payer", "p");
  EXPECT_FALSE(announcement_.MayTakeOver(*testing::RingOf(node_.pki, third)));
  EXPECT_EQ(Waiting(qhio_uri_).size(), 2u);
}

TEST_F(AnnouncementTest, OtherAuthoritiesAloneAreNothingToTell) {
  EXPECT_TRUE(announcement_.MayTakeOver(*node_.keys.Get()));
  EXPECT_EQ(queued_, 0);
}

}  // namespace
}  // namespace equinode
