#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(ReferralTown, ALoopIsClosedAndBothEndsHoldTheSameChain) {
  Consent();
  const std::string id = Create();
  Settle();
  EXPECT_EQ(bank_.Get(id).referral().sub_state(), "received");
  EXPECT_EQ(bank_.Get(id).order().at("client_name"), "Maria");
  EXPECT_EQ(bank_.Do(id, "accept"), "OK");
  EXPECT_EQ(bank_.Do(id, "schedule"), "OK");
  EXPECT_EQ(bank_.Do(id, "no-show"), "OK");
  EXPECT_EQ(bank_.Do(id, "complete"), "OK");
  Settle();
  EXPECT_EQ(clinic_.Get(id).referral().grade(), "served-as-reported");
  EXPECT_FALSE(clinic_.Get(id).referral().loop_closed());
  EXPECT_EQ(clinic_.Do(id, "acknowledge"), "PROPOSED");
  EXPECT_EQ(clinic_.Do(id, "acknowledge"), "PROPOSED_BEFORE");
  Settle();
  ExpectSame(id);
  EXPECT_TRUE(clinic_.Get(id).referral().loop_closed());
  EXPECT_TRUE(bank_.Get(id).referral().loop_closed());
  EXPECT_EQ(clinic_.Get(id).referral().next_who(), "");
  EXPECT_EQ(clinic_.Get(id).history_size(), 7);
}

TEST_F(ReferralTown, NobodyIsSentWithoutConsent) {
  EXPECT_EQ(Create(), "NO_CONSENT");
  Consent(false);
  EXPECT_EQ(Create(), "CONSENT_REFUSED");
  clinic_.store.clock().Advance(1h);
  const std::string consent = Consent();
  EXPECT_EQ(Create().size(), 36u);
  EXPECT_TRUE(Revoke(consent).ok());
  clinic_.store.clock().Advance(1h);
  auto request = Request();
  EXPECT_EQ(Create(request), "CONSENT_REFUSED");  // The refusal is what is left.
  request.set_domain("homelessness");
  request.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(request), "NO_CONSENT");
}

TEST_F(ReferralTown, TheQuestionIsAnsweredAsTheReferralWouldBe) {
  const auto answer = [&] {
    v1::CheckConsentRequest request;
    request.set_person(kPerson);
    request.set_recipient(bank_.uri);
    request.add_categories("food-insecurity");
    return clinic_.Ask<v1::CheckConsentResponse>("ConsentService/CheckConsent", request)->answer();
  };
  EXPECT_EQ(answer(), "none-on-file");
  const std::string consent = Consent();
  EXPECT_EQ(answer(), "given");
  ASSERT_TRUE(Revoke(consent).ok());
  EXPECT_EQ(answer(), "revoked");
  EXPECT_EQ(Create(), "CONSENT_REVOKED");
}

TEST_F(ReferralTown, WhatCannotBeAskedIsRefused) {
  Consent(true, "*");
  auto request = Request();
  request.set_target_node("spiffe://test.example/cbo/nobody");
  EXPECT_EQ(Create(request), "NO_SUCH_PEER");
  request = Request();
  request.set_target_node("food bank");
  EXPECT_EQ(Create(request), "BAD_IDENTITY");
  request = Request();
  request.set_domain("Food!");
  EXPECT_EQ(Create(request), "UNKNOWN_DOMAIN");
  // Mistyped, it would not be sensitive any more.
  request = Request();
  request.set_domain("intimate-partner-violense");
  EXPECT_EQ(Create(request), "UNKNOWN_DOMAIN");
  request = Request();
  request.set_priority("soon");
  EXPECT_EQ(Create(request), "BAD_PRIORITY");
  request = Request();
  request.set_request_id("1");
  EXPECT_EQ(Create(request), "BAD_REQUEST_ID");
  request = Request();
  (*request.mutable_order())["diagnosis"] = "Z59.41";
  EXPECT_EQ(Create(request), "NO_SUCH_FIELD");
  request = Request();
  request.set_domain("intimate-partner-violence");
  EXPECT_EQ(Create(request), "SAFE_CONTACT_NEEDED");
  EXPECT_EQ(clinic_.Do("not-an-id", "accept"), "BAD_REFERRAL_ID");
  EXPECT_EQ(clinic_.Do(clinic_.RequestId(), "accept"), "NO_SUCH_REFERRAL");
  const std::string id = Create();
  EXPECT_EQ(clinic_.Do(id, "expire"), "BAD_VERB");
  EXPECT_EQ(clinic_.Do(id, "accept"), "NOT_YOUR_MOVE");
  Settle();
  EXPECT_EQ(bank_.Do(id, "reject"), "REASON_REQUIRED");
  EXPECT_EQ(bank_.Do(id, "start"), "NO_SUCH_MOVE");
}

