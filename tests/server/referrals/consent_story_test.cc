// What a person's consents do to what leaves: labels, the way back, a later no, words beside the
// order.
#include <gtest/gtest.h>

#include "base/crypto/cms.h"
#include "domain/referral/event.h"
#include "tests/server/referrals/referral_town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;

constexpr char kNotice[] =
    "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

class ConsentTown : public ReferralTown {
 protected:
  struct Says {
    bool given = false;
    std::string category = "*";
    std::string recipient = "*";
    std::string direction = "to";
  };
  Result<v1::RecordConsentResponse> Say(const Says& says) {
    Later(1min);  // Of two at one moment the refusal stands.
    v1::RecordConsentRequest request;
    v1::Consent& consent = *request.mutable_consent();
    consent.set_person(kPerson);
    consent.set_given(says.given);
    consent.set_recipient(says.recipient);
    consent.set_direction(says.direction);
    if (says.given) consent.add_purposes("referral");
    consent.add_categories(says.category);
    wire::SetTimestamp(clinic_.now(), consent.mutable_signed_at());
    consent.set_document(std::string(32, 'd'));
    request.set_request_id(clinic_.RequestId());
    return clinic_.Ask<v1::RecordConsentResponse>("ConsentService/RecordConsent", request);
  }
  std::string CreateFor(const std::string& domain,
                        const std::map<std::string, std::string>& fields = {}) {
    auto request = Request();
    request.set_domain(domain);
    for (const auto& [field, text] : fields) (*request.mutable_order())[field] = text;
    return Create(request);
  }
  v1::ListDisclosuresResponse Disclosures() {
    v1::ListDisclosuresRequest request;
    request.set_person(kPerson);
    return *clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", request);
  }
  std::string Wire(ReferralNode& from, ReferralNode& to) {
    std::string wire;
    for (const QueuedPayload& each : from.Waiting(to, kReferral)) wire += AsText(each.payload);
    return wire;
  }
  // Everything that the chain of a referral says, as text.
  std::string Said(ReferralNode& at, const std::string& id) {
    std::string all;
    for (const referral::Link& link : at.Chain(id)) all += AsText(link.event);
    return all;
  }
  std::string Complete(const std::string& id, bool evidence) {
    v1::ActOnReferralRequest request;
    request.set_referral_id(id);
    request.set_verb("complete");
    if (evidence) {
      v1::ReferralEvidence& done = *request.add_evidence();
      done.set_system("http://snomed.info/sct");
      done.set_code("467771000124109");
      wire::SetTimestamp(bank_.now(), done.mutable_at());
    } else {
      request.set_reported_by("Tim who lives next door");
    }
    request.set_request_id(bank_.RequestId());
    const auto acted =
        bank_.Ask<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request);
    return acted.ok() ? acted->referral().grade() : acted.error().reason;
  }
};

TEST_F(ConsentTown, AFieldUnderALabelIsToldOnlyToWhomTheLabelMayBe) {
  Consent();
  const std::map<std::string, std::string> pronouns = {{"pronouns", "they/them"}};
  EXPECT_EQ(CreateFor("food-insecurity", pronouns), "NO_CONSENT")
      << "a yes to food is none to SOGI";
  ASSERT_TRUE(Say({false, "SOGI", "*"}).ok());
  EXPECT_EQ(CreateFor("food-insecurity", pronouns), "CONSENT_REFUSED");
  const std::string without = CreateFor("food-insecurity");
  EXPECT_EQ(without.size(), 36u) << without;
  EXPECT_EQ(Wire(clinic_, bank_).find("they/them"), std::string::npos);
  ASSERT_TRUE(Say({true, "SOGI", "*"}).ok());
  const std::string with = CreateFor("food-insecurity", pronouns);
  EXPECT_EQ(with.size(), 36u) << with;
  Settle();
  EXPECT_EQ(bank_.Get(with).order().at("pronouns"), "they/them");
  EXPECT_EQ(bank_.Get(with).labels(0), "SOGI");
  EXPECT_EQ(Disclosures().disclosures(0).categories(1), "SOGI");
}

