#include "client/fhir_out/consent_resource.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "client/fhir_out/consent_json.h"
#include "client/fhir_out/words.h"
#include "domain/zcodes/day.h"
#include "domain/zcodes/domains.h"

namespace equinode {

namespace fhir_out {
namespace {

using consent::Direction;
using consent::Purpose;

constexpr std::string_view kActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
constexpr std::string_view kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view kAction = "http://terminology.hl7.org/CodeSystem/consentaction";
constexpr std::string_view kParticipation =
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

constexpr std::array<std::pair<Purpose, std::string_view>, 5> kPurposes = {{
    {Purpose::kReferral, "COC"},
    {Purpose::kTreatment, "TREAT"},
    {Purpose::kPayment, "HPAYMT"},
    {Purpose::kOperations, "HOPERAT"},
    {Purpose::kResearch, "HRESCH"},
}};
constexpr std::array<std::pair<Direction, std::string_view>, 2> kActions = {{
    {Direction::kToRecipient, "disclose"},
    {Direction::kBack, "collect"},
}};
constexpr std::array<std::string_view, 8> kProvisionParts = {
    "type", "period", "actor", "action", "purpose", "code", "id", "extension"};
// A Period's end is in it: ours is the first moment that is not.
constexpr Millis kLastMoment{1};

Json Recipient(const std::string& recipient) {
  if (recipient == "*" || recipient.starts_with("class:")) {
    return {{"type", "Organization"},
            {"identifier", {{"system", kRecipientClass}, {"value", recipient}}},
            {"display", recipient == "*" ? "anybody" : "any " + recipient.substr(6)}};
  }
  return Party(recipient);
}

Json Category(const std::string& category) {
  const NeedDomain* known = FindNeedDomain(category);
  if (known != nullptr && known->gravity) return ConceptOf(kGravity, category, known->display);
  return ConceptOf(kConsentLabel, category);
}

// The first moment after a date or a dateTime that is the end of a Period.
Result<Instant> AfterEnd(const std::string& text, const std::string& element) {
  if (const auto day = ReadDay(text)) return Instant{*day + std::chrono::days{1}};
  const auto moment = ParseInstant(text);
  if (!moment.ok()) return Bad(element, "is a day, or a moment with its offset");
  return *moment + kLastMoment;
}

// A day is its first moment.
Result<Instant> MomentOrDay(const std::string& text, const std::string& element) {
  if (const auto day = ReadDay(text)) return Instant{*day};
  const auto moment = ParseInstant(text);
  if (!moment.ok()) return Bad(element, "is a day, or a moment with its offset");
  return *moment;
}

Result<std::string> RecipientIn(const Read& provision) {
  const Read& actors = ListAt(provision, "actor");
  if (actors.size() != 1) {
    return Bad("Consent.provision.actor", "names one recipient: a URI, a class or *");
  }
  const Read& reference = At(actors.front(), "reference");
  const std::string value = TextAt(At(reference, "identifier"), "value");
  if (value.empty()) {
    return Bad("Consent.provision.actor.reference",
               "names the recipient by an identifier: the URI of its certificate");
  }
  return value;
}

Status ReadProvision(const Read& resource, consent::Consent& out) {
  const Read& provision = At(resource, "provision");
  const std::string type = TextAt(provision, "type");
  if (type != "permit" && type != "deny") {
    return Bad("Consent.provision.type", "is permit or deny");
  }
  // What narrows a yes, or is excepted from it, must not be lost.
  for (const auto& [key, value] : provision.items()) {
    if (std::ranges::find(kProvisionParts, key) == kProvisionParts.end()) {
      return Bad("Consent.provision." + key, "is a limit that cannot be kept here");
    }
  }
  out.given = type == "permit";
  EQN_TRY(out.recipient, RecipientIn(provision));
  const Read& actions = ListAt(provision, "action");
  bool known_action = false;
  for (const auto& [direction, word] : kActions) {
    if (actions.size() != 1 || CodeIn(actions.front(), kAction) != word) continue;
    known_action = true;
    out.direction = direction;
  }
  if (!known_action) {
    return Bad("Consent.provision.action", "is disclose or collect: a consent for each");
  }
  for (const Read& purpose : ListAt(provision, "purpose")) {
    const std::string code = TextAt(purpose, "code");
    bool known = false;
    for (const auto& [each, word] : kPurposes) {
      if (word != code || TextAt(purpose, "system") != kActReason) continue;
      known = true;
      out.purposes.push_back(each);
    }
    if (!known) {
      return Bad("Consent.provision.purpose", "is COC, TREAT, HPAYMT, HOPERAT or HRESCH");
    }
  }
  for (const Read& each : ListAt(provision, "code")) {
    std::string category = CodeIn(each, kGravity);
    if (category.empty()) category = CodeIn(each, kConsentLabel);
    if (category.empty()) {
      return Bad("Consent.provision.code", "is a category of Gravity's, or a label");
    }
    out.categories.push_back(std::move(category));
  }
  out.from = out.signed_at;
  const Read& period = At(provision, "period");
  if (At(period, "start").is_string()) {
    EQN_TRY(out.from, MomentOrDay(TextAt(period, "start"), "Consent.provision.period.start"));
  }
  if (At(period, "end").is_string()) {
    EQN_TRY(out.until, AfterEnd(TextAt(period, "end"), "Consent.provision.period.end"));
  }
  return Ok();
}

Result<Digest> DocumentIn(const Read& resource) {
  const std::string url = TextAt(At(resource, "sourceAttachment"), "url");
  const std::string prefix = std::string(kDocument) + ":";
  if (!url.starts_with(prefix)) {
    return Bad("Consent.sourceAttachment.url",
               "is urn:equinode:sha256: and the SHA-256 of what was signed; a consent with another "
               "source is kept with `equinode consent give --document FILE`");
  }
  return DigestIn(url.substr(prefix.size()), "Consent.sourceAttachment.url");
}

}  // namespace

Json ConsentJson(const ConsentOnPaper& paper, const std::string& organisation) {
  const consent::Consent& consent = paper.consent;
  Json out = Resource("Consent", consent.id.ToString(), "SDOHCC-Consent");
  if (paper.revoked_at) {
    out["extension"] = Json::array(
        {{{"url", kConsentRevoked}, {"valueDateTime", FormatInstant(*paper.revoked_at)}}});
  }
  out["identifier"] = Json::array({UuidIdentifier(consent.id)});
  out["status"] = paper.revoked_at ? "inactive" : "active";
  out["scope"] = ConceptOf("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy",
                           "Privacy Consent");
  out["category"] = Json::array({ConceptOf(kActCode, "IDSCL", "information disclosure")});
  out["patient"] = PatientReference(consent.person);
  out["dateTime"] = FormatInstant(consent.signed_at);
  out["organization"] = Json::array({Party(organisation)});
  out["sourceAttachment"] = {
      {"url", std::string(kDocument).append(":").append(ToHex(consent.document))}};
  out["policyRule"] = ConceptOf(kActCode, consent.given ? "OPTIN" : "OPTOUT");
  Json period = {{"start", FormatInstant(consent.from)}};
  if (consent.until) period["end"] = FormatInstant(*consent.until - kLastMoment);
  Json provision = {{"type", consent.given ? "permit" : "deny"}, {"period", std::move(period)}};
  provision["actor"] =
      Json::array({{{"role", ConceptOf(kParticipation, "IRCP", "information recipient")},
                    {"reference", Recipient(consent.recipient)}}});
  for (const auto& [direction, word] : kActions) {
    if (direction == consent.direction) {
      provision["action"] = Json::array({ConceptOf(kAction, word)});
    }
  }
  Json purposes = Json::array();
  for (const Purpose purpose : consent.purposes) {
    for (const auto& [each, word] : kPurposes) {
      if (each == purpose) purposes.push_back(CodingOf(kActReason, word, consent::Name(purpose)));
    }
  }
  if (!purposes.empty()) provision["purpose"] = std::move(purposes);
  Json categories = Json::array();
  for (const std::string& each : consent.categories) categories.push_back(Category(each));
  if (!categories.empty()) provision["code"] = std::move(categories);
  out["provision"] = std::move(provision);
  return out;
}

Result<ConsentOnPaper> ConsentFromJson(const Read& resource) {
  ConsentOnPaper paper;
  consent::Consent& out = paper.consent;
  if (!At(resource, "modifierExtension").is_null()) {
    return Bad("Consent.modifierExtension", "changes what the consent means, and is not known");
  }
  const std::string status = TextAt(resource, "status");
  if (status != "active" && status != "inactive") {
    return Error{Code::kInvalidArgument, "NOT_IN_FORCE",
                 "Consent.status: only an active consent, or one that was taken back, is kept"};
  }
  // Another system's id is any: only ours is a UUID.
  if (const auto id = Uuid::Parse(TextAt(resource, "id")); id.ok()) out.id = *id;
  out.person = PartyIn(At(resource, "patient"));
  if (out.person.empty()) return Bad("Consent.patient", "is missing");
  EQN_TRY(out.signed_at, MomentOrDay(TextAt(resource, "dateTime"), "Consent.dateTime"));
  EQN_TRY(out.document, DocumentIn(resource));
  EQN_CHECK(ReadProvision(resource, out));
  if (status == "inactive") {
    for (const Read& each : ListAt(resource, "extension")) {
      if (TextAt(each, "url") != kConsentRevoked) continue;
      EQN_TRY(paper.revoked_at, MomentAt(each, "valueDateTime", "Consent.extension"));
    }
    if (!paper.revoked_at) {
      return Bad("Consent.extension", "says since when an inactive consent is taken back");
    }
  }
  consent::Consent checked = out;
  if (checked.id.nil()) {  // The node gives it one of its own.
    EQN_TRY(checked.id, Uuid::FromBytes(Bytes(16, 1)));
  }
  EQN_CHECK(consent::CheckConsent(checked));
  return paper;
}

}  // namespace fhir_out

Result<std::vector<ConsentFound>> ConsentsIn(std::string_view text) {
  using namespace fhir_out;
  EQN_TRY(const Read root, ReadResource(text, kMostFileBytes));
  std::vector<ConsentFound> found;
  if (TextAt(root, "resourceType") == "Consent") found.push_back({1, ConsentFromJson(root)});
  std::size_t entry = 0;
  for (const Read& each : ListAt(root, "entry")) {
    ++entry;
    const Read& resource = At(each, "resource");
    if (TextAt(resource, "resourceType") != "Consent") continue;
    found.push_back({entry, ConsentFromJson(resource)});
  }
  return found;
}

}  // namespace equinode