TEST_F(ReferralTown, WhatIsStillToBeDoneIsNoEvidence) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  const auto complete = [&](Millis from_now) -> std::string {
    v1::ActOnReferralRequest request;
    request.set_referral_id(id);
    request.set_verb("complete");
    v1::ReferralEvidence& evidence = *request.add_evidence();
    evidence.set_system("http://snomed.info/sct");
    evidence.set_code("467771000124109");
    wire::SetTimestamp(bank_.now() + from_now, evidence.mutable_at());
    request.set_request_id(bank_.RequestId());
    const auto acted =
        bank_.Ask<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request);
    return acted.ok() ? acted->referral().grade() : acted.error().reason;
  };
  EXPECT_EQ(complete(25h), "BAD_EVIDENCE");
  EXPECT_EQ(complete(-49h), "BAD_EVIDENCE");
  EXPECT_EQ(complete(-1h), "served-with-evidence");
}

TEST_F(ReferralTown, TheSameRequestAgainMakesNoSecondReferral) {
  Consent();
  const auto request = Request();
  const std::string id = Create(request);
  EXPECT_EQ(Create(request), id);
  Settle();
  v1::ListReferralsRequest list;
  EXPECT_EQ(
      bank_.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", list)->referrals_size(),
      1);
}

TEST_F(ReferralTown, CancelAndCompleteRaceToTheSameEndAtBothEnds) {
  for (const bool cancel_first : {true, false}) {
    Consent();
    const std::string id = Create();
    Settle();
    ASSERT_EQ(bank_.Do(id, "accept"), "OK");
    Settle();
    // Neither knows of the other's deed.
    ASSERT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
    if (cancel_first) Carry(clinic_, bank_);
    ASSERT_EQ(bank_.Do(id, "complete"), "OK");
    Settle();
    ExpectSame(id);
    EXPECT_EQ(clinic_.StateOf(id), "completed");
    EXPECT_EQ(clinic_.Get(id).referral().proposed(), "");
  }
}

TEST_F(ReferralTown, AcceptAndCancelRaceToTheSameEndAtBothEnds) {
  for (const bool cancel_first : {true, false}) {
    Consent();
    const std::string id = Create();
    Settle();
    ASSERT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
    if (cancel_first) Carry(clinic_, bank_);
    EXPECT_EQ(bank_.Do(id, "accept"), cancel_first ? "NO_SUCH_MOVE" : "OK");
    Settle();
    ExpectSame(id);
    EXPECT_EQ(clinic_.StateOf(id), cancel_first ? "cancelled" : "accepted");
    if (cancel_first) continue;
    EXPECT_TRUE(clinic_.Get(id).referral().cancel_asked());
    EXPECT_EQ(bank_.Do(id, "confirm-cancel"), "OK");
    Settle();
    ExpectSame(id);
    EXPECT_EQ(clinic_.StateOf(id), "cancelled");
  }
}

TEST_F(ReferralTown, WhatHasNotLeftIsDestroyedByARevocation) {
  const std::string consent = Consent();
  const std::string id = Create();
  const auto revoked = Revoke(consent);
  ASSERT_TRUE(revoked.ok()) << revoked.error().message;
  EXPECT_EQ(revoked->destroyed(), 1u);
  EXPECT_EQ(revoked->told_size(), 0);
  EXPECT_EQ(Carry(clinic_, bank_), 0u);
  EXPECT_EQ(clinic_.StateOf(id), "cancelled");
  EXPECT_EQ(clinic_.Get(id).order_size(), 0);
  EXPECT_EQ(Revoke(consent).error().reason, "REVOKED_BEFORE");
  // Nothing was told to anybody.
  v1::ListDisclosuresRequest request;
  request.set_person(kPerson);
  EXPECT_EQ(clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", request)
                ->disclosures_size(),
            0);
}

