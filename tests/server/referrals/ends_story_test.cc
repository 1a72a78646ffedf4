// What the clock brings about when one end is gone, and how people settle what the two ends can
// not.
#include <gtest/gtest.h>

#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;
using days = std::chrono::days;

class Ends : public ReferralTown {
 protected:
  // These stories last longer than the certificates that a test has.
  Ends() {
    for (ReferralNode* node : {&clinic_, &bank_}) {
      CertSpec spec;
      spec.uris = {node->uri};
      spec.not_after = kReferralDay + days(300);
      node->cert = pki_.Issue(spec);
      node->keys.Swap(ReferralNode::Ring(pki_, node->cert));
    }
    clinic_.Enrol(bank_);
    bank_.Enrol(clinic_);
  }

  // The clock's step, as the node does it every minute.
  static void Turn(ReferralNode& node) {
    for (;;) {
      const auto done =
          node.store.db().Write("expire", [&](Tx& tx) { return node.desk->Expire(tx, 2); });
      ASSERT_TRUE(done.ok()) << done.error().message;
      if (*done == 0) return;
    }
  }
  // A day at a time, with nothing from the other end.
  void PassAtTheClinic(int count) {
    for (int i = 0; i < count; ++i) {
      clinic_.store.clock().Advance(days(1));
      Turn(clinic_);
    }
  }
  static std::vector<v1::Referral> List(ReferralNode& node, bool mine) {
    v1::ListReferralsRequest request;
    request.set_open_only(true);
    request.set_mine_only(mine);
    const auto list = node.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", request);
    EXPECT_TRUE(list.ok()) << list.error().message;
    return {list->referrals().begin(), list->referrals().end()};
  }
  static std::vector<std::string> Worklist(ReferralNode& node, std::string_view turn = "") {
    std::vector<std::string> ids;
    for (const auto& each : List(node, true)) {
      if (turn.empty() || each.next_who() == turn) ids.push_back(each.id());
    }
    return ids;
  }
  static std::string May(ReferralNode& node, const std::string& id) {
    std::string may;
    const auto got = node.Get(id);
    for (const auto& each : got.may()) may += (may.empty() ? "" : " ") + each;
    return may;
  }
  static std::string SettleAt(ReferralNode& node, const std::string& id, const std::string& as,
                              const std::string& note = "by telephone, with Tim") {
    return node.Do(id, "settle", as, note);
  }
  static std::vector<std::string> Audited(ReferralNode& node, const std::string& action) {
    const auto log = node.store.db().Read([&](ReadTx& tx) -> Result<std::vector<std::string>> {
      std::vector<std::string> all;
      Statement read = tx.Prepare("SELECT actor, outcome FROM audit_entry WHERE action=?");
      read.BindAll(std::string_view(action));
      for (;;) {
        EQN_TRY(const bool more, read.Step());
        if (!more) return all;
        all.push_back(read.Text(0) + " " + read.Text(1));
      }
    });
    EXPECT_TRUE(log.ok());
    return log.ok() ? *log : std::vector<std::string>();
  }
  // Both ends know it, and it has gone on at the bank since without the clinic hearing of it.
  void PutBankBack(const std::string& id) {
    const Status undone = bank_.store.db().Write("restore", [&](Tx& tx) -> Status {
      EQN_TRY(const StoredReferral stored, ReferralStore::Get(tx, *Uuid::Parse(id)));
      return tx.Prepare("DELETE FROM referral_link WHERE referral=? AND number=3")
          .BindAll(stored.row)
          .Run();
    });
    ASSERT_TRUE(undone.ok());
    bank_.store.clock().Advance(1h);
  }
};

