#include "base/bytes.h"
#include "client/fhir_out/consent_json.h"
#include "client/fhir_out/parts.h"
#include "client/fhir_out/referral_bundle.h"
#include "client/fhir_out/words.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

using namespace fhir_out;

class Reader {
 public:
  explicit Reader(const Read& bundle) : bundle_(bundle) {}

  Result<ReferralPaper> Paper() {
    const Read* task = nullptr;
    for (const Read& entry : ListAt(bundle_, "entry")) {
      const Read& resource = At(entry, "resource");
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
    const Read& order = Find("ServiceRequest", TextAt(At(*task, "focus"), "reference"));
    if (order.is_null()) return Bad("Task.focus", "refers to a ServiceRequest of the Bundle");
    EQN_CHECK(ReadOrder(order));
    for (const Read& output : ListAt(*task, "output")) EQN_CHECK(ReadOutput(output));
    for (const Read& info : ListAt(order, "supportingInfo")) {
      const Read& consent = Find("Consent", TextAt(info, "reference"));
      // Another's consent that says less is none that we could keep.
      if (auto read = ConsentFromJson(consent); read.ok()) {
        paper_.consents.push_back(*std::move(read));
      }
    }
    return std::move(paper_);
  }

 private:
  const Read& Find(const std::string& type, const std::string& reference) const {
    return FindIn(bundle_, type, reference);
  }

  Status ReadTask(const Read& task) {
    std::string id = TextAt(FirstOf(At(task, "identifier")), "value");
    if (id.empty()) id = TextAt(task, "id");
    EQN_TRY(paper_.id, UuidIn(std::move(id), "Task.identifier"));
    EQN_TRY(paper_.need,
            UuidIn(TextAt(At(task, "groupIdentifier"), "value"), "Task.groupIdentifier"));
    if (const Read& parent = FirstOf(At(task, "partOf")); !parent.is_null()) {
      EQN_TRY(paper_.part_of, UuidIn(TextAt(parent, "reference"), "Task.partOf"));
    }
    const auto state = referral::StateNamed(TextAt(task, "status"));
    if (!state || *state == referral::State::kNone) {
      return Bad("Task.status", "is none of the guide's (SDOHCCValueSetReferralTaskStatus)");
    }
    paper_.state = *state;
    paper_.reason = CodeIn(At(task, "statusReason"), kReason);
    const Read& business = At(task, "businessStatus");
    for (const Read& coding : ListAt(business, "coding")) {
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
    const Read& period = At(At(task, "restriction"), "period");
    EQN_TRY(paper_.expires, MomentAt(period, "end", "Task.restriction.period.end"));
    if (const Read& execution = At(task, "executionPeriod"); execution.is_object()) {
      EQN_TRY(paper_.appointment, MomentAt(execution, "start", "Task.executionPeriod.start"));
    }
    paper_.requester = PartyIn(At(task, "requester"));
    paper_.owner = PartyIn(At(task, "owner"));
    paper_.person = PartyIn(At(task, "for"));
    if (paper_.requester.empty()) return Bad("Task.requester", "is missing");
    if (!At(task, "for").is_object()) return Bad("Task.for", "is missing");
    for (const Read& note : ListAt(task, "note")) {
      EQN_TRY(const Instant at, MomentAt(note, "time", "Task.note.time"));
      paper_.notes.push_back({TextAt(note, "authorString"), at, TextAt(note, "text")});
    }
    for (const Read& input : ListAt(task, "input")) {
      const std::string field = CodeIn(At(input, "type"), kOrderField);
      if (!field.empty()) paper_.order[field] = TextAt(input, "valueString");
    }
    return Ok();
  }

  Status ReadOrder(const Read& order) {
    paper_.domain = DomainIn(At(order, "category"));
    if (FindNeedDomain(paper_.domain) == nullptr) {
      return Bad("ServiceRequest.category", "has no category of social needs");
    }
    const std::string status = TextAt(order, "status");
    paper_.loop_closed = status == "completed" || status == "revoked";
    paper_.target_node = PartyIn(FirstOf(At(order, "performer")));
    for (const Read& replaced : ListAt(order, "replaces")) {
      EQN_TRY(const Uuid id, UuidIn(TextAt(replaced, "reference"), "ServiceRequest.replaces"));
      (TextAt(replaced, "display") == "reopens" ? paper_.reopens : paper_.follows) = id;
    }
    // Another's order has its service in the code alone.
    const Read& code = At(order, "code");
    if (const std::string text = TextAt(code, "text"); !text.empty()) {
      paper_.order.emplace("service_text", text);
    }
    if (const std::string service = CodeIn(code, "http://snomed.info/sct"); !service.empty()) {
      paper_.order.emplace("service", service);
    }
    return Ok();
  }

  Status ReadOutput(const Read& output) {
    const Read& type = At(output, "type");
    if (CodeIn(type, kEvidence) == kReportedBy) {
      paper_.reported_by = TextAt(output, "valueString");
      return Ok();
    }
    if (CodeIn(type, kGravity) != "resulting-activity") return Ok();
    const Read& procedure = Find("Procedure", TextAt(At(output, "valueReference"), "reference"));
    if (procedure.is_null()) return Ok();
    referral::Evidence evidence;
    const Read& identifier = FirstOf(At(procedure, "identifier"));
    if (CodeIn(At(identifier, "type"), kEvidence) == "service-record") {
      evidence.kind = referral::Evidence::Kind::kServiceRecord;
    }
    const Read& coding = FirstOf(At(At(procedure, "code"), "coding"));
    evidence.system = TextAt(coding, "system");
    evidence.code = TextAt(coding, "code");
    EQN_TRY(evidence.at, MomentAt(procedure, "performedDateTime", "Procedure.performedDateTime"));
    if (TextAt(identifier, "system") == kDocument) {
      EQN_TRY(evidence.document, DigestIn(TextAt(identifier, "value"), "Procedure.identifier"));
    }
    paper_.evidence.push_back(std::move(evidence));
    return Ok();
  }

  const Read& bundle_;
  ReferralPaper paper_{};
};

}  // namespace

Result<ReferralPaper> PaperFrom(std::string_view bundle) {
  EQN_TRY(const Read json, ReadBundle(bundle, kMostBundleBytes));
  return Reader(json).Paper();
}

}  // namespace equinode