TEST_F(ConsentTown, WhatFallsUnderPart2NeedsItsNameAndCarriesItsNotice) {
  const std::map<std::string, std::string> safe = {{"safe_contact", "by day"}};
  Consent(true, "substance-use");
  EXPECT_EQ(CreateFor("substance-use", safe), "NO_CONSENT");
  Consent(true, "PART2");
  const std::string id = CreateFor("substance-use", safe);
  ASSERT_EQ(id.size(), 36u) << id;
  EXPECT_NE(Wire(clinic_, bank_).find(kNotice), std::string::npos) << "on the wire";
  Settle();
  ASSERT_EQ(bank_.Get(id).notices_size(), 1) << "at the target";
  EXPECT_EQ(bank_.Get(id).notices(0), kNotice);
  EXPECT_EQ(Disclosures().disclosures(0).notice(), kNotice) << "on the list";
  EXPECT_EQ(Disclosures().disclosures(0).categories_size(), 2);
  // A programme's referral for food is one too, where the programme says so.
  Consent();
  const std::string food = CreateFor("food-insecurity", {{"label", "PART2"}});
  ASSERT_EQ(food.size(), 36u) << food;
  EXPECT_NE(Wire(clinic_, bank_).find(kNotice), std::string::npos);
  EXPECT_EQ(clinic_.Get(food).labels(0), "PART2");
  EXPECT_EQ(CreateFor("food-insecurity").size(), 36u);
  EXPECT_EQ(Disclosures().disclosures(0).notice(), "");
}

// The label is asked for again when it leaves, with the order that is about to.
TEST_F(ConsentTown, TA07_ALabelThatIsRefusedMeanwhileKeepsTheOrderHere) {
  Consent();
  Consent(true, "SOGI");
  const std::string id = CreateFor("food-insecurity", {{"pronouns", "they/them"}});
  const auto waiting = clinic_.Waiting(bank_, kReferral);
  ASSERT_EQ(waiting.size(), 1u);
  const auto may = [&] {
    return *clinic_.store.db().Read([&](ReadTx& tx) {
      return clinic_.desk->NewsWatch().may_leave(tx, bank_.uri, waiting[0].payload, clinic_.now());
    });
  };
  EXPECT_TRUE(may());
  // Kept by a store that no desk has looked at since.
  consent::Consent no;
  no.id = *Uuid::Parse(clinic_.RequestId());
  no.person = kPerson;
  no.recipient = "*";
  no.categories = {"SOGI"};
  no.from = no.signed_at = clinic_.now() + 1min;
  no.document.fill(1);
  Later(2min);
  ASSERT_TRUE(
      clinic_.store.db().Write("no", [&](Tx& tx) { return ConsentStore::Add(tx, no); }).ok());
  EXPECT_FALSE(may());
}

TEST_F(ConsentTown, WhoRefusesTheWayBackIsToldOfByStateAlone) {
  for (const char* recipient : {"*", "class:cbo", "class:practice", "", "self"}) {
    SCOPED_TRACE(recipient);
    Consent();
    const std::string who = *recipient == 0                         ? bank_.uri
                            : std::string_view(recipient) == "self" ? clinic_.uri
                                                                    : recipient;
    ASSERT_TRUE(Say({false, "*", who, "back"}).ok());
    const std::string id = CreateFor("food-insecurity");
    ASSERT_EQ(id.size(), 36u) << id;
    Settle();
    EXPECT_EQ(bank_.Get(id).order().at("tell_back"), "status-only");
    EXPECT_EQ(bank_.Do(id, "accept", "", "she lives with her brother"), "STATUS_ONLY");
    ASSERT_EQ(bank_.Do(id, "accept"), "OK");
    EXPECT_EQ(bank_.Do(id, "interim-note", "", "came twice"), "STATUS_ONLY");
    EXPECT_EQ(Complete(id, true), "STATUS_ONLY");
    EXPECT_EQ(Complete(id, false), "served-as-reported");
    Settle();
    ExpectSame(id);
    EXPECT_EQ(clinic_.StateOf(id), "completed");
    for (const char* word : {"Tim", "brother", "twice", "467771000124109"}) {
      EXPECT_EQ(Said(clinic_, id).find(word), std::string::npos) << word;
    }
    ASSERT_TRUE(Say({true, "food-insecurity", who, "back"}).ok());
    ASSERT_TRUE(Say({true, "*", who, "back"}).ok());
  }
}