// The story of a food bank that burns down: what it received and what it accepted come to an end at
// the clinic, on its people's list before, and the needs go on elsewhere.
TEST_F(Ends, ATargetThatNeverReturnsLosesNobody) {
  Consent();
  const std::string received = Create();
  const std::string accepted = [&] {
    Settle();
    auto request = Request();
    request.set_request_id(clinic_.RequestId());
    return Create(request);
  }();
  Settle();
  ASSERT_EQ(bank_.Do(accepted, "accept"), "OK");
  Settle();
  auto request = Request();
  request.set_request_id(clinic_.RequestId());
  const std::string on_its_way = Create(request);
  // It has left and is never heard of again.
  for (const QueuedPayload& each : clinic_.Waiting(bank_, kReferral)) {
    ASSERT_TRUE(clinic_.store.db()
                    .Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, each.row); })
                    .ok());
  }
  bank_.Close();

  PassAtTheClinic(7);
  EXPECT_TRUE(Worklist(clinic_).empty()) << "day 7 of their seven is in";
  PassAtTheClinic(1);
  std::vector<std::string> both = {received, on_its_way};
  std::ranges::sort(both);
  const auto sorted = [](std::vector<std::string> ids) {
    std::ranges::sort(ids);
    return ids;
  };
  EXPECT_EQ(sorted(Worklist(clinic_)), both) << "overdue there: somebody has to ask them";
  PassAtTheClinic(22);
  EXPECT_TRUE(Worklist(clinic_, "requester").empty()) << "day 30 is in";
  EXPECT_EQ(Worklist(clinic_).size(), 3u) << "and nobody has reached the client";
  PassAtTheClinic(1);
  EXPECT_EQ(sorted(Worklist(clinic_, "requester")), both);
  for (const auto& each : List(clinic_, true)) {
    EXPECT_TRUE(each.overdue());
    EXPECT_EQ(each.grade(), "open");
  }
  EXPECT_EQ(May(clinic_, received), "cancel mark-error settle");
  // Nobody answers, so nobody is asked twice.
  EXPECT_EQ(clinic_.Do(received, "cancel", "requester-withdrew"), "PROPOSED");
  EXPECT_EQ(clinic_.Do(received, "cancel", "requester-withdrew"), "PROPOSED_BEFORE");
  EXPECT_EQ(clinic_.Do(accepted, "settle", "lost", "x"), "NOTHING_TO_SETTLE");
  PassAtTheClinic(14);
  EXPECT_EQ(clinic_.Get(received).referral().grade(), "open") << "day 14 of the grace is in";
  PassAtTheClinic(1);
  for (const std::string& id : both) {
    const auto lost = clinic_.Get(id).referral();
    EXPECT_EQ(lost.grade(), "lost");
    EXPECT_EQ(lost.ended_here(), "lost");
    EXPECT_EQ(lost.ended_here_by(), clinic_.uri);
    EXPECT_EQ(lost.reason(), "expired");
    EXPECT_EQ(lost.state(), "requested") << "nobody has said that it failed";
    EXPECT_FALSE(lost.loop_closed());
    EXPECT_EQ(May(clinic_, id), "acknowledge");
    EXPECT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "ENDED_HERE");
  }
  EXPECT_EQ(Audited(clinic_, "REFERRAL_LOST").size(), 2u);
  EXPECT_EQ(sorted(Worklist(clinic_, "requester")), both) << "until a person has seen it";
  for (const std::string& id : both) {
    EXPECT_EQ(clinic_.Do(id, "acknowledge"), "OK");
    EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
  }
  EXPECT_TRUE(Worklist(clinic_, "requester").empty());
  // The accepted one has its own long silence.
  PassAtTheClinic(91 - 46);
  EXPECT_EQ(Worklist(clinic_, "requester"), std::vector{accepted});
  // Its people know already, and need not wait for the grace.
  EXPECT_EQ(SettleAt(clinic_, accepted, "lost", "the house is gone, says the fire brigade"), "OK");
  EXPECT_EQ(clinic_.Get(accepted).referral().grade(), "lost");
  EXPECT_TRUE(clinic_.Get(accepted).referral().loop_closed());
  EXPECT_EQ(Audited(clinic_, "REFERRAL_SETTLED"),
            std::vector{clinic_.uri + "/operator/ann lost: expired"});
  EXPECT_TRUE(List(clinic_, false).empty()) << "nothing is open for ever";
  // The need goes on, with its clock, but not to who lost it.
  auto next = Request();
  next.clear_person();
  next.clear_domain();
  next.set_follows(received);
  next.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(next), "ASKED_BEFORE");
  bank_.store.Reopen();
  bank_.Open();
}