TEST_F(ReferralTown, ARevocationThatOvertakesItsReferralStopsIt) {
  const std::string consent = Consent();
  const std::string id = Create();
  // It has left and is on its way.
  const std::vector<QueuedPayload> late = clinic_.Waiting(bank_, kReferral);
  ASSERT_EQ(late.size(), 1u);
  ASSERT_TRUE(clinic_.store.db()
                  .Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, late[0].row); })
                  .ok());
  const auto revoked = Revoke(consent);
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(revoked->destroyed(), 0u);
  ASSERT_EQ(revoked->told_size(), 1);
  EXPECT_EQ(revoked->told(0), bank_.uri);
  // The control lane is faster.
  for (const QueuedPayload& each : clinic_.Waiting(bank_, kRevocation)) {
    EXPECT_EQ(bank_.Take(clinic_.uri, each.kind, each.payload), "OK");
  }
  EXPECT_EQ(bank_.Take(clinic_.uri, kReferral, late[0].payload), "OK");
  EXPECT_EQ(bank_.last_purpose, "referral, refused: CONSENT_REVOKED");
  v1::GetReferralRequest get;
  get.set_referral_id(id);
  EXPECT_EQ(bank_.Ask<v1::GetReferralResponse>("ReferralService/GetReferral", get).error().reason,
            "NO_SUCH_REFERRAL");
  Settle();
  EXPECT_EQ(clinic_.StateOf(id), "cancelled");
}

TEST_F(ReferralTown, ARevocationInMidReferralTakesTheContentAndIsAcknowledged) {
  const std::string consent = Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  ASSERT_TRUE(Revoke(consent).ok());
  const auto disclosure = [&] {
    v1::ListDisclosuresRequest request;
    request.set_person(kPerson);
    return clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", request)
        ->disclosures(0);
  };
  EXPECT_TRUE(disclosure().has_told_revoked());
  EXPECT_FALSE(disclosure().revocation_acknowledged());  // Partitioned: not heard yet.
  Settle();
  EXPECT_TRUE(disclosure().revocation_acknowledged());
  EXPECT_EQ(bank_.Get(id).order_size(), 0);
  EXPECT_TRUE(bank_.Get(id).referral().cancel_asked());
  // How it ended may still be said.
  EXPECT_EQ(bank_.Do(id, "confirm-cancel"), "OK");
  Settle();
  ExpectSame(id);
  EXPECT_EQ(clinic_.Get(id).referral().reason(), "consent-revoked");
}

TEST_F(ReferralTown, DayThirtyIsInAndDayThirtyOneIsOut) {
  Consent();
  const std::string id = Create();
  Settle();
  const auto expire = [&] {
    const auto ended =
        bank_.store.db().Write("expire", [&](Tx& tx) { return bank_.desk->Expire(tx, 10); });
    EXPECT_TRUE(ended.ok()) << ended.error().message;
    return ended.ok() ? *ended : 0;
  };
  Later(std::chrono::days{30} + 23h);
  EXPECT_EQ(expire(), 0u);
  EXPECT_TRUE(bank_.Get(id).referral().overdue());
  Later(1h);
  EXPECT_EQ(expire(), 1u);
  EXPECT_EQ(expire(), 0u);
  EXPECT_EQ(bank_.StateOf(id), "failed");
  EXPECT_EQ(bank_.Get(id).referral().grade(), "lost");
}

