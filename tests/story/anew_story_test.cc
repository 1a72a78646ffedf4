// What operators do about a link that stands still, and about peers that are gone.
#include <gtest/gtest.h>

#include <algorithm>

#include "client/convert/envelope.h"
#include "storage/audit_store.h"
#include "storage/outbox_store.h"
#include "storage/peer_store.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

using exchange::Lane;
using exchange::LinkFault;
using exchange::PayloadKind;

std::size_t Faults(const ExchangeState& state, const Resident& peer, LinkFault fault) {
  return static_cast<std::size_t>(
      std::ranges::count_if(state.outgoing, [&](const StoredOutgoing& link) {
        return link.peer == peer.uri() && link.state.fault == fault;
      }));
}
bool Stands(const ExchangeState& state, const Resident& peer) {
  return Faults(state, peer, LinkFault::kNone) < state.outgoing.size();
}

// Payloads that are no records, counted where they take effect.
struct Requests {
  std::vector<std::string> taken{};
  explicit Requests(Resident& at) {
    at.engine().RegisterApplier(PayloadKind::kReportRequest,
                                [this](const Incoming& incoming) -> Result<ApplyInTx> {
                                  const std::string text(AsText(incoming.payload));
                                  return ApplyInTx([this, text](Tx&, AuditNote&) {
                                    taken.push_back(text);
                                    return Ok();
                                  });
                                });
  }
};
void Queue(Town& town, Resident& at, const Resident& to, std::string_view text) {
  ASSERT_TRUE(at.db()
                  .Write("queue",
                         [&](Tx& tx) {
                           return OutboxStore::Queue(tx, to.uri(), Lane::kReferral,
                                                     PayloadKind::kReportRequest, AsBytes(text),
                                                     town.now());
                         })
                  .ok());
}

void ExpectWhole(Town& town, Resident& from, Resident& to) {
  ASSERT_TRUE(town.Settle(20'000)) << town.Describe();
  EXPECT_FALSE(Stands(from.State(), to)) << town.Describe();
  EXPECT_FALSE(Stands(to.State(), from)) << town.Describe();
  EXPECT_EQ(from.AuditFaultReason(), "");
  EXPECT_EQ(to.AuditFaultReason(), "");
}

// Entries of the log about what was sealed, as "ACTION disclosure".
std::vector<std::string> Sealed(Resident& at) {
  const auto entries =
      at.db().Read([](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, false); });
  std::vector<std::string> sealed;
  for (const StoredAuditEntry& stored : *entries) {
    const AuditEntry& entry = stored.entry;
    if (entry.action != "ENVELOPES_SEALED" && entry.action != "RECORDS_SENT") continue;
    sealed.push_back(entry.action + (entry.disclosure ? " disclosure" : ""));
  }
  return sealed;
}

// A question about nobody leaves the node: the log names it, and calls it no disclosure.
TEST(AnewStory, AReportRequestIsNoDisclosureAndRecordsAre) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  const Requests heard(practice);
  Queue(town, payer, practice, "how many are you?");
  practice.Share(payer, kPeople);
  practice.TakeIn(2);
  ASSERT_TRUE(town.Settle());
  EXPECT_EQ(heard.taken.size(), 1u);
  EXPECT_EQ(Sealed(payer), std::vector<std::string>{"ENVELOPES_SEALED"});
  const std::vector<std::string> sent = Sealed(practice);
  ASSERT_FALSE(sent.empty());
  for (const std::string& entry : sent) EXPECT_EQ(entry, "RECORDS_SENT disclosure");
}

