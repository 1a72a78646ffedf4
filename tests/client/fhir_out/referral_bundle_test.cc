// A referral goes out as the guide's resources and comes back as the same facts.
#include "client/fhir_out/referral_bundle.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/csv_rows.h"
#include "domain/referral/moves.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string FileText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Uuid AnyId() {
  Bytes bytes;
  for (int i = 0; i < 16; ++i) bytes.push_back(*rc::gen::arbitrary<std::uint8_t>());
  return *Uuid::FromBytes(bytes);
}
Instant AnyMoment() {
  return Instant{std::chrono::milliseconds{
      *rc::gen::inRange<std::int64_t>(1'500'000'000'000, 2'000'000'000'000)}};
}
Digest AnyDigest() {
  Digest digest{};
  for (auto& byte : digest) byte = *rc::gen::arbitrary<std::uint8_t>();
  return digest;
}
std::string AnyText() {
  return *rc::gen::elementOf(std::vector<std::string>{"a food box", "call \"after\" six\\seven",
                                                      "línea ñ", "<b>&amp;</b>", "x"});
}
template <typename T>
std::optional<T> Perhaps(T value) {
  return *rc::gen::arbitrary<bool>() ? std::optional<T>(value) : std::nullopt;
}

ReferralPaper AnyPaper() {
  ReferralPaper paper;
  paper.id = AnyId();
  paper.person = "feed/Patient/p-" + std::to_string(*rc::gen::inRange(1, 99));
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
  paper.order["service_text"] = AnyText();
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
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    paper.consents.push_back({AnyId(), AnyMoment(), Perhaps(AnyMoment()), AnyDigest()});
  }
  return paper;
}

// Every value at a path; "?" after a part: where it is there at all. False when a part is missing.
bool Values(const Json& at, std::vector<std::string> path, std::vector<Json>& out) {
  if (path.empty()) {
    out.push_back(at);
    return !at.is_null() && !(at.is_structured() && at.empty());
  }
  std::string part = path.front();
  const bool perhaps = part.ends_with('?');
  if (perhaps) part.pop_back();
  path.erase(path.begin());
  if (!at.contains(part)) return perhaps;
  const Json& next = at.at(part);
  if (!next.is_array()) return Values(next, path, out);
  bool any = false;
  bool all = true;
  for (const Json& each : next) {
    const bool good = Values(each, path, out);
    any = any || good;
    all = all && good;
  }
  return perhaps ? all : any;
}

// What a resource lacks of its profile.
std::vector<std::string> Missing(const Json& resource) {
  std::vector<std::string> missing;
  ForEachRow(FileText("tests/client/fhir_out/required_elements.csv"),
             [&](const std::vector<std::string>& row) {
               if (row[1] != resource.at("resourceType")) return;
               std::vector<std::string> path;
               std::stringstream parts(row[2]);
               for (std::string part; std::getline(parts, part, '.');) path.push_back(part);
               std::vector<Json> values;
               bool good = Values(resource, path, values);
               if (good && !row[3].empty()) {
                 good = std::ranges::find(values, Json(row[3])) != values.end();
               }
               if (!good) missing.push_back(row[0] + " " + row[2] + " " + row[3]);
             });
  return missing;
}

RC_GTEST_PROP(ReferralBundle, ComesBackAsTheSameFacts, ()) {
  const ReferralPaper paper = AnyPaper();
  const std::string bundle = BundleOf(paper);
  const auto read = PaperFrom(bundle);
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == paper);
  RC_ASSERT(BundleOf(*read) == bundle);
}

RC_GTEST_PROP(ReferralBundle, HasEveryElementThatTheProfilesRequire, ()) {
  const Json bundle = Json::parse(BundleOf(AnyPaper()));
  for (const Json& entry : bundle.at("entry")) {
    const auto missing = Missing(entry.at("resource"));
    if (!missing.empty()) RC_FAIL(missing.front());
    RC_ASSERT(entry.at("resource").at("meta").at("profile").size() == 1u);
  }
}

TEST(ReferralBundle, TheListOfRequiredElementsFitsTheGuidesExamples) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "EQUINODE_REFERENCE_DIR is not set";
  std::size_t seen = 0;
  for (const auto& file : fs::directory_iterator(fs::path(root) / "sdoh/sdoh-cc-examples")) {
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
  paper.consents.push_back({});
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
  EXPECT_TRUE(why(R"({"resourceType":"Patient"})").starts_with("BAD_FHIR Bundle"));
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
  const auto paper = PaperOf(std::vector{create, reject}, "feed/Patient/p", order, {});
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