// What a peer must not be able to do with bytes of its own making.
TEST_F(ReferralTown, ForgedNewsChangesNothingAndIsShown) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  const auto waiting = bank_.Waiting(clinic_, kReferral);
  ASSERT_EQ(waiting.size(), 1u);
  ReferralNews news = *ReferralNewsFromBytes(waiting[0].payload);

  ReferralNews unsigned_link = news;
  unsigned_link.links[0].home_signature = news.links[0].actor_signature;
  EXPECT_EQ(clinic_.Take(bank_.uri, kReferral, BytesFromReferralNews(unsigned_link)), "OK");
  EXPECT_EQ(clinic_.StateOf(id), "requested");
  EXPECT_EQ(clinic_.Get(id).referral().fault(), "BAD_SIGNATURE at link 3");
  EXPECT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "CHAIN_FAULT");

  // Another enrolled node speaks of a referral that is not its own.
  EXPECT_EQ(clinic_.Take("spiffe://test.example/cbo/other", kReferral, waiting[0].payload), "OK");
  EXPECT_EQ(clinic_.last_purpose, "referral, refused: of another node");
  EXPECT_EQ(clinic_.StateOf(id), "requested");
  EXPECT_EQ(clinic_.Take(bank_.uri, kReferral, AsBytes("nonsense")), "BAD_REFERRAL");
}

TEST_F(ReferralTown, AForkIsFoundAtBothEnds) {
  Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  // The bank's node is put back to before the acceptance and goes on from there.
  const auto undone = bank_.store.db().Write("restore", [&](Tx& tx) -> Status {
    EQN_CHECK(tx.Prepare("DELETE FROM referral_link WHERE number=3").Run());
    return Ok();
  });
  ASSERT_TRUE(undone.ok());
  bank_.store.clock().Advance(1h);
  ASSERT_EQ(bank_.Do(id, "reject", "no-capacity"), "OK");
  ASSERT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
  Settle();
  EXPECT_EQ(clinic_.Get(id).referral().fault(), "CHAIN_FORK at link 3");
  EXPECT_EQ(bank_.Get(id).referral().fault(), "CHAIN_FORK at link 3");
  EXPECT_EQ(bank_.Do(id, "mark-error", "wrong-person"), "CHAIN_FAULT");
}

TEST_F(ReferralTown, AnotherIsAskedAfterARefusalAndNobodyTwice) {
  Consent();
  auto request = Request();
  const std::string need = clinic_.RequestId();
  request.set_need(need);
  const std::string first = Create(request);
  request.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(request), "STILL_OPEN");
  Settle();
  ASSERT_EQ(bank_.Do(first, "reject", "no-capacity"), "OK");
  Settle();
  request.set_request_id(clinic_.RequestId());
  EXPECT_EQ(Create(request), "ASKED_BEFORE");
  request.set_reopens(first);
  request.set_reason("capacity-again");
  request.set_request_id(clinic_.RequestId());
  const std::string again = Create(request);
  EXPECT_EQ(again.size(), 36u) << again;
  Settle();
  EXPECT_EQ(bank_.Get(again).referral().need(), need);
  EXPECT_EQ(clinic_.StateOf(first), "rejected") << "the closed one never changes";
}