// The sender's data is put back: its numbers are behind what the recipient has.
TEST(AnewStory, AfterTheSendersOldBackupEverythingGoesOnAndNothingIsDoubled) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  practice.Say("x", "first");
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  practice.Backup(before.path());
  town.clock().Advance(std::chrono::minutes{1});
  practice.TakeIn(10);
  practice.Say("x", "second, and lost here");
  practice.Say("y", "made and lost here");
  ASSERT_TRUE(town.Settle());
  const std::size_t rows = payer.RowsFrom(practice);
  up.Cut();
  down.Cut();
  practice.PutBack(before.path());
  town.clock().Advance(std::chrono::minutes{1});
  practice.Say("x", "second, as it is said now");  // The same version as the lost one.
  town.Settle(300);
  ASSERT_TRUE(Stands(practice.State(), payer)) << "it stands still until the operators act";
  EXPECT_EQ(payer.BodyOf(practice, "x"), "second, and lost here");

  const std::string code = practice.BeginAnew(payer);
  ASSERT_EQ(payer.BeginAnew(practice, code), code);
  practice.TakeIn(3);
  ExpectWhole(town, practice, payer);
  EXPECT_EQ(payer.BodyOf(practice, "x"), "second, as it is said now");
  EXPECT_EQ(payer.BodyOf(practice, "y"), "made and lost here") << "what the peer has it keeps";
  // 18 people and x and y; of x one new version, and nothing else came twice.
  EXPECT_EQ(payer.RecordsFrom(practice), 20u);
  EXPECT_EQ(payer.RowsFrom(practice), rows + 3 + 1);
  // Versions count again from there.
  practice.Say("x", "third");
  ExpectWhole(town, practice, payer);
  EXPECT_EQ(payer.BodyOf(practice, "x"), "third");
}

// The recipient's data is put back: what it had receipted is gone at the sender's side.
TEST(AnewStory, AfterTheRecipientsOldBackupItGetsWhatItLost) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  Requests requests(practice);
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  payer.Backup(before.path());
  practice.TakeIn(10);
  Queue(town, payer, practice, "lost with the backup");
  ASSERT_TRUE(town.Settle());
  up.Cut();
  down.Cut();
  payer.PutBack(before.path());
  practice.TakeIn(1);
  Queue(town, payer, practice, "asked anew");
  town.Settle(300);
  ASSERT_TRUE(Stands(practice.State(), payer));
  EXPECT_EQ(payer.RowsFrom(practice), 5u);

  const std::string code = payer.BeginAnew(practice);
  ASSERT_EQ(practice.BeginAnew(payer, code), code);
  ExpectWhole(town, practice, payer);
  EXPECT_EQ(payer.RowsFrom(practice), practice.made());
  EXPECT_EQ(payer.RecordsFrom(practice), practice.made());
  EXPECT_EQ(requests.taken, (std::vector<std::string>{"lost with the backup", "asked anew"}))
      << "what was sealed and not taken goes under a new number, once";
}

// Over a relay that still keeps envelopes of the time before.
TEST(AnewStory, OverARelayThatKeepsOldEnvelopesTheyTakeNoEffect) {
  Town town;
  auto t = town.MakeRelayed();
  t.practice.Share(t.payer, kPeople);
  t.practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  t.practice.Backup(before.path());
  t.practice.TakeIn(10);
  ASSERT_TRUE(town.Settle());
  const std::size_t rows = t.payer.RowsFrom(t.practice);
  for (Wire* wire : {&t.up, &t.down, &t.onward, &t.reply}) wire->Cut();
  t.practice.PutBack(before.path());
  town.clock().Advance(std::chrono::minutes{1});
  t.practice.Say("of the second life", "kept by the relay");
  for (int i = 0; i < 10; ++i) {
    town.Step();
    while (town.PushOnto(t.up)) {
    }
    while (town.CarryThere(t.up) || town.CarryBack(t.up)) {
    }
  }
  ASSERT_GT(t.relay.State().relayed.envelopes, 0u);
  const std::string code = t.payer.BeginAnew(t.practice);
  ASSERT_EQ(t.practice.BeginAnew(t.payer, code), code);
  ExpectWhole(town, t.practice, t.payer);
  EXPECT_EQ(t.payer.RowsFrom(t.practice), rows + 1);
  EXPECT_EQ(t.payer.BodyOf(t.practice, "of the second life"), "kept by the relay");
  EXPECT_EQ(t.payer.DeadLetters().size(), 0u) << "old envelopes are let go, not quarantined";
}

