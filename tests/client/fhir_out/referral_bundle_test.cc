// A referral goes out as the guide's resources and comes back as the same facts.
#include "client/fhir_out/referral_bundle.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "domain/referral/moves.h"
#include "domain/referral/order.h"
#include "tests/client/fhir_out/profiles.h"
#include "tests/support/reference.h"

namespace equinode {
namespace {

ReferralPaper AnyPaper() {
  ReferralPaper paper;
  paper.id = AnyId();
  // At the other end nobody is known by an id.
  if (*rc::gen::inRange(0, 5) > 0) {
    paper.person = "feed/Patient/p-" + std::to_string(*rc::gen::inRange(1, 99));
  }
  paper.need = AnyId();
  std::vector<std::string> domains;
  for (const NeedDomain& domain : NeedDomains()) domains.push_back(domain.code);
  paper.domain = *rc::gen::elementOf(domains);
  paper.priority =
      *rc::gen::elementOf(std::vector{referral::Priority::kRoutine, referral::Priority::kUrgent,
                                      referral::Priority::kAsap, referral::Priority::kStat});
  paper.requester = "spiffe://net/practice/elm";
  paper.target_node = "spiffe://net/qhio/exchange";
  if (*rc::gen::arbitrary<bool>()) paper.owner = "spiffe://net/cbo/harvest";
  paper.state = *rc::gen::suchThat(
      rc::gen::elementOf(std::vector(referral::kStates.begin(), referral::kStates.end())),
      [](referral::State state) { return state != referral::State::kNone; });
  paper.sub =
      *rc::gen::elementOf(std::vector(referral::kSubStates.begin(), referral::kSubStates.end()));
  if (*rc::gen::arbitrary<bool>()) {
    paper.reason = *rc::gen::elementOf(std::vector<std::string>{"no-capacity", "unreachable"});
  }
  if (*rc::gen::arbitrary<bool>()) paper.cancel_asked_for = "requester-withdrew";
  paper.loop_closed =
      paper.state != referral::State::kEnteredInError && *rc::gen::arbitrary<bool>();
  paper.sent = AnyMoment();
  paper.changed = AnyMoment();
  paper.expires = AnyMoment();
  paper.appointment = Perhaps(AnyMoment());
  paper.part_of = Perhaps(AnyId());
  paper.follows = Perhaps(AnyId());
  paper.reopens = Perhaps(AnyId());
  if (*rc::gen::arbitrary<bool>()) paper.order["service"] = "467771000124109";
  // An order that was destroyed with its consent has none.
  if (*rc::gen::inRange(0, 5) > 0) paper.order["service_text"] = AnyText();
  if (*rc::gen::arbitrary<bool>()) paper.order["household_size"] = "4";
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    paper.evidence.push_back(
        {*rc::gen::elementOf(std::vector{referral::Evidence::Kind::kProcedure,
                                         referral::Evidence::Kind::kServiceRecord}),
         "http://snomed.info/sct", std::to_string(*rc::gen::inRange(1, 9)), AnyMoment(),
         AnyDigest()});
  }
  if (*rc::gen::arbitrary<bool>()) paper.reported_by = AnyText();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    paper.notes.push_back({"spiffe://net/cbo/harvest/operator/ann", AnyMoment(), AnyText()});
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) paper.consents.push_back(AnyConsent());
  return paper;
}

RC_GTEST_PROP(ReferralBundle, ComesBackAsTheSameFacts, ()) {
  const ReferralPaper paper = AnyPaper();
  const std::string bundle = BundleOf(paper);
  const auto read = PaperFrom(bundle);
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == paper);
  RC_ASSERT(BundleOf(*read) == bundle);
  const std::string line = BundleOf(paper, true);
  RC_ASSERT(std::ranges::count(line, '\n') == 1);
  RC_ASSERT(*PaperFrom(line) == paper);
}

RC_GTEST_PROP(ReferralBundle, HasEveryElementThatTheProfilesRequire, ()) {
  const Json bundle = Json::parse(BundleOf(AnyPaper()));
  CheckProfiles(bundle);
}