// The same end, but the food bank comes back after all: what it says still counts.
TEST_F(Ends, ALateOutcomeIsToldBesideAnEndForSilence) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  PassAtTheClinic(130);
  ASSERT_EQ(clinic_.Get(id).referral().ended_here(), "lost");
  ASSERT_EQ(clinic_.Do(id, "acknowledge"), "OK");
  bank_.store.clock().Advance(days(60));
  ASSERT_EQ(bank_.Do(id, "complete"), "OK");
  Settle();
  EXPECT_EQ(clinic_.Get(id).referral().ended_here(), "");
  EXPECT_EQ(clinic_.Get(id).referral().grade(), "served-as-reported");
  EXPECT_EQ(Worklist(clinic_), std::vector{id}) << "the end has to be seen";
  EXPECT_EQ(clinic_.Do(id, "acknowledge"), "PROPOSED");
  Settle();
  ExpectSame(id);
  EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
}

// Rows of a node that was updated: nothing is stored of when to look, and all are looked at once.
TEST_F(Ends, WhatWasThereBeforeIsLookedAt) {
  Consent();
  const std::string id = Create();
  Settle();
  clinic_.store.clock().Advance(days(40));
  ASSERT_TRUE(
      clinic_.store.db()
          .Write("old", [&](Tx& tx) { return tx.Prepare("UPDATE referral SET turns_at=1").Run(); })
          .ok());
  const auto stored = [&] {
    return *clinic_.store.db().Read(
        [&](ReadTx& tx) { return ReferralStore::Get(tx, *Uuid::Parse(id)); });
  };
  EXPECT_EQ(stored().next_who, 2);
  EXPECT_EQ(Worklist(clinic_, "requester"), std::vector{id}) << "a list is right before it too";
  Turn(clinic_);
  EXPECT_EQ(stored().next_who, 1);
  EXPECT_EQ(stored().turns_at, kReferralDay + days(46));
  Turn(clinic_);
  EXPECT_EQ(stored().turns_at, kReferralDay + days(46)) << "looked at once";
}

TEST_F(Ends, AForkThatNobodyAskedAboutIsFoundAndToldAndSettledAtBothEnds) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  PutBankBack(id);
  ASSERT_EQ(bank_.Do(id, "reject", "no-capacity"), "OK");
  EXPECT_EQ(SettleAt(bank_, id, "void"), "NOTHING_TO_SETTLE") << "it does not know yet";
  Carry(bank_, clinic_);
  EXPECT_EQ(clinic_.Get(id).referral().fault(), "CHAIN_FORK at link 3");
  EXPECT_EQ(bank_.Get(id).referral().fault(), "");
  Settle();
  EXPECT_EQ(bank_.Get(id).referral().fault(), "CHAIN_FORK, told by the other end");

  for (ReferralNode* node : {&clinic_, &bank_}) {
    EXPECT_EQ(Worklist(*node), std::vector{id});
    EXPECT_EQ(List(*node, true)[0].next_what(),
              "settle it with the other organisation by telephone");
    EXPECT_EQ(May(*node, id), "settle");
    EXPECT_EQ(node->Do(id, "mark-error", "wrong-person"), "CHAIN_FAULT");
    EXPECT_EQ(SettleAt(*node, id, "served"), "BAD_GRADE");
    EXPECT_EQ(SettleAt(*node, id, "void", ""), "NOTE_REQUIRED");
    EXPECT_EQ(SettleAt(*node, id, "void"), "OK");
    EXPECT_EQ(SettleAt(*node, id, "void"), "ENDED_HERE");
    EXPECT_EQ(node->Get(id).referral().grade(), "void");
    EXPECT_EQ(node->Get(id).referral().ended_here_note(), "by telephone, with Tim");
    EXPECT_EQ(May(*node, id), "");
    EXPECT_TRUE(Worklist(*node).empty());
    EXPECT_EQ(Audited(*node, "REFERRAL_SETTLED"),
              std::vector{node->uri + "/operator/ann void: ends-disagree"});
  }
  // The need and its clock go on, at the same organisation too.
  auto next = Request();
  next.set_follows(id);
  next.set_request_id(clinic_.RequestId());
  const std::string again = Create(next);
  ASSERT_EQ(again.size(), 36u) << again;
  EXPECT_EQ(clinic_.Get(again).referral().need(), clinic_.Get(id).referral().need());
  Settle();
  ASSERT_EQ(bank_.Do(again, "accept"), "OK");
  Settle();
  ExpectSame(again);
}