TEST(AnewStory, OneSideAloneMovesNothingAndTheOtherIsTold) {
  for (const bool relayed : {false, true}) {
    Town town;
    std::optional<Town::Direct> direct;
    std::optional<Town::Relayed> over;
    if (relayed) {
      over.emplace(town.MakeRelayed());
    } else {
      direct.emplace(town.MakeDirect());
    }
    Resident& practice = relayed ? over->practice : direct->practice;
    Resident& payer = relayed ? over->payer : direct->payer;
    practice.Share(payer, kPeople);
    practice.TakeIn(5);
    payer.Share(practice, kPeople);
    payer.TakeIn(5);
    ASSERT_TRUE(town.Settle());
    const std::string code = practice.BeginAnew(payer);
    practice.TakeIn(5);
    payer.TakeIn(5);
    for (int i = 0; i < 400; ++i) {
      if (!town.Round()) town.clock().Advance(std::chrono::seconds{5});
    }
    EXPECT_EQ(payer.RowsFrom(practice), 5u) << relayed;
    EXPECT_EQ(practice.RowsFrom(payer), 5u) << relayed;
    EXPECT_GT(Faults(payer.State(), practice, LinkFault::kPeerBeganAnew), 0u) << town.Describe();
    EXPECT_EQ(payer.DeadLetters().size(), 0u) << relayed;
    ASSERT_EQ(payer.BeginAnew(practice, code), code);
    ExpectWhole(town, practice, payer);
    EXPECT_EQ(payer.RowsFrom(practice), 10u) << relayed;
    EXPECT_EQ(practice.RowsFrom(payer), 10u) << relayed;
  }
}

TEST(AnewStory, CodesOfThePastAndOfOthersAreRefusedAndTheSameOneAgainIsNothing) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  EXPECT_EQ(practice.BeginAnew(payer, "1-00"), "BAD_LINK_CODE");
  const std::string first = practice.BeginAnew(payer);
  EXPECT_EQ(practice.BeginAnew(payer, first), "ALREADY");
  ASSERT_EQ(payer.BeginAnew(practice, first), first);
  EXPECT_EQ(payer.BeginAnew(practice, first), "ALREADY");
  const std::string second = payer.BeginAnew(practice);
  EXPECT_NE(second, first);
  EXPECT_EQ(payer.BeginAnew(practice, first), "OLD_LINK_CODE");
  ASSERT_EQ(practice.BeginAnew(payer, second), second);
  Resident& other = town.Add("payer", "other");
  EXPECT_EQ(practice.BeginAnew(other), "NO_SUCH_PEER");
}

// A backup from before an era: its node makes a code that the other has behind it.
TEST(AnewStory, ANodeOfAnEarlierEraIsToldToTakeTheOthersCode) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  practice.Backup(before.path());
  const std::string first = practice.BeginAnew(payer);
  ASSERT_EQ(payer.BeginAnew(practice, first), first);
  practice.TakeIn(5);
  ExpectWhole(town, practice, payer);
  up.Cut();
  down.Cut();
  practice.PutBack(before.path());
  town.clock().Advance(std::chrono::minutes{1});
  practice.TakeIn(5);
  town.Settle(300);
  EXPECT_GT(Faults(practice.State(), payer, LinkFault::kPeerBeganAnew), 0u) << town.Describe();
  EXPECT_EQ(payer.BeginAnew(practice, practice.BeginAnew(payer)), "OLD_LINK_CODE");
  const std::string second = payer.BeginAnew(practice);
  ASSERT_EQ(practice.BeginAnew(payer, second), second);
  ExpectWhole(town, practice, payer);
  EXPECT_EQ(payer.RecordsFrom(practice), 15u);
}

