// Restarts, age, backups, refusals: what time and operators do to an exchange.
#include <gtest/gtest.h>

#include "storage/outbox_store.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

using exchange::Lane;
using exchange::LinkFault;
using exchange::PayloadKind;

const StoredOutgoing* Out(const ExchangeState& state, const Resident& peer, Lane lane) {
  for (const StoredOutgoing& link : state.outgoing) {
    if (link.peer == peer.uri() && link.lane == lane) return &link;
  }
  return nullptr;
}

TEST(LongStory, EveryNodeRestartsAfterEveryRound) {
  Town town;
  auto t = town.MakeRelayed();
  t.practice.TakeIn(11);
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(11);
  Resident* const nodes[] = {&t.practice, &t.relay, &t.payer};
  for (int i = 0; i < 60; ++i) {
    town.Round();
    for (Wire* wire : {&t.up, &t.down, &t.onward, &t.reply}) wire->Cut();
    nodes[i % 3]->Restart();
  }
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(t.practice, t.payer);
}

TEST(LongStory, AnEnvelopeThatNobodyCollectsIsVoidedWithItsAgeAndTheLinkGoesOn) {
  Town town;
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(5);
  // The payer is away: only the relay hears of it.
  for (int i = 0; i < 10; ++i) {
    town.Step();
    while (town.PushOnto(t.up)) {
    }
    while (town.CarryThere(t.up) || town.CarryBack(t.up)) {
    }
  }
  EXPECT_EQ(t.relay.State().relayed.envelopes, 1u);
  town.clock().Advance(std::chrono::days{31});
  t.up.Cut();
  town.Step();
  EXPECT_EQ(t.relay.State().relayed.envelopes, 0u) << "the relay drops what is too old";
  t.practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(t.payer.RowsFrom(t.practice), 5u) << "what is voided never arrives";
  const auto letters = t.practice.DeadLetters();
  ASSERT_EQ(letters.size(), 1u) << "the sender's operator is told";
  EXPECT_EQ(letters[0].reason, "EXPIRED");
  EXPECT_TRUE(letters[0].outgoing);
  // And sends it again.
  ASSERT_TRUE(t.practice.db()
                  .Write("retry",
                         [&](Tx& tx) {
                           return t.practice.engine().ResolveDeadLetter(tx, letters[0].id, true,
                                                                        town.now());
                         })
                  .ok());
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(t.practice, t.payer);
}

TEST(LongStory, APoisonedPayloadIsADeadLetterOnBothSidesAndTheLinkGoesOn) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  ASSERT_TRUE(practice.db()
                  .Write("poison",
                         [&](Tx& tx) {
                           return OutboxStore::Queue(tx, payer.uri(), Lane::kReferral,
                                                     PayloadKind::kReportRequest, AsBytes("poison"),
                                                     town.now());
                         })
                  .ok());
  practice.TakeIn(6);
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(practice, payer);
  const auto there = payer.DeadLetters();
  ASSERT_EQ(there.size(), 1u);
  EXPECT_EQ(there[0].reason, "NOT_OFFERED");
  EXPECT_FALSE(there[0].outgoing);
  const auto here = practice.DeadLetters();
  ASSERT_EQ(here.size(), 1u) << "the sender learns it with the receipt";
  EXPECT_EQ(here[0].reason, "NOT_OFFERED");
  EXPECT_EQ(here[0].id, there[0].id);
  // Once there is somebody to take it, it is applied from where it lies.
  int applied = 0;
  payer.engine().RegisterApplier(PayloadKind::kReportRequest,
                                 [&](const Incoming& incoming) -> Result<ApplyInTx> {
                                   EXPECT_EQ(AsText(incoming.payload), "poison");
                                   return ApplyInTx([&](Tx&, AuditNote&) {
                                     ++applied;
                                     return Ok();
                                   });
                                 });
  const auto resolve = [&](Resident& at, bool retry) {
    return at.db().Write("resolve", [&](Tx& tx) {
      return at.engine().ResolveDeadLetter(tx, there[0].id, retry, town.now());
    });
  };
  EXPECT_TRUE(resolve(payer, true).ok());
  EXPECT_EQ(applied, 1);
  EXPECT_EQ(resolve(payer, true).error().reason, "NO_SUCH_DEAD_LETTER");
  EXPECT_TRUE(resolve(practice, false).ok());
  EXPECT_EQ(practice.State().dead_letters, 0u);
}

TEST(LongStory, AStoreThatCannotTakeItNowIsAskedAgain) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  int asked = 0;
  payer.engine().RegisterApplier(PayloadKind::kReportRequest,
                                 [&](const Incoming&) -> Result<ApplyInTx> {
                                   return ApplyInTx([&](Tx&, AuditNote&) -> Status {
                                     if (++asked < 4)
                                       return Error{Code::kUnavailable, "NOT_READY", "later"};
                                     return Ok();
                                   });
                                 });
  ASSERT_TRUE(practice.db()
                  .Write("queue",
                         [&](Tx& tx) {
                           return OutboxStore::Queue(tx, payer.uri(), Lane::kReferral,
                                                     PayloadKind::kReportRequest, AsBytes("r"),
                                                     town.now());
                         })
                  .ok());
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(payer.State().dead_letters, 0u);
  EXPECT_FALSE(Out(practice.State(), payer, Lane::kReferral)->state.waiting());
}