TEST_F(Ends, AForkThatTheHomeFindsIsToldToTheRequester) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  PutBankBack(id);
  // What the clinic has seen is nothing that the bank knows.
  ASSERT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
  Settle();
  EXPECT_EQ(bank_.Get(id).referral().fault(), "CHAIN_FORK at link 3");
  EXPECT_EQ(clinic_.Get(id).referral().fault(), "CHAIN_FORK, told by the other end");
  EXPECT_EQ(clinic_.Get(id).referral().proposed(), "");
  EXPECT_EQ(Worklist(clinic_), std::vector{id});
  EXPECT_EQ(Worklist(bank_), std::vector{id});
  // An end that was put back once more, and forgot, is told again.
  ASSERT_TRUE(bank_.store.db()
                  .Write("forget",
                         [&](Tx& tx) {
                           return tx.Prepare("UPDATE referral SET fault='', fault_at=0").Run();
                         })
                  .ok());
  ASSERT_EQ(bank_.Do(id, "reject", "no-capacity"), "OK");
  Settle();
  EXPECT_EQ(bank_.Get(id).referral().fault(), "CHAIN_FORK, told by the other end");
  // And what is lost, as both say, counts as lost.
  EXPECT_EQ(SettleAt(clinic_, id, "lost"), "OK");
  EXPECT_EQ(clinic_.Get(id).referral().grade(), "lost");
  EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
}

// One row that today's tables refuse.
TEST_F(Ends, OneThatCannotBeReadIsShownAsThatAndHidesNoOther) {
  Consent();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    auto request = Request();
    request.set_request_id(clinic_.RequestId());
    ids.push_back(Create(request));
  }
  Settle();
  for (ReferralNode* node : {&clinic_, &bank_}) {
    ASSERT_TRUE(node->store.db()
                    .Write("break",
                           [&](Tx& tx) -> Status {
                             EQN_TRY(const StoredReferral stored,
                                     ReferralStore::Get(tx, *Uuid::Parse(ids[1])));
                             return tx
                                 .Prepare("DELETE FROM referral_link WHERE referral=? AND number=1")
                                 .BindAll(stored.row)
                                 .Run();
                           })
                    .ok());
    const auto list = List(*node, false);
    ASSERT_EQ(list.size(), 3u);
    std::size_t faulty = 0;
    for (const auto& each : list) {
      EXPECT_EQ(each.fault().starts_with("BAD_ROW"), each.id() == ids[1]) << each.fault();
      EXPECT_EQ(each.domain(), "food-insecurity");
      faulty += !each.fault().empty();
    }
    EXPECT_EQ(faulty, 1u);
    EXPECT_TRUE(node->Get(ids[1]).referral().fault().starts_with("BAD_ROW"));
    v1::ListReferralChangesRequest changes;
    EXPECT_EQ(
        node->Ask<v1::ListReferralChangesResponse>("ReferralService/ListReferralChanges", changes)
            ->referrals_size(),
        3);
  }
  bank_.store.clock().Advance(days(31));
  Turn(bank_);
  EXPECT_EQ(bank_.StateOf(ids[0]), "failed");
  EXPECT_EQ(bank_.StateOf(ids[2]), "failed");
  bank_.store.clock().Advance(days(1));
  Turn(bank_);
}