// R10: a peer whose audit log went back is noticed by those it deals with.
TEST(AnewStory, R10_APeersAuditLogThatWentBackIsAnEntryAndAFaultOfThePeer) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  TempFolder before;
  practice.Backup(before.path());
  for (int i = 0; i < 10; ++i) {
    practice.TakeIn(5);
    ASSERT_TRUE(town.Settle());
  }
  EXPECT_EQ(payer.Audited("PEER_AUDIT_WENT_BACK"), 0u);
  // Store, log and anchor rolled back together: nobody on that machine can notice (TL01).
  up.Cut();
  down.Cut();
  practice.PutBack(before.path());
  EXPECT_EQ(practice.AuditFaultReason(), "");
  town.clock().Advance(std::chrono::minutes{1});
  practice.TakeIn(1);
  town.Settle(300);
  EXPECT_EQ(payer.Audited("PEER_AUDIT_WENT_BACK") + payer.Audited("PEER_AUDIT_DIFFERS"), 1u)
      << "once, although the links stand still: the quarantined envelope is signed";
  const auto told =
      payer.db().Read([&](ReadTx& tx) { return AuditStore::FindPeerHead(tx, practice.uri()); });
  ASSERT_TRUE(told.ok() && *told);
  EXPECT_EQ((*told)->faults, 1u) << "as equinode peer list shows it";
  const auto peer =
      payer.db().Read([&](ReadTx& tx) { return PeerStore::Find(tx, practice.uri()); });
  ASSERT_TRUE(peer.ok() && *peer);
  EXPECT_NE((*peer)->last_seen, Instant{});
}

// An old envelope that somebody repeats shows an old head, and means nothing.
TEST(AnewStory, R10_AReplayedEnvelopeIsNoLogThatWentBack) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  practice.Share(payer, kPeople);
  town.remember = true;
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  const auto replayed = town.seen;
  practice.TakeIn(20);
  ASSERT_TRUE(town.Settle());
  const auto take = payer.engine().OpenTake(practice.uri(), [] {});
  for (const std::string& message : replayed) {
    auto envelope = EnvelopeFromDeliverRequest(message);
    ASSERT_TRUE(envelope.ok());
    take->Offer(*std::move(envelope));
  }
  EXPECT_EQ(payer.Audited("PEER_AUDIT_WENT_BACK") + payer.Audited("PEER_AUDIT_DIFFERS"), 0u);
}

// What waited for a peer does not go to who is enrolled under its name later.
TEST(AnewStory, WhatWaitedForARemovedPeerIsDroppedWithAnEntry) {
  Town town;
  auto [practice, payer, up, down] = town.MakeDirect();
  Requests requests(payer);
  practice.Share(payer, kPeople);
  practice.TakeIn(5);
  ASSERT_TRUE(town.Settle());
  // Sealed and on its way to nobody; and not sealed yet.
  up.Cut();
  down.Cut();
  practice.TakeIn(5);
  Queue(town, practice, payer, "sealed");
  town.Step();
  Queue(town, practice, payer, "waits");
  practice.Remove(payer);
  EXPECT_EQ(practice.Audited("PEER_PAYLOADS_DROPPED"), 1u);
  // An answer that is made after the removal: the next look drops it.
  Queue(town, practice, payer, "late");
  town.clock().Advance(std::chrono::minutes{1});
  town.Step();
  EXPECT_EQ(practice.Audited("PEER_PAYLOADS_DROPPED"), 2u);
  EXPECT_TRUE(
      practice.db().Read([](ReadTx& tx) { return OutboxStore::Peers(tx); }).value().empty());

  practice.Enrol(payer, "plan:1", "");
  Queue(town, practice, payer, "after");
  ASSERT_TRUE(town.Settle(20'000)) << town.Describe();
  EXPECT_EQ(requests.taken, std::vector<std::string>{"after"});
  EXPECT_EQ(payer.RowsFrom(practice), 5u) << "nothing is shared by default";
  practice.Share(payer, kPeople);
  ASSERT_TRUE(town.Settle(20'000));
  EXPECT_EQ(payer.RowsFrom(practice), 10u) << "and nothing was lost";
  EXPECT_EQ(Faults(practice.State(), payer, LinkFault::kNone), practice.State().outgoing.size());
}

}  // namespace
}  // namespace equinode::testing
