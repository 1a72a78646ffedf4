#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "client/fhir_out/referral_bundle.h"
#include "client/fhir_out/words.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

using Json = nlohmann::json;
using namespace fhir_out;

constexpr int kMostDepth = 32;

Error Bad(const std::string& element, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_FHIR", element + ": " + what};
}

// What is not there, or of another kind, reads as null: nothing below it is there either.
const Json& At(const Json& object, const char* key) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}
const Json& FirstOf(const Json& list) {
  static const Json none;
  return list.is_array() && !list.empty() ? list.front() : none;
}
const Json& ListAt(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json& list = At(object, key);
  return list.is_array() ? list : empty;
}
std::string TextAt(const Json& object, const char* key) {
  const Json& value = At(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

// The code of a CodeableConcept in a system; empty when it has none.
std::string CodeIn(const Json& concept_, std::string_view system) {
  for (const Json& coding : ListAt(concept_, "coding")) {
    if (TextAt(coding, "system") == system) return TextAt(coding, "code");
  }
  return "";
}

Result<Instant> MomentAt(const Json& object, const char* key, const std::string& element) {
  const auto moment = ParseInstant(TextAt(object, key));
  if (!moment.ok()) return Bad(element, "is a moment such as 2026-01-31T09:30:00.000Z");
  return *moment;
}

Result<Uuid> UuidIn(std::string text, const std::string& element) {
  if (text.starts_with(kUuid)) text.erase(0, kUuid.size());
  if (const std::size_t slash = text.rfind('/'); slash != std::string::npos) {
    text.erase(0, slash + 1);
  }
  const auto id = Uuid::Parse(text);
  if (!id.ok()) return Bad(element, "is a UUID");
  return *id;
}

std::string PartyIn(const Json& reference) {
  std::string uri = TextAt(At(reference, "identifier"), "value");
  return uri.empty() ? TextAt(reference, "reference") : uri;
}

class Reader {
 public:
  explicit Reader(const Json& bundle) : bundle_(bundle) {}

  Result<ReferralPaper> Read() {
    const Json* task = nullptr;
    for (const Json& entry : ListAt(bundle_, "entry")) {
      const Json& resource = At(entry, "resource");
      if (TextAt(resource, "resourceType") != "Task") continue;
      if (CodeIn(At(resource, "code"), "http://hl7.org/fhir/CodeSystem/task-code") == "fulfill") {
        task = &resource;
        break;
      }
    }
    if (task == nullptr) {
      return Error{Code::kInvalidArgument, "NOT_A_REFERRAL",
                   "there is no Task for referral management (code fulfill) in the Bundle"};
    }
    EQN_CHECK(ReadTask(*task));
    const Json& order = Find("ServiceRequest", TextAt(At(*task, "focus"), "reference"));
    if (order.is_null()) return Bad("Task.focus", "refers to a ServiceRequest of the Bundle");
    EQN_CHECK(ReadOrder(order));
    for (const Json& output : ListAt(*task, "output")) EQN_CHECK(ReadOutput(output));
    for (const Json& info : ListAt(order, "supportingInfo")) {
      const Json& consent = Find("Consent", TextAt(info, "reference"));
      if (!consent.is_null()) EQN_CHECK(ReadConsent(consent));
    }
    return std::move(paper_);
  }

 private:
  const Json& Find(const std::string& type, const std::string& reference) const {
    static const Json none;
    for (const Json& entry : ListAt(bundle_, "entry")) {
      const Json& resource = At(entry, "resource");
      if (TextAt(resource, "resourceType") == type &&
          reference == type + "/" + TextAt(resource, "id")) {
        return resource;
      }
    }
    return none;
  }

  Status ReadTask(const Json& task) {
    std::string id = TextAt(FirstOf(At(task, "identifier")), "value");
    if (id.empty()) id = TextAt(task, "id");
    EQN_TRY(paper_.id, UuidIn(std::move(id), "Task.identifier"));
    EQN_TRY(paper_.need,
            UuidIn(TextAt(At(task, "groupIdentifier"), "value"), "Task.groupIdentifier"));
    if (const Json& parent = FirstOf(At(task, "partOf")); !parent.is_null()) {
      EQN_TRY(paper_.part_of, UuidIn(TextAt(parent, "reference"), "Task.partOf"));
    }
    const auto state = referral::StateNamed(TextAt(task, "status"));
    if (!state || *state == referral::State::kNone) {
      return Bad("Task.status", "is none of the guide's (SDOHCCValueSetReferralTaskStatus)");
    }
    paper_.state = *state;
    paper_.reason = CodeIn(At(task, "statusReason"), kReason);
    const Json& business = At(task, "businessStatus");
    for (const Json& coding : ListAt(business, "coding")) {
      const std::string code = TextAt(coding, "code");
      if (TextAt(coding, "system") != kSubState) continue;
      if (code == kCancelAsked) {
        paper_.cancel_asked_for = TextAt(business, "text");
      } else if (const auto sub = referral::SubStateNamed(code)) {
        paper_.sub = *sub;
      } else {
        return Bad("Task.businessStatus", "is a sub-state that we do not know");
      }
    }
    const auto priority = referral::PriorityNamed(TextAt(task, "priority"));
    if (At(task, "priority").is_string() && !priority) {
      return Bad("Task.priority", "is routine, urgent, asap or stat");
    }
    paper_.priority = priority.value_or(referral::Priority::kRoutine);
    EQN_TRY(paper_.sent, MomentAt(task, "authoredOn", "Task.authoredOn"));
    paper_.changed = paper_.sent;
    if (At(task, "lastModified").is_string()) {
      EQN_TRY(paper_.changed, MomentAt(task, "lastModified", "Task.lastModified"));
    }
    const Json& period = At(At(task, "restriction"), "period");
    EQN_TRY(paper_.expires, MomentAt(period, "end", "Task.restriction.period.end"));
    if (const Json& execution = At(task, "executionPeriod"); execution.is_object()) {
      EQN_TRY(paper_.appointment, MomentAt(execution, "start", "Task.executionPeriod.start"));
    }
    paper_.requester = PartyIn(At(task, "requester"));
    paper_.owner = PartyIn(At(task, "owner"));
    paper_.person = PartyIn(At(task, "for"));
    if (paper_.requester.empty()) return Bad("Task.requester", "is missing");
    if (paper_.person.empty()) return Bad("Task.for", "is missing");
    for (const Json& note : ListAt(task, "note")) {
      EQN_TRY(const Instant at, MomentAt(note, "time", "Task.note.time"));
      paper_.notes.push_back({TextAt(note, "authorString"), at, TextAt(note, "text")});
    }
    for (const Json& input : ListAt(task, "input")) {
      const std::string field = CodeIn(At(input, "type"), kOrderField);
      if (!field.empty()) paper_.order[field] = TextAt(input, "valueString");
    }
    return Ok();
  }

  Status ReadOrder(const Json& order) {
    for (const Json& category : ListAt(order, "category")) {
      const std::string code = CodeIn(category, kGravity);
      if (code.empty()) continue;
      paper_.domain = code == kUnspecifiedDomain && !TextAt(category, "text").empty()
                          ? TextAt(category, "text")
                          : code;
    }
    if (FindNeedDomain(paper_.domain) == nullptr) {
      return Bad("ServiceRequest.category", "has no category of social needs");
    }
    const std::string status = TextAt(order, "status");
    paper_.loop_closed = status == "completed" || status == "revoked";
    paper_.target_node = PartyIn(FirstOf(At(order, "performer")));
    for (const Json& replaced : ListAt(order, "replaces")) {
      EQN_TRY(const Uuid id, UuidIn(TextAt(replaced, "reference"), "ServiceRequest.replaces"));
      (TextAt(replaced, "display") == "reopens" ? paper_.reopens : paper_.follows) = id;
    }
    // Another's order has its service in the code alone.
    const Json& code = At(order, "code");
    if (const std::string text = TextAt(code, "text"); !text.empty()) {
      paper_.order.emplace("service_text", text);
    }
    if (const std::string service = CodeIn(code, "http://snomed.info/sct"); !service.empty()) {
      paper_.order.emplace("service", service);
    }
    return Ok();
  }

  Status ReadOutput(const Json& output) {
    const Json& type = At(output, "type");
    if (CodeIn(type, kEvidence) == kReportedBy) {
      paper_.reported_by = TextAt(output, "valueString");
      return Ok();
    }
    if (CodeIn(type, kGravity) != "resulting-activity") return Ok();
    const Json& procedure = Find("Procedure", TextAt(At(output, "valueReference"), "reference"));
    if (procedure.is_null()) return Ok();
    referral::Evidence evidence;
    const Json& identifier = FirstOf(At(procedure, "identifier"));
    if (CodeIn(At(identifier, "type"), kEvidence) == "service-record") {
      evidence.kind = referral::Evidence::Kind::kServiceRecord;
    }
    const Json& coding = FirstOf(At(At(procedure, "code"), "coding"));
    evidence.system = TextAt(coding, "system");
    evidence.code = TextAt(coding, "code");
    EQN_TRY(evidence.at, MomentAt(procedure, "performedDateTime", "Procedure.performedDateTime"));
    if (TextAt(identifier, "system") == kDocument) {
      EQN_TRY(evidence.document, DigestIn(TextAt(identifier, "value"), "Procedure.identifier"));
    }
    paper_.evidence.push_back(std::move(evidence));
    return Ok();
  }

  Status ReadConsent(const Json& resource) {
    ReferralConsent consent;
    EQN_TRY(consent.id, UuidIn(TextAt(resource, "id"), "Consent.id"));
    EQN_TRY(consent.signed_at, MomentAt(resource, "dateTime", "Consent.dateTime"));
    const Json& period = At(At(resource, "provision"), "period");
    if (TextAt(resource, "status") == "inactive" && At(period, "end").is_string()) {
      EQN_TRY(consent.revoked_at, MomentAt(period, "end", "Consent.provision.period.end"));
    }
    const std::string url = TextAt(At(resource, "sourceAttachment"), "url");
    const std::string prefix = std::string(kDocument) + ":";
    if (url.starts_with(prefix)) {
      EQN_TRY(consent.document, DigestIn(url.substr(prefix.size()), "Consent.source"));
    }
    paper_.consents.push_back(consent);
    return Ok();
  }

  static Result<Digest> DigestIn(const std::string& hex, const std::string& element) {
    const auto bytes = FromHex(hex);
    Digest digest{};
    if (!bytes.ok() || bytes->size() != digest.size()) {
      return Bad(element, "is a SHA-256 in 64 hex digits");
    }
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
  }

  const Json& bundle_;
  ReferralPaper paper_{};
};

}  // namespace

Result<ReferralPaper> PaperFrom(std::string_view bundle) {
  if (bundle.size() > kMostBundleBytes) return Bad("Bundle", "is over 1 MiB");
  bool too_deep = false;
  const Json::parser_callback_t shallow = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kMostDepth;
    return !too_deep;
  };
  const Json json = Json::parse(bundle, shallow, false);  // Discarded when it is none.
  if (json.is_discarded() || too_deep || !json.is_object()) return Bad("Bundle", "is not JSON");
  if (TextAt(json, "resourceType") != "Bundle") return Bad("Bundle", "is another resource");
  return Reader(json).Read();
}

}  // namespace equinode