TEST_F(ConsentTown, TheWayBackIsOpenUntilSomebodySaysNoAndNarrowedWhenTheyDo) {
  Consent();
  const std::string id = CreateFor("food-insecurity");
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept", "", "come on Friday"), "OK");
  Settle();
  const auto no = Say({false, "*", "*", "back"});
  ASSERT_TRUE(no.ok());
  ASSERT_EQ(no->told_size(), 1);
  EXPECT_EQ(no->told(0), bank_.uri);
  EXPECT_EQ(no->destroyed(), 0u);
  Settle(2);
  EXPECT_EQ(bank_.Do(id, "interim-note", "", "came twice"), "STATUS_ONLY");
  EXPECT_FALSE(bank_.Get(id).order().at("service_text").empty()) << "the order stays";
  EXPECT_EQ(Complete(id, true), "STATUS_ONLY");
  EXPECT_EQ(Complete(id, false), "served-as-reported");
  Settle();
  ExpectSame(id);
  EXPECT_FALSE(clinic_.Get(id).referral().cancel_asked());
}

TEST_F(ConsentTown, AYesToTheWayBackThatIsTakenBackNarrowsItToo) {
  Consent();
  const auto yes = Say({true, "*", "class:cbo", "back"});
  ASSERT_TRUE(yes.ok());
  const std::string id = CreateFor("food-insecurity");
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept", "", "come on Friday"), "OK");
  const auto revoked = Revoke(yes->consent().id());
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(revoked->told_size(), 1);
  Settle();
  EXPECT_EQ(bank_.Do(id, "interim-note", "", "came twice"), "STATUS_ONLY");
}

TEST_F(ConsentTown, TA07_ALaterNoEndsWhatTheYesHadLetThroughAndNothingElse) {
  Consent(true, "*");
  const std::string food = CreateFor("food-insecurity");
  const std::string home = CreateFor("homelessness");
  Settle();
  ASSERT_EQ(bank_.Do(food, "accept"), "OK");
  Settle();
  const std::string waiting = CreateFor("food-insecurity");
  const auto no = Say({false, "food-insecurity", "class:cbo"});
  ASSERT_TRUE(no.ok()) << no.error().message;
  EXPECT_EQ(no->destroyed(), 1u) << "what had not left";
  ASSERT_EQ(no->told_size(), 1);
  EXPECT_EQ(no->told(0), bank_.uri);
  Settle(2);
  EXPECT_EQ(clinic_.StateOf(waiting), "cancelled");
  EXPECT_EQ(bank_.Get(food).order_size(), 0) << "what was told is gone";
  EXPECT_TRUE(bank_.Get(food).referral().cancel_asked());
  EXPECT_GT(bank_.Get(home).order_size(), 0) << "under the same yes, and not refused";
  EXPECT_FALSE(bank_.Get(home).referral().cancel_asked());
  EXPECT_EQ(bank_.Do(food, "interim-note", "", "still says"), "STATUS_ONLY");
  EXPECT_EQ(clinic_.Do(food, "mark-error", "other", "still says"), "STATUS_ONLY");
  EXPECT_EQ(bank_.Do(food, "confirm-cancel"), "OK");
  Settle();
  ExpectSame(food);
  EXPECT_EQ(clinic_.Get(food).referral().reason(), "consent-revoked");
  const v1::ListDisclosuresResponse told = Disclosures();
  for (const v1::Disclosure& each : told.disclosures()) {
    EXPECT_EQ(each.has_told_revoked(), each.id() == food);
    EXPECT_EQ(each.revocation_acknowledged(), each.id() == food);
  }
  // The same no again ends nothing more.
  const auto again = Say({false, "food-insecurity", "class:cbo"});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->told_size(), 0);
  EXPECT_EQ(Wire(clinic_, bank_), "");
}

TEST_F(ConsentTown, TA07_ALaterNoThatOvertakesItsReferralStopsIt) {
  Consent(true, "*");
  const std::string id = CreateFor("food-insecurity");
  const auto late = clinic_.Waiting(bank_, kReferral);
  ASSERT_EQ(late.size(), 1u);
  ASSERT_TRUE(clinic_.store.db()
                  .Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, late[0].row); })
                  .ok());
  ASSERT_TRUE(Say({false, "*", bank_.uri}).ok());
  for (const QueuedPayload& each : clinic_.Waiting(bank_, kRevocation)) {
    EXPECT_EQ(bank_.Take(clinic_.uri, each.kind, each.payload), "OK");
  }
  EXPECT_EQ(bank_.Take(clinic_.uri, kReferral, late[0].payload), "OK");
  EXPECT_EQ(bank_.last_purpose, "referral, refused: CONSENT_REVOKED");
  Settle();
  EXPECT_EQ(clinic_.StateOf(id), "cancelled");
}

