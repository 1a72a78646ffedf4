#include <gtest/gtest.h>

#include "storage/dead_letter_store.h"
#include "storage/incoming_store.h"
#include "storage/outbox_store.h"
#include "storage/outgoing_store.h"
#include "storage/peer_store.h"
#include "storage/relay_store.h"
#include "storage/sharing_store.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

using exchange::Lane;
using exchange::PayloadKind;

class ExchangeStores : public ::testing::Test {
 protected:
  template <typename F>
  void Write(F body) {
    const Status done = store_.db().Write("test", [&](Tx& tx) -> Status { return body(tx); });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  Instant now() const { return const_cast<ExchangeStores*>(this)->store_.clock().Now(); }
  exchange::Header HeaderOf(std::uint64_t number, Millis life = std::chrono::hours{1}) {
    exchange::Header header;
    header.id = Uuid::MakeV7(now(), random_);
    header.from = "a";
    header.to = "b";
    header.lane = Lane::kRecord;
    header.number = number;
    header.created = now();
    header.expires = now() + life;
    return header;
  }

  testing::TestStore store_{};
  SeededRandom random_{1};
};

TEST_F(ExchangeStores, ARelayCountsItsBytesThroughReplacingCollectingAndExpiring) {
  const Bytes small(10, 1);
  const Bytes large(100, 2);
  Write([&](Tx& tx) -> Status {
    EQN_TRY(RelayLink link, RelayStore::Find(tx, "a", "b", Lane::kRecord));
    EQN_CHECK(RelayStore::Keep(tx, link, HeaderOf(1), small));
    EQN_CHECK(RelayStore::Keep(tx, link, HeaderOf(2), small));
    EXPECT_EQ(link.rounds, 0u);
    EQN_CHECK(RelayStore::Keep(tx, link, HeaderOf(1), large));
    EXPECT_EQ(link.rounds, 1u) << "what comes again goes out again";
    EXPECT_EQ(link.bytes, 110u);
    EQN_TRY(const auto waiting, RelayStore::After(tx, link, 0, 10, 105));
    EXPECT_EQ(waiting.size(), 1u) << "a bound of bytes, but one always goes";
    EQN_CHECK(RelayStore::Collected(tx, link, 1));
    EXPECT_EQ(link.bytes, 10u);
    EQN_CHECK(RelayStore::Collected(tx, link, 7));
    EXPECT_EQ(link.collected, 2u) << "never past what came";
    EXPECT_EQ(link.bytes, 0u);
    EQN_CHECK(RelayStore::Keep(tx, link, HeaderOf(3), small));
    EQN_CHECK(RelayStore::Keep(tx, link, HeaderOf(4, std::chrono::hours{9}), large));
    EQN_TRY(const std::uint64_t dropped,
            RelayStore::DropExpired(tx, now() + std::chrono::hours{2}));
    EXPECT_EQ(dropped, 1u);
    EQN_TRY(const RelayTotals totals, RelayStore::Totals(tx));
    EXPECT_EQ(totals.envelopes, 1u);
    EXPECT_EQ(totals.bytes, 100u);
    EQN_TRY(const std::uint64_t bytes, RelayStore::BytesFor(tx, "b"));
    EXPECT_EQ(bytes, 100u);
    return Ok();
  });
}

TEST_F(ExchangeStores, TheOutboxKeepsTheOrderOfEachLaneAndGivesEachPayloadOnce) {
  Write([&](Tx& tx) -> Status {
    for (const char* text : {"one", "two", "three"}) {
      EQN_CHECK(OutboxStore::Queue(tx, "b", Lane::kReferral, PayloadKind::kReportRequest,
                                   AsBytes(text), now()));
    }
    EQN_CHECK(OutboxStore::Queue(tx, "b", Lane::kControl, PayloadKind::kCertificateNotice,
                                 AsBytes("notice"), now()));
    EQN_TRY(const auto waiting, OutboxStore::Waiting(tx, "b", Lane::kReferral, 2));
    EXPECT_EQ(waiting.size(), 2u);
    EXPECT_EQ(AsText(waiting[0].payload), "one");
    EQN_TRY(const bool first, OutboxStore::Take(tx, waiting[0].row));
    EQN_TRY(const bool again, OutboxStore::Take(tx, waiting[0].row));
    EXPECT_TRUE(first);
    EXPECT_FALSE(again);
    EQN_TRY(const std::uint64_t left, OutboxStore::Count(tx, "b", Lane::kReferral));
    EXPECT_EQ(left, 2u);
    return Ok();
  });
}

TEST_F(ExchangeStores, APeerThatIsRemovedAndEnrolledAnewGetsItsHistoryFromTheBeginning) {
  Write([&](Tx& tx) -> Status {
    EQN_CHECK(PeerStore::Put(tx, {.uri = "b"}, now()));
    EQN_CHECK(SharingStore::Set(tx, {.peer = "b", .kinds = {RecordKind::kPerson}}, now()));
    EQN_CHECK(OutboxStore::SetFeed(tx, "b", Lane::kHistory, {1, 500}));
    EQN_CHECK(PeerStore::Remove(tx, "b"));
    EQN_TRY(const RecordFeed feed, OutboxStore::Feed(tx, "b", Lane::kHistory));
    EXPECT_EQ(feed, RecordFeed{});
    return Ok();
  });
}

TEST_F(ExchangeStores, KeptBytesFollowTheCopies) {
  Write([&](Tx& tx) -> Status {
    EQN_TRY(StoredOutgoing link, OutgoingStore::Find(tx, "b", Lane::kRecord));
    for (std::uint64_t n = 1; n <= 4; ++n) {
      exchange::SentNumber sent;
      sent.number = n;
      sent.first.id = Uuid::MakeV7(now(), random_);
      SentPayload made_of;
      made_of.kind = PayloadKind::kRecordBatch;
      EQN_CHECK(OutgoingStore::Keep(tx, link, sent, made_of, {HeaderOf(n), Bytes(50, 1)}));
    }
    EXPECT_EQ(link.kept_bytes, 200u);
    EQN_CHECK(OutgoingStore::MarkVoid(tx, link.link, 2, "DEAD"));
    EQN_CHECK(OutgoingStore::MarkVoid(tx, link.link, 2, "EXPIRED"));
    EQN_TRY(const auto to_void, OutgoingStore::ToVoid(tx, link.link, 9));
    EXPECT_EQ(to_void.size(), 1u);
    EXPECT_EQ(to_void.front().void_reason, "DEAD") << "the first reason stays";
    EQN_CHECK(OutgoingStore::PutVoid(tx, link, {HeaderOf(2), Bytes(20, 2)}));
    EXPECT_EQ(link.kept_bytes, 170u);
    EQN_CHECK(OutgoingStore::Forget(tx, link, 3));
    EXPECT_EQ(link.kept_bytes, 50u);
    EQN_TRY(const std::uint64_t expired,
            OutgoingStore::MarkExpired(tx, now() + std::chrono::hours{2}));
    EXPECT_EQ(expired, 1u);
    return Ok();
  });
}

TEST_F(ExchangeStores, IdsAreForgottenWhenOldButNotTheLastOne) {
  Write([&](Tx& tx) -> Status {
    StoredIncoming link;
    link.peer = "a";
    link.lane = Lane::kRecord;
    link.state.applied.through = 3;
    EQN_CHECK(IncomingStore::Save(tx, link));
    std::vector<exchange::Seen> all;
    for (std::uint64_t n = 1; n <= 3; ++n) {
      all.push_back({n, Uuid::MakeV7(now(), random_), Sha256(AsBytes("x")), std::nullopt});
      EQN_CHECK(IncomingStore::Keep(tx, link.link, all.back(), now() + std::chrono::hours{1}));
    }
    EQN_TRY(const std::uint64_t early, IncomingStore::Forget(tx, now()));
    EXPECT_EQ(early, 0u);
    EQN_TRY(const std::uint64_t gone, IncomingStore::Forget(tx, now() + std::chrono::hours{1}));
    EXPECT_EQ(gone, 2u);
    EQN_TRY(const auto first, IncomingStore::WithId(tx, "a", all[0].id));
    EQN_TRY(const auto last, IncomingStore::WithId(tx, "a", all[2].id));
    EQN_TRY(const auto of_another, IncomingStore::WithId(tx, "c", all[2].id));
    EXPECT_FALSE(first);
    EXPECT_TRUE(last);
    EXPECT_FALSE(of_another) << "one node's ids say nothing about another's";
    return Ok();
  });
}

TEST_F(ExchangeStores, ADeadRefusalStaysAndTheOthersAreBounded) {
  Write([&](Tx& tx) -> Status {
    StoredRefusal refusal;
    refusal.refusal = {Uuid(), Lane::kRecord, 1, "BAD_RECORD", 0, true};
    refusal.dead = true;
    EQN_CHECK(IncomingStore::Refuse(tx, "a", refusal));
    refusal.refusal.reason = "BAD_SEAL";
    refusal.dead = false;
    for (std::uint64_t n = 1; n <= 300; ++n) {
      refusal.refusal.number = n;
      EQN_CHECK(IncomingStore::Refuse(tx, "a", refusal));
    }
    EQN_TRY(const auto refusals, IncomingStore::Refusals(tx, "a"));
    EXPECT_EQ(refusals.size(), IncomingStore::kMostRefusals);
    EXPECT_EQ(refusals.front().refusal.reason, "BAD_RECORD");
    EXPECT_TRUE(refusals.front().dead);
    return Ok();
  });
}

TEST_F(ExchangeStores, DeadLettersOfOnePeerCannotFillTheDisk) {
  Write([&](Tx& tx) -> Status {
    DeadLetter letter;
    letter.peer = "a";
    letter.reason = "BAD_RECORD";
    letter.payload = Bytes(10, 1);
    for (std::size_t i = 0; i < DeadLetterStore::kMostWhole + 5; ++i) {
      letter.id = Uuid::MakeV7(now(), random_);
      EQN_CHECK(DeadLetterStore::Add(tx, letter));
    }
    EQN_TRY(const auto last, DeadLetterStore::Find(tx, letter.id));
    EXPECT_TRUE(last && last->payload.empty()) << "told, without its payload";
    letter.quarantined = true;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < DeadLetterStore::kMostQuarantined + 5; ++i) {
      letter.id = Uuid::MakeV7(now(), random_);
      EQN_TRY(const bool added, DeadLetterStore::Add(tx, letter));
      kept += added ? 1 : 0;
    }
    EXPECT_EQ(kept, DeadLetterStore::kMostQuarantined);
    EQN_TRY(const auto page, DeadLetterStore::List(tx, 0, 10));
    EXPECT_EQ(page.size(), 10u);
    EXPECT_GT(page.front().row, page.back().row) << "newest first";
    return Ok();
  });
}

}  // namespace
}  // namespace equinode