// Through every door: food bank A turns it down, B is asked after it, and nobody comes back to A
// but by reopening, once, with a reason.
class AskAgain : public Ends {
 protected:
  AskAgain() {
    clinic_.Enrol(shelter_);
    shelter_.Enrol(clinic_);
    Consent();
    first_ = Create();
    SettleAll();
    need_ = clinic_.Get(first_).referral().need();
    EXPECT_EQ(bank_.Do(first_, "reject", "no-capacity"), "OK");
    SettleAll();
  }
  void SettleAll() {
    while (Carry(clinic_, bank_) + Carry(bank_, clinic_) + Carry(clinic_, shelter_) +
               Carry(shelter_, clinic_) >
           0) {
    }
  }
  v1::CreateReferralRequest To(const ReferralNode& node) {
    auto request = Request();
    request.set_target_node(node.uri);
    return request;
  }
  std::size_t OpenAtBank() { return Worklist(bank_).size(); }

  ReferralNode shelter_{pki_, "cbo", "shelter", 3};
  std::string first_{};
  std::string need_{};
};

TEST_F(AskAgain, FollowsKeepsTheNeedAndDoesNotLeadBack) {
  auto back = To(bank_);
  back.set_follows(first_);
  EXPECT_EQ(Create(back), "ASKED_BEFORE") << "under the same need, though none was named";
  auto on = To(shelter_);
  on.clear_person();
  on.clear_domain();
  on.set_follows(first_);
  const std::string second = Create(on);
  ASSERT_EQ(second.size(), 36u) << second;
  EXPECT_EQ(clinic_.Get(second).referral().need(), need_);
  EXPECT_EQ(clinic_.Get(second).referral().person(), kPerson);
  EXPECT_EQ(clinic_.Get(second).referral().domain(), "food-insecurity");
  SettleAll();
  back.set_follows(second);
  back.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(back), "STILL_OPEN") << "what is still open has no follower";
  ASSERT_EQ(shelter_.Do(second, "reject", "not-eligible"), "OK");
  SettleAll();
  for (const std::string& named : {first_, second}) {
    back.set_follows(named);
    back.set_request_id(clinic_.RequestId());
    EXPECT_EQ(Create(back), "ASKED_BEFORE");
  }
  back.clear_follows();
  back.set_need(need_);
  back.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(back), "ASKED_BEFORE");
  SettleAll();
  EXPECT_EQ(OpenAtBank(), 0u);
}