TEST_F(ConsentTown, NoWordsGoRoundTheOrder) {
  Consent(true, "intimate-partner-violence");
  const std::string note = "husband home at 5 Elm St, phone 555";
  const std::string id = CreateFor("intimate-partner-violence", {{"safe_contact", "by day"}});
  Settle();
  EXPECT_EQ(clinic_.Do(id, "cancel", "other", note), "SENSITIVE_NOTE");
  EXPECT_EQ(clinic_.Do(id, "cancel", "requester-withdrew", note), "SENSITIVE_NOTE");
  EXPECT_EQ(Wire(clinic_, bank_), "");
  // Signed by a node that does not keep to it.
  ReferralNews news;
  news.referral = *Uuid::Parse(id);
  referral::Event event;
  event.id = *Uuid::Parse(clinic_.RequestId());
  event.referral = news.referral;
  event.kind = referral::EventKind::kCancel;
  event.actor = clinic_.uri + "/operator/ann";
  event.role = referral::Role::kRequester;
  event.at = clinic_.now();
  event.reason = "requester-withdrew";
  event.note = note;
  const auto chain = clinic_.Chain(id);
  event.seen_number = chain.back().number;
  event.seen_hash = referral::HashOf(chain.back());
  news.proposal.emplace();
  news.proposal->event = referral::CanonicalBytes(event);
  news.proposal->actor_signature =
      *SignDetached(news.proposal->event, clinic_.cert.certificate(), clinic_.cert.key());
  EXPECT_EQ(bank_.Take(clinic_.uri, kReferral, BytesFromReferralNews(news)), "OK");
  EXPECT_EQ(bank_.last_purpose, "referral, refused: SENSITIVE_NOTE");
  EXPECT_EQ(bank_.Dump().find("Elm St"), std::string::npos);
  EXPECT_EQ(clinic_.Do(id, "cancel", "requester-withdrew"), "PROPOSED");
  // Other verbs have no room for it either.
  v1::ActOnReferralRequest request;
  request.set_referral_id(id);
  request.set_verb("mark-error");
  request.set_reason("wrong-person");
  request.set_reported_by(note);
  request.set_request_id(clinic_.RequestId());
  EXPECT_EQ(clinic_.Ask<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request)
                .error()
                .reason,
            "BAD_EVENT");
  // Nor has taking it up again.
  Settle();
  ASSERT_EQ(clinic_.StateOf(id), "cancelled");
  auto again = Request();
  again.set_domain("intimate-partner-violence");
  (*again.mutable_order())["safe_contact"] = "by day";
  again.set_reopens(id);
  again.set_need(clinic_.Get(id).referral().need());
  again.set_reason("other");
  again.set_note(note);
  EXPECT_EQ(Create(again), "SENSITIVE_NOTE");
}

TEST_F(ConsentTown, TA07_AfterARevocationThatWasHeardTheStateAloneGoesBack) {
  const std::string consent = Consent();
  const std::string id = Create();
  Settle();
  ASSERT_EQ(bank_.Do(id, "accept"), "OK");
  Settle();
  ASSERT_TRUE(Revoke(consent).ok());
  EXPECT_EQ(clinic_.Do(id, "mark-error", "other", "words"), "STATUS_ONLY");
  Settle();
  EXPECT_EQ(bank_.Do(id, "interim-note", "", "words"), "STATUS_ONLY");
  EXPECT_EQ(Complete(id, true), "STATUS_ONLY");
  EXPECT_EQ(Complete(id, false), "served-as-reported");
  Settle();
  ExpectSame(id);
  EXPECT_EQ(clinic_.StateOf(id), "completed");
  EXPECT_EQ(Said(clinic_, id).find("Tim"), std::string::npos);
}

TEST_F(ConsentTown, WhatIsHeldBackIsNamed) {
  Consent();
  auto request = Request();
  (*request.mutable_order())["mobility"] = "lift";
  (*request.mutable_order())["diet"] = "halal";
  const auto made =
      clinic_.Ask<v1::CreateReferralResponse>("ReferralService/CreateReferral", request);
  ASSERT_TRUE(made.ok());
  ASSERT_EQ(made->held_back_size(), 1);
  EXPECT_EQ(made->held_back(0), "mobility");
}