TEST(LongStory, WhatIsNotSharedAnyMoreDoesNotLeave) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  practice.Share(payer, {});
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(payer.RowsFrom(practice), 5u);
  // A batch that waits to go again is judged when it leaves, too.
  practice.Share(payer, {RecordKind::kCoverage});
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(payer.RowsFrom(practice), 5u);
  practice.Share(payer, {RecordKind::kPerson, RecordKind::kCoverage});
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(practice, payer);
}

TEST(LongStory, ARevokedPeerGetsNothingMoreAndIsNotHeard) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  practice.Revoke(payer);
  practice.TakeIn(5);
  for (int i = 0; i < 30; ++i) {
    town.Round();
    town.clock().Advance(std::chrono::seconds{10});
  }
  EXPECT_EQ(payer.RowsFrom(practice), 5u);
  EXPECT_EQ(Out(practice.State(), payer, Lane::kRecord)->state.given.through, 1u);
}

TEST(LongStory, AFullRelayHoldsTheSenderBackAndLosesNothing) {
  ExchangeOptions options = Town::QuickOptions();
  options.relay_bytes_per_recipient = 9000;  // A few envelopes.
  Town town(1, options);
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(60);
  bool full = false;
  for (int i = 0; i < 40; ++i) {
    town.Step();
    while (town.PushOnto(t.up)) {
    }
    while (town.CarryThere(t.up) || town.CarryBack(t.up)) {
    }
    town.clock().Advance(std::chrono::seconds{1});
    const auto relayed = t.relay.State().relayed;
    EXPECT_LE(relayed.bytes, 9000u);
    full = full || relayed.envelopes >= 2;
  }
  EXPECT_TRUE(full);
  EXPECT_LT(t.relay.State().relayed.envelopes, 12u);
  ASSERT_TRUE(town.Settle());
  town.ExpectSound(t.practice, t.payer);
}

TEST(LongStory, ARelayThatLostItsStoreIsFilledAgain) {
  Town town;
  auto t = town.MakeRelayed();
  TempFolder before;
  t.relay.Backup(before.path());
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(20);
  for (int i = 0; i < 10; ++i) {
    town.Step();
    while (town.PushOnto(t.up)) {
    }
    while (town.CarryThere(t.up) || town.CarryBack(t.up)) {
    }
  }
  EXPECT_EQ(t.relay.State().relayed.envelopes, 4u);
  for (Wire* wire : {&t.up, &t.down, &t.onward, &t.reply}) wire->Cut();
  t.relay.PutBack(before.path());
  ASSERT_TRUE(town.Settle(8000)) << "no receipt comes, so all is sent again";
  town.ExpectSound(t.practice, t.payer);
}

// Old data put back: the other side has numbers that this one never gave, or asks for what was
// receipted. The link stands still and says why; nothing is applied twice or under another's
// number.
TEST(LongStory, TheSendersOldBackupIsAFaultAndNothingIsDoubled) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  practice.Backup(before.path());
  practice.TakeIn(10);
  ASSERT_TRUE(town.Settle());
  up.Cut();
  down.Cut();
  practice.PutBack(before.path());
  practice.TakeIn(1);
  town.Settle(300);
  const auto mine = practice.State();
  const StoredOutgoing* link = Out(mine, payer, Lane::kRecord);
  ASSERT_NE(link, nullptr);
  EXPECT_NE(link->state.fault, LinkFault::kNone) << "the sender sees it";
  EXPECT_EQ(payer.RowsFrom(practice), 15u) << "nothing of its second life took effect";
  const auto letters = payer.DeadLetters();
  ASSERT_FALSE(letters.empty()) << "the recipient's operator sees it";
  EXPECT_TRUE(letters.back().quarantined);
  EXPECT_EQ(payer.AuditFaultReason(), "");
}

TEST(LongStory, TheSameBytesFromAnOldBackupShowThatThePeerIsAhead) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  // Sealed, not yet sent: the backup holds the very bytes that go out afterwards.
  town.Step();
  TempFolder before;
  practice.Backup(before.path());
  ASSERT_TRUE(town.Settle());
  practice.TakeIn(10);
  ASSERT_TRUE(town.Settle());
  up.Cut();
  down.Cut();
  practice.PutBack(before.path());
  town.Settle(300);
  EXPECT_EQ(Out(practice.State(), payer, Lane::kRecord)->state.fault, LinkFault::kPeerAhead);
  EXPECT_EQ(payer.RowsFrom(practice), 15u);
}

TEST(LongStory, TheRecipientsOldBackupShowsThatThePeerIsBehind) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  payer.Backup(before.path());
  practice.TakeIn(10);
  ASSERT_TRUE(town.Settle());
  up.Cut();
  down.Cut();
  payer.PutBack(before.path());
  practice.TakeIn(1);
  town.Settle(300);
  EXPECT_EQ(Out(practice.State(), payer, Lane::kRecord)->state.fault, LinkFault::kPeerBehind);
  EXPECT_EQ(payer.RowsFrom(practice), 5u) << "nothing on top of what is missing";
}

}  // namespace
}  // namespace equinode::testing
