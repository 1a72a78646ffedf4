#include "client/fhir_out/referral_bundle.h"

#include "base/bytes.h"
#include "client/fhir_out/consent_json.h"
#include "client/fhir_out/parts.h"
#include "client/fhir_out/words.h"
#include "domain/referral/moves.h"

namespace equinode {
namespace {

using namespace fhir_out;

// At the other end nobody but the order says who it is.
Json Patient(const ReferralPaper& paper) {
  const auto name = paper.order.find("client_name");
  return PatientReference(paper.person,
                          name == paper.order.end() ? "known to the requester" : name->second);
}

std::string ProcedureId(const ReferralPaper& paper, std::size_t i) {
  return paper.id.ToString() + "-" + std::to_string(i + 1);
}

bool Served(const ReferralPaper& paper) { return paper.state == referral::State::kCompleted; }

// The requester's word, not the performer's: it closes the order once it has seen the end.
std::string_view OrderStatus(const ReferralPaper& paper) {
  if (paper.state == referral::State::kEnteredInError) return "entered-in-error";
  if (!paper.loop_closed) return "active";
  return Served(paper) ? "completed" : "revoked";
}

Json ServiceRequest(const ReferralPaper& paper) {
  const std::string id = paper.id.ToString();
  Json out = Resource("ServiceRequest", id, "SDOHCC-ServiceRequest");
  out["identifier"] = Json::array({UuidIdentifier(paper.id)});
  if (paper.part_of) {
    out["basedOn"] = Json::array({ReferenceTo("ServiceRequest", paper.part_of->ToString())});
  }
  Json replaces = Json::array();
  const auto replace = [&](const std::optional<Uuid>& other, const char* how) {
    if (!other) return;
    Json reference = ReferenceTo("ServiceRequest", other->ToString());
    reference["display"] = how;
    replaces.push_back(std::move(reference));
  };
  replace(paper.follows, "follows");
  replace(paper.reopens, "reopens");
  if (!replaces.empty()) out["replaces"] = std::move(replaces);
  out["requisition"] = UuidIdentifier(paper.need);
  out["status"] = OrderStatus(paper);
  out["intent"] = paper.part_of ? "filler-order" : "order";
  out["category"] =
      Json::array({ConceptOf("http://snomed.info/sct", "410606002", "Social service procedure"),
                   CategoryOf(paper.domain)});
  out["priority"] = referral::Name(paper.priority);
  Json code = Json::object();
  if (const auto service = paper.order.find("service"); service != paper.order.end()) {
    code["coding"] = Json::array({CodingOf("http://snomed.info/sct", service->second)});
  }
  if (const auto text = paper.order.find("service_text"); text != paper.order.end()) {
    code["text"] = text->second;
  }
  // The profile wants one where the order was destroyed with its consent, too.
  if (code.empty()) {
    code["extension"] =
        Json::array({{{"url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason"},
                      {"valueCode", "masked"}}});
  }
  out["code"] = std::move(code);
  out["subject"] = Patient(paper);
  out["authoredOn"] = FormatInstant(paper.sent);
  out["requester"] = Party(paper.requester);
  out["performer"] = Json::array({Party(paper.target_node)});
  Json supporting = Json::array();
  for (const ConsentOnPaper& paper_consent : paper.consents) {
    supporting.push_back(ReferenceTo("Consent", paper_consent.consent.id.ToString()));
  }
  if (!supporting.empty()) out["supportingInfo"] = std::move(supporting);
  return out;
}

Json BusinessStatus(const ReferralPaper& paper) {
  Json codings = Json::array();
  if (paper.sub != referral::SubState::kNone) {
    codings.push_back(CodingOf(kSubState, referral::Name(paper.sub)));
  }
  if (!paper.cancel_asked_for.empty()) codings.push_back(CodingOf(kSubState, kCancelAsked));
  if (codings.empty()) return Json();
  Json out = {{"coding", std::move(codings)}};
  if (!paper.cancel_asked_for.empty()) out["text"] = paper.cancel_asked_for;
  return out;
}

Json StatusReason(const std::string& code) {
  const referral::Reason* reason = referral::FindReason(code);
  Json out = ConceptOf(kReason, code);
  out["text"] = reason == nullptr ? std::string(code) : std::string(reason->words);
  return out;
}

Json Outputs(const ReferralPaper& paper) {
  const Json type = ConceptOf(kGravity, "resulting-activity", "Resulting Activity");
  Json outputs = Json::array();
  for (std::size_t i = 0; i < paper.evidence.size(); ++i) {
    outputs.push_back(
        {{"type", type}, {"valueReference", ReferenceTo("Procedure", ProcedureId(paper, i))}});
  }
  if (!paper.reported_by.empty()) {
    outputs.push_back(
        {{"type", ConceptOf(kEvidence, kReportedBy)}, {"valueString", paper.reported_by}});
  }
  return outputs;
}

Json Task(const ReferralPaper& paper) {
  const std::string id = paper.id.ToString();
  Json out = Resource("Task", id, "SDOHCC-TaskForReferralManagement");
  out["identifier"] = Json::array({UuidIdentifier(paper.id)});
  out["groupIdentifier"] = UuidIdentifier(paper.need);
  if (paper.part_of) {
    out["partOf"] = Json::array({ReferenceTo("Task", paper.part_of->ToString())});
  }
  out["status"] = referral::Name(paper.state);
  if (!paper.reason.empty()) out["statusReason"] = StatusReason(paper.reason);
  if (Json status = BusinessStatus(paper); !status.is_null()) {
    out["businessStatus"] = std::move(status);
  }
  out["intent"] = "order";
  out["priority"] = referral::Name(paper.priority);
  out["code"] =
      ConceptOf("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request");
  out["focus"] = ReferenceTo("ServiceRequest", id);
  out["for"] = Patient(paper);
  if (paper.appointment) out["executionPeriod"] = {{"start", FormatInstant(*paper.appointment)}};
  out["authoredOn"] = FormatInstant(paper.sent);
  out["lastModified"] = FormatInstant(paper.changed);
  out["requester"] = Party(paper.requester);
  if (!paper.owner.empty()) out["owner"] = Party(paper.owner);
  Json notes = Json::array();
  for (const ReferralNote& note : paper.notes) {
    notes.push_back(
        {{"authorString", note.author}, {"time", FormatInstant(note.at)}, {"text", note.text}});
  }
  if (!notes.empty()) out["note"] = std::move(notes);
  out["restriction"] = {{"period", {{"end", FormatInstant(paper.expires)}}}};
  Json inputs = Json::array();
  for (const auto& [field, value] : paper.order) {
    inputs.push_back({{"type", ConceptOf(kOrderField, field)}, {"valueString", value}});
  }
  if (!inputs.empty()) out["input"] = std::move(inputs);
  if (Json outputs = Outputs(paper); !outputs.empty()) out["output"] = std::move(outputs);
  return out;
}

Json Procedure(const ReferralPaper& paper, std::size_t i) {
  const referral::Evidence& evidence = paper.evidence[i];
  const bool record = evidence.kind == referral::Evidence::Kind::kServiceRecord;
  Json out = Resource("Procedure", ProcedureId(paper, i), "SDOHCC-Procedure");
  out["identifier"] =
      Json::array({{{"type", ConceptOf(kEvidence, record ? "service-record" : "procedure")},
                    {"system", kDocument},
                    {"value", ToHex(evidence.document)}}});
  out["basedOn"] = Json::array({ReferenceTo("ServiceRequest", paper.id.ToString())});
  out["status"] = "completed";
  out["category"] = CategoryOf(paper.domain);
  out["code"] = ConceptOf(evidence.system, evidence.code);
  out["subject"] = Patient(paper);
  out["performedDateTime"] = FormatInstant(evidence.at);
  return out;
}

}  // namespace

std::string BundleOf(const ReferralPaper& paper, bool one_line) {
  Json entries = Json::array();
  AddEntry(entries, ServiceRequest(paper));
  AddEntry(entries, Task(paper));
  for (std::size_t i = 0; i < paper.evidence.size(); ++i) AddEntry(entries, Procedure(paper, i));
  for (const ConsentOnPaper& consent : paper.consents) {
    AddEntry(entries, ConsentJson(consent, paper.requester));
  }
  return TextOf(BundleFrom(std::move(entries)), one_line);
}

}  // namespace equinode