// TL08 for referrals: what the food bank may not know is nowhere at the food bank. Every field that
// an order can have holds a word of its own; so do the person's id and the consent's document.
TEST_F(ReferralTown, WhatIsNotOnTheDomainsListIsNowhereAtTheTarget) {
  std::size_t kept = 0, held_back = 0;
  for (const char* domain : {"food-insecurity", "homelessness", "transportation-insecurity",
                             "intimate-partner-violence", "elder-abuse", "substance-use"}) {
    SCOPED_TRACE(domain);
    Consent(true, domain);
    Consent(true, "SOGI");
    Consent(true, "PART2");
    auto request = Request();
    request.set_domain(domain);
    const auto canary = [&](std::string_view field) {
      return "canary-" + std::string(domain) + "-" + std::string(field) + "-end";
    };
    for (const std::string_view field : referral::OrderFields()) {
      (*request.mutable_order())[std::string(field)] = canary(field);
    }
    // Two say how the rest is to be treated, in words of their own.
    request.mutable_order()->erase("label");
    request.mutable_order()->erase("tell_back");
    const std::string id = Create(request);
    ASSERT_EQ(id.size(), 36u) << id;
    std::string wire;
    const auto overhear = [&] {
      for (const QueuedPayload& each : clinic_.Waiting(bank_, kReferral)) {
        wire += AsText(each.payload);
      }
    };
    overhear();
    Settle();
    ASSERT_EQ(bank_.Do(id, "accept"), "OK");
    Settle();
    // Words beside the order would go round its list.
    if (referral::IsSensitive(domain)) {
      EXPECT_EQ(clinic_.Do(id, "cancel", "other", canary("note")), "SENSITIVE_NOTE");
    }
    ASSERT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
    overhear();
    Settle();
    EXPECT_EQ(wire.find(canary("note")), std::string::npos);
    const std::string store = bank_.Dump();
    const auto shown = bank_.Get(id).SerializeAsString();
    for (const std::string_view field : referral::OrderFields()) {
      if (!request.order().contains(std::string(field))) continue;
      const bool may = referral::MayHave(domain, field);
      EXPECT_EQ(wire.find(canary(field)) != std::string::npos, may) << field;
      EXPECT_EQ(store.find(canary(field)) != std::string::npos, may) << field;
      EXPECT_EQ(shown.find(canary(field)) != std::string::npos, may) << field;
      (may ? kept : held_back) += 1;
    }
    // The audit log names nobody, of either end.
    const auto log = bank_.store.db().Read([](ReadTx& tx) -> Result<std::string> {
      std::string all;
      Statement read = tx.Prepare("SELECT actor||subject||purpose||outcome FROM audit_entry");
      for (;;) {
        EQN_TRY(const bool more, read.Step());
        if (!more) return all;
        all += read.Text(0) + "\n";
      }
    });
    ASSERT_TRUE(log.ok());
    EXPECT_EQ(log->find("canary"), std::string::npos);
    for (const std::string& never :
         {std::string(kPerson), std::string("feed/Patient"), std::string(32, 'd')}) {
      EXPECT_EQ(wire.find(never), std::string::npos) << never;
      EXPECT_EQ(store.find(never), std::string::npos) << never;
    }
  }
  EXPECT_GT(kept, 25u);
  EXPECT_GT(held_back, 25u);
}

TEST_F(ReferralTown, AListGoesOnWhereItStoppedAndChangesAreMissedByNobody) {
  Consent();
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) {
    ids.push_back(Create());
    Later(1h);
  }
  Settle();
  ASSERT_EQ(bank_.Do(ids[2], "reject", "no-capacity"), "OK");
  ASSERT_EQ(bank_.Do(ids[4], "accept"), "OK");
  v1::ListReferralsRequest list;
  list.set_box("inbox");
  list.set_page_size(2);
  std::vector<std::string> seen;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = bank_.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", list);
    ASSERT_TRUE(page.ok());
    for (const auto& each : page->referrals()) seen.push_back(each.id());
    if (page->next_page_token().empty()) break;
    list.set_page_token(page->next_page_token());
  }
  std::vector<std::string> sorted = seen;
  std::sort(sorted.begin(), sorted.end());
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(sorted, ids);
  list.set_page_token("x");
  EXPECT_EQ(
      bank_.Ask<v1::ListReferralsResponse>("ReferralService/ListReferrals", list).error().reason,
      "BAD_PAGE_TOKEN");
  v1::ListReferralChangesRequest changes;
  // Of a node whose data was put back: whoever waits there would never hear of anything.
  changes.set_after(9999);
  EXPECT_EQ(
      bank_.Ask<v1::ListReferralChangesResponse>("ReferralService/ListReferralChanges", changes)
          .error()
          .reason,
      "CURSOR_AHEAD");
  changes.set_after(0);
  auto answer =
      bank_.Ask<v1::ListReferralChangesResponse>("ReferralService/ListReferralChanges", changes);
  EXPECT_EQ(answer->referrals_size(), 7);
  changes.set_after(answer->cursor());
  EXPECT_EQ(
      bank_.Ask<v1::ListReferralChangesResponse>("ReferralService/ListReferralChanges", changes)
          ->referrals_size(),
      0);
  ASSERT_EQ(bank_.Do(ids[0], bank_.StateOf(ids[0]) == "requested" ? "accept" : "mark-error", ""),
            "OK");
  answer =
      bank_.Ask<v1::ListReferralChangesResponse>("ReferralService/ListReferralChanges", changes);
  ASSERT_EQ(answer->referrals_size(), 1);
  EXPECT_EQ(answer->referrals(0).id(), ids[0]);
}

}  // namespace
}  // namespace equinode::testing