TEST_F(AskAgain, ANeedIsOfOnePersonAndOneDomain) {
  const std::string other = "feed/Patient/2";
  v1::RecordConsentRequest consent;
  consent.mutable_consent()->set_person(other);
  consent.mutable_consent()->set_given(true);
  consent.mutable_consent()->set_recipient("class:cbo");
  consent.mutable_consent()->add_purposes("referral");
  consent.mutable_consent()->add_categories("*");
  wire::SetTimestamp(clinic_.now(), consent.mutable_consent()->mutable_signed_at());
  consent.mutable_consent()->set_document(std::string(32, 'd'));
  consent.set_request_id(clinic_.RequestId());
  ASSERT_TRUE(clinic_.Ask<v1::RecordConsentResponse>("ConsentService/RecordConsent", consent).ok());
  Consent(true, "homelessness");
  const auto create = [&](auto&& change) {
    auto request = To(shelter_);
    change(request);
    request.set_request_id(clinic_.RequestId());
    return Create(request);
  };
  EXPECT_EQ(create([&](auto& r) { r.set_person(other), r.set_need(need_); }), "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) { r.set_person(other), r.set_follows(first_); }), "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) {
              r.set_person(other), r.set_reopens(first_), r.set_reason("new-facts");
            }),
            "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) { r.set_domain("homelessness"), r.set_need(need_); }),
            "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) { r.set_domain("homelessness"), r.set_follows(first_); }),
            "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) { r.set_follows(first_), r.set_need(clinic_.RequestId()); }),
            "OTHER_NEED");
  EXPECT_EQ(create([&](auto& r) { r.set_follows(first_), r.set_reopens(first_); }), "BAD_FOLLOWS");
  EXPECT_EQ(create([&](auto& r) { r.set_follows(clinic_.RequestId()); }), "NO_SUCH_REFERRAL");
  EXPECT_EQ(create([&](auto& r) { r.clear_domain(); }), "UNKNOWN_DOMAIN");
  // One that was asked of this node is another's to follow.
  v1::CreateReferralRequest theirs = To(bank_);
  theirs.set_follows(first_);
  theirs.set_target_node(clinic_.uri);
  theirs.set_request_id(bank_.RequestId());
  EXPECT_EQ(bank_.Ask<v1::CreateReferralResponse>("ReferralService/CreateReferral", theirs)
                .error()
                .reason,
            "NO_SUCH_REFERRAL");
}

TEST_F(AskAgain, ReopensLeadsBackOnceForAReasonToTheSameOrganisation) {
  const auto reopen = [&](const std::string& which, const ReferralNode& at,
                          const std::string& reason, const std::string& note = "") {
    auto request = To(at);
    request.set_reopens(which);
    request.set_reason(reason);
    request.set_note(note);
    request.set_request_id(clinic_.RequestId());
    return Create(request);
  };
  EXPECT_EQ(reopen(first_, bank_, ""), "REASON_REQUIRED");
  EXPECT_EQ(reopen(first_, bank_, "no-such"), "BAD_REASON");
  EXPECT_EQ(reopen(first_, bank_, "no-capacity"), "BAD_REASON") << "that is why it was closed";
  EXPECT_EQ(reopen(first_, bank_, "other"), "NOTE_REQUIRED");
  EXPECT_EQ(reopen(first_, shelter_, "new-facts"), "OTHER_ORGANISATION");
  auto plain = To(shelter_);
  plain.set_reason("new-facts");
  EXPECT_EQ(Create(plain), "BAD_REASON") << "only what is reopened has a reason";
  const std::string second = reopen(first_, bank_, "capacity-again", "the truck came");
  ASSERT_EQ(second.size(), 36u) << second;
  EXPECT_EQ(reopen(first_, bank_, "capacity-again"), "REOPENED_BEFORE");
  EXPECT_EQ(reopen(second, bank_, "capacity-again"), "STILL_OPEN");
  SettleAll();
  EXPECT_EQ(OpenAtBank(), 1u);
  const auto told = bank_.Get(second);
  EXPECT_EQ(told.history(0).reason(), "capacity-again");
  EXPECT_EQ(told.history(0).note(), "the truck came");
  EXPECT_EQ(told.referral().need(), need_);
  ASSERT_EQ(bank_.Do(second, "reject", "no-capacity"), "OK");
  SettleAll();
  EXPECT_EQ(reopen(first_, bank_, "capacity-again"), "REOPENED_BEFORE");
  // The way goes on from the last one, and is not endless.
  std::string last = second;
  std::size_t made = 2;
  for (std::string next; made < 40; ++made) {
    next = reopen(last, bank_, "capacity-again");
    if (next.size() != 36u) {
      EXPECT_EQ(next, "TOO_MANY");
      break;
    }
    last = next;
    SettleAll();
    ASSERT_EQ(bank_.Do(last, "reject", "no-capacity"), "OK");
    SettleAll();
  }
  EXPECT_EQ(made, 12u);
}

}  // namespace
}  // namespace equinode::testing