TEST_F(ConsentTown, TheAuditLogSaysWhomAndUnderWhichConsent) {
  const auto touched = [&](const std::string& id) {
    return AsText(clinic_.last_call.audit.touched.bytes()).find(id) != std::string::npos;
  };
  const std::string consent = Consent();
  EXPECT_TRUE(touched(kPerson) && touched(consent)) << "RecordConsent";
  const std::string referral = Create();
  EXPECT_TRUE(touched(kPerson) && touched(consent) && touched(referral)) << "CreateReferral";
  v1::CheckConsentRequest check;
  check.set_person(kPerson);
  check.set_recipient(bank_.uri);
  check.add_categories("food-insecurity");
  ASSERT_TRUE(clinic_.Ask<v1::CheckConsentResponse>("ConsentService/CheckConsent", check).ok());
  EXPECT_TRUE(touched(kPerson) && touched(consent)) << "CheckConsent";
  v1::ListConsentsRequest list;
  list.set_person(kPerson);
  ASSERT_TRUE(clinic_.Ask<v1::ListConsentsResponse>("ConsentService/ListConsents", list).ok());
  EXPECT_TRUE(touched(kPerson) && touched(consent)) << "ListConsents";
  (void)Disclosures();
  EXPECT_TRUE(touched(kPerson)) << "ListDisclosures";
  v1::SplitOrderRequest split;
  split.set_person(kPerson);
  split.set_domain("food-insecurity");
  (*split.mutable_order())["service_text"] = "food box";
  (*split.mutable_order())["mobility"] = "lift";
  ReferralNode pantry(pki_, "cbo", "pantry", 3);
  clinic_.Enrol(pantry);
  split.add_parts()->set_target_node(bank_.uri);
  split.add_parts()->set_target_node(pantry.uri);
  split.set_request_id(clinic_.RequestId());
  const auto made = clinic_.Ask<v1::SplitOrderResponse>("ReferralService/SplitOrder", split);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE(touched(kPerson) && touched(consent)) << "SplitOrder";
  ASSERT_EQ(made->held_back_size(), 1);
  EXPECT_EQ(made->held_back(0), "mobility");
  ASSERT_TRUE(Revoke(consent).ok());
  EXPECT_TRUE(touched(kPerson) && touched(consent)) << "RevokeConsent";
}

TEST_F(ConsentTown, AQuestionAboutNothingIsNoAnswer) {
  v1::CheckConsentRequest check;
  check.set_person(kPerson);
  check.set_recipient(bank_.uri);
  check.add_categories("fod");
  const auto ask = [&] {
    return clinic_.Ask<v1::CheckConsentResponse>("ConsentService/CheckConsent", check);
  };
  EXPECT_EQ(ask().error().reason, "UNKNOWN_DOMAIN");
  check.set_categories(0, "food");
  EXPECT_NE(ask().error().message.find("food-insecurity"), std::string::npos);
  check.set_categories(0, "PART2");
  EXPECT_TRUE(ask().ok());
  const auto role = Say({true, "*", "spiffe://test.example/xyz/nobody"});
  EXPECT_EQ(role.error().reason, "BAD_CONSENT");
}

TEST_F(ConsentTown, ListsGoOnWhereTheyStopped) {
  std::set<std::string> kept, told;
  for (int i = 0; i < 5; ++i) {
    kept.insert(Consent());
    if (i % 2 == 1) Later(1h);  // Several of one moment.
    told.insert(Create());
  }
  v1::ListConsentsRequest consents;
  consents.set_person(kPerson);
  consents.set_page_size(2);
  std::vector<std::string> seen;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page =
        clinic_.Ask<v1::ListConsentsResponse>("ConsentService/ListConsents", consents);
    ASSERT_TRUE(page.ok());
    EXPECT_LE(page->consents_size(), 2);
    for (const v1::Consent& each : page->consents()) seen.push_back(each.id());
    consents.set_page_token(page->next_page_token());
    if (consents.page_token().empty()) break;
  }
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), kept);
  consents.set_page_token("x");
  EXPECT_EQ(
      clinic_.Ask<v1::ListConsentsResponse>("ConsentService/ListConsents", consents).error().reason,
      "BAD_PAGE_TOKEN");
  v1::ListDisclosuresRequest disclosures;
  disclosures.set_person(kPerson);
  disclosures.set_page_size(2);
  seen.clear();
  for (int pages = 0; pages < 10; ++pages) {
    const auto page =
        clinic_.Ask<v1::ListDisclosuresResponse>("ConsentService/ListDisclosures", disclosures);
    ASSERT_TRUE(page.ok());
    for (const v1::Disclosure& each : page->disclosures()) seen.push_back(each.id());
    disclosures.set_page_token(page->next_page_token());
    if (disclosures.page_token().empty()) break;
  }
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), told);
}

}  // namespace
}  // namespace equinode::testing