TEST(ReferralBundle, TheListOfRequiredElementsFitsTheGuidesExamples) {
  if (!testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  std::size_t seen = 0;
  for (const auto& file :
       fs::directory_iterator(testing::ReferenceFolder() / "sdoh/sdoh-cc-examples")) {
    if (file.path().extension() != ".json") continue;
    const Json resource = Json::parse(FileText(file.path()));
    if (!resource.contains("meta") || !resource["meta"].contains("profile")) continue;
    const std::string profile = resource["meta"]["profile"][0];
    const std::string name = profile.substr(profile.rfind('/') + 1);
    if (FileText("tests/client/fhir_out/required_elements.csv").find(name + ",") ==
        std::string::npos) {
      continue;
    }
    ++seen;
    for (const std::string& missing : Missing(resource)) {
      // Its own form is another one for each of these.
      if (missing.find("sourceAttachment.url") != std::string::npos) continue;
      if (missing.find("policyRule") != std::string::npos && resource.contains("policy")) continue;
      ADD_FAILURE() << file.path().filename() << " has no " << missing;
    }
  }
  std::cout << seen << " examples of these profiles\n";
  EXPECT_GE(seen, 6u);
}

ConsentOnPaper AConsent() {
  ConsentOnPaper paper;
  paper.consent.person = "feed/Patient/p";
  paper.consent.given = true;
  paper.consent.recipient = "class:cbo";
  paper.consent.purposes = {consent::Purpose::kReferral};
  paper.consent.categories = {"food-insecurity"};
  paper.consent.signed_at = Instant{std::chrono::hours{480'000}};
  paper.consent.from = paper.consent.signed_at;
  paper.consent.document[3] = 7;
  return paper;
}

TEST(ReferralBundle, EachPartOfTheListCanBeMissed) {
  ReferralPaper paper;
  paper.person = "feed/Patient/p";
  paper.domain = "food-insecurity";
  paper.requester = "spiffe://net/practice/elm";
  paper.target_node = "spiffe://net/cbo/harvest";
  paper.order["service_text"] = "a food box";
  paper.state = referral::State::kFailed;
  paper.reason = "unreachable";
  paper.evidence.push_back({referral::Evidence::Kind::kProcedure, "s", "c", {}, {}});
  paper.consents.push_back(AConsent());
  const Json bundle = Json::parse(BundleOf(paper));
  std::set<std::string> types;
  for (const Json& entry : bundle.at("entry")) {
    const Json& resource = entry.at("resource");
    types.insert(resource.at("resourceType"));
    ASSERT_TRUE(Missing(resource).empty());
    for (const auto& [key, value] : resource.items()) {
      static const std::set<std::string> kNeeded = {
          "status", "intent",     "category", "code",         "subject",   "focus",
          "for",    "authoredOn", "patient",  "organization", "policyRule"};
      if (!kNeeded.contains(key)) continue;
      // authoredOn of the order and category of a procedure are not required.
      const std::string type = resource.at("resourceType");
      if ((type == "ServiceRequest" && key == "authoredOn") ||
          (type == "Procedure" && key == "category")) {
        continue;
      }
      Json spoilt = resource;
      spoilt.erase(key);
      EXPECT_FALSE(Missing(spoilt).empty()) << type << " without " << key;
    }
    if (resource.contains("statusReason")) {
      Json spoilt = resource;
      spoilt["statusReason"].erase("text");
      EXPECT_FALSE(Missing(spoilt).empty());
    }
  }
  EXPECT_EQ(types.size(), 4u);
}

TEST(ReferralBundle, WhatIsNoneIsRefusedWithTheElement) {
  const auto why = [](const std::string& text) {
    const auto read = PaperFrom(text);
    return read.ok() ? "OK" : read.error().reason + " " + read.error().message;
  };
  EXPECT_TRUE(why("{").starts_with("BAD_FHIR Bundle"));
  EXPECT_TRUE(why("[]").starts_with("BAD_FHIR Bundle"));
  EXPECT_TRUE(why(std::string(100'000, '[')).starts_with("BAD_FHIR Bundle"));
  EXPECT_TRUE(
      why("{\n \"resourceType\": \"Bundle\",\n")
          .starts_with("BAD_FHIR Bundle: is not JSON at line 3, column 1: it ends too early"))
      << why("{\n \"resourceType\": \"Bundle\",\n");
  EXPECT_TRUE(
      why("{\"a\": 1,\n \"b\": x}").starts_with("BAD_FHIR Bundle: is not JSON at line 2, column 7"))
      << why("{\"a\": 1,\n \"b\": x}");
  EXPECT_TRUE(why(R"({"resourceType":"Task"})")
                  .starts_with("BAD_FHIR Bundle: is missing: this is a Task alone; put the Task, "
                               "its ServiceRequest"))
      << why(R"({"resourceType":"Task"})");
  EXPECT_TRUE(why(R"({"resourceType":"Bundle","entry":[]})").starts_with("NOT_A_REFERRAL"));
  ReferralPaper paper;
  paper.person = "feed/Patient/p";
  paper.domain = "food-insecurity";
  paper.requester = "spiffe://net/practice/elm";
  const Json good = Json::parse(BundleOf(paper));
  const auto spoilt = [&](const char* key, const Json& value) {
    Json bundle = good;
    bundle["entry"][1]["resource"][key] = value;
    return why(bundle.dump());
  };
  EXPECT_TRUE(spoilt("status", "received").starts_with("BAD_FHIR Task.status"));
  EXPECT_TRUE(spoilt("focus", Json::object()).starts_with("BAD_FHIR Task.focus"));
  EXPECT_TRUE(spoilt("authoredOn", "yesterday").starts_with("BAD_FHIR Task.authoredOn"));
  EXPECT_TRUE(spoilt("priority", "soon").starts_with("BAD_FHIR Task.priority"));
  EXPECT_TRUE(spoilt("groupIdentifier", 7).starts_with("BAD_FHIR Task.groupIdentifier"));
}

RC_GTEST_PROP(FhirConsent, ComesBackAsTheSameFacts, ()) {
  const ConsentOnPaper consent = AnyConsent();
  ReferralPaper paper;
  paper.person = consent.consent.person;
  paper.domain = "food-insecurity";
  paper.requester = "spiffe://net/practice/elm";
  paper.consents.push_back(consent);
  const auto found = ConsentsIn(BundleOf(paper));
  RC_ASSERT(found.ok() && found->size() == 1u);
  RC_ASSERT(found->front().entry == 3u);
  RC_ASSERT(found->front().consent.ok());
  RC_ASSERT(*found->front().consent == consent);
}

// A yes that is narrower than what can be kept is not kept as a wider one, a no not as a narrower.
TEST(FhirConsent, WhatCannotBeKeptWholeIsRefusedWithTheElement) {
  ReferralPaper paper;
  paper.person = "feed/Patient/p";
  paper.domain = "food-insecurity";
  paper.requester = "spiffe://net/practice/elm";
  paper.consents.push_back(AConsent());
  const Json good = Json::parse(BundleOf(paper))["entry"][2]["resource"];
  const auto why = [](const Json& resource) {
    const auto found = ConsentsIn(resource.dump());
    if (!found.ok()) return found.error().message;
    if (found->size() != 1) return std::string("none");
    const auto& one = found->front().consent;
    return one.ok() ? std::string("OK") : one.error().reason + " " + one.error().message;
  };
  ASSERT_EQ(why(good), "OK");
  const auto changed = [&](const char* pointer, const Json& value) {
    Json spoilt = good;
    if (value.is_discarded()) {
      const Json::json_pointer at(pointer);
      spoilt[at.parent_pointer()].erase(at.back());
    } else {
      spoilt[Json::json_pointer(pointer)] = value;
    }
    return why(spoilt);
  };
  const Json gone(Json::value_t::discarded);
  const auto says = [](const std::string& text, const char* what) {
    EXPECT_NE(text.find(what), std::string::npos) << text;
  };
  says(changed("/status", "draft"), "NOT_IN_FORCE");
  says(changed("/status", "rejected"), "NOT_IN_FORCE");
  says(changed("/status", "inactive"), "Consent.extension");
  says(changed("/modifierExtension", Json::array({1})), "Consent.modifierExtension");
  says(changed("/patient", gone), "Consent.patient");
  says(changed("/dateTime", "soon"), "Consent.dateTime");
  says(changed("/sourceAttachment/url", "https://elsewhere/form.pdf"),
       "Consent.sourceAttachment.url");
  says(changed("/sourceAttachment/url", "urn:equinode:sha256:77"), "Consent.sourceAttachment.url");
  says(changed("/provision/type", gone), "Consent.provision.type");
  says(changed("/provision/provision", Json::array({{{"type", "deny"}}})),
       "Consent.provision.provision");
  says(changed("/provision/securityLabel", Json::array({{{"code", "R"}}})),
       "Consent.provision.securityLabel");
  says(changed("/provision/dataPeriod", {{"start", "2020"}}), "Consent.provision.dataPeriod");
  says(changed("/provision/actor", gone), "Consent.provision.actor");
  says(changed("/provision/actor/0/reference", {{"reference", "Organization/7"}}),
       "Consent.provision.actor.reference");
  says(changed("/provision/action", gone), "Consent.provision.action");
  says(changed("/provision/action/0/coding/0/code", "use"), "Consent.provision.action");
  says(changed("/provision/purpose/0/code", "HMARKT"), "Consent.provision.purpose");
  says(changed("/provision/purpose", gone), "BAD_CONSENT");
  says(changed("/provision/code", gone), "BAD_CONSENT");
  says(changed("/provision/code/0", {{"text", "food"}}), "Consent.provision.code");
  says(changed("/provision/period/end", "later"), "Consent.provision.period.end");
  // Another system's id is none that a node would give.
  EXPECT_EQ(changed("/id", "consent-7"), "OK");
  EXPECT_EQ(why(Json::object()), "none");
  EXPECT_FALSE(ConsentsIn("[").ok());
  EXPECT_FALSE(ConsentsIn("[]").ok());
  // A day is in the period to its last moment.
  Json days = good;
  days["provision"]["period"] = {{"start", "2026-01-01"}, {"end", "2026-01-31"}};
  const auto read = ConsentsIn(days.dump());
  ASSERT_TRUE(read.ok() && read->front().consent.ok());
  EXPECT_EQ(FormatInstant(*read->front().consent->consent.until), "2026-02-01T00:00:00.000Z");
}

TEST(ReferralBundle, APaperIsWhatTheEventsSay) {
  referral::Order wanted;
  wanted["service_text"] = "a food box";
  const auto order = *referral::ForTarget(wanted, "food-insecurity");
  referral::Event create;
  create.id = *Uuid::FromBytes(Bytes(16, 1));
  create.referral = *Uuid::FromBytes(Bytes(16, 2));
  create.kind = referral::EventKind::kCreate;
  create.role = referral::Role::kRequester;
  create.actor = "spiffe://net/practice/elm/operator/ann";
  create.at = Instant{std::chrono::hours{500'000}};
  create.opening.emplace();
  create.opening->requester_node = "spiffe://net/practice/elm";
  create.opening->target_node = "spiffe://net/cbo/harvest";
  create.opening->domain = "food-insecurity";
  create.opening->need = *Uuid::FromBytes(Bytes(16, 4));
  create.opening->order = order.digest();
  create.opening->respond_by = create.at + std::chrono::hours{100};
  create.opening->expires = create.at + std::chrono::hours{1000};
  referral::Event reject;
  reject.id = *Uuid::FromBytes(Bytes(16, 3));
  reject.referral = create.referral;
  reject.kind = referral::EventKind::kReject;
  reject.role = referral::Role::kTarget;
  reject.actor = "spiffe://net/cbo/harvest/operator/bo";
  reject.at = create.at + std::chrono::hours{2};
  reject.reason = "no-capacity";
  reject.note = "until March";
  const std::vector<PlacedEvent> events{{create, create.at}, {reject, reject.at}};
  const auto paper = PaperOf(events, "feed/Patient/p", order.fields(), {});
  ASSERT_TRUE(paper.ok()) << paper.error().message;
  EXPECT_EQ(paper->state, referral::State::kRejected);
  EXPECT_EQ(paper->reason, "no-capacity");
  ASSERT_EQ(paper->notes.size(), 1u);
  EXPECT_EQ(paper->notes[0].text, "until March");
  EXPECT_EQ(paper->changed, reject.at);
  EXPECT_FALSE(paper->loop_closed);
  const Json task = Json::parse(BundleOf(*paper))["entry"][1]["resource"];
  EXPECT_EQ(task["statusReason"]["text"], "no capacity");
  EXPECT_EQ(task["status"], "rejected");
}

}  // namespace
}  // namespace equinode
