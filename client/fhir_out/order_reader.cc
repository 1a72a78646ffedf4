#include "client/fhir_out/order_reader.h"

#include <utility>

#include "client/fhir_out/parts.h"
#include "client/fhir_out/referral_bundle.h"
#include "client/fhir_out/words.h"
#include "domain/access/identity.h"
#include "domain/referral/words.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

using namespace fhir_out;

constexpr const char* kTaskCode = "http://hl7.org/fhir/CodeSystem/task-code";
constexpr const char* kSnomed = "http://snomed.info/sct";

// The id of "Patient/x", also behind a server's URL and where an entry's fullUrl stands for it.
std::string PatientId(const Read& bundle, const Read& reference) {
  const std::string text = TextAt(reference, "reference");
  if (const Read& patient = FindIn(bundle, "Patient", text); !patient.is_null()) {
    return TextAt(patient, "id");
  }
  const std::size_t at = text.rfind("Patient/");
  if (at == std::string::npos || (at > 0 && text[at - 1] != '/')) return "";
  std::string id = text.substr(at + 8);
  return id.substr(0, id.find('/'));
}

std::string UriIn(const Read& reference) {
  std::string uri = TextAt(At(reference, "identifier"), "value");
  return ParseIdentity(uri).ok() ? uri : std::string();
}

std::optional<Uuid> UuidOf(const std::string& text) {
  const auto id = UuidIn(text, "");
  return id.ok() ? std::optional(*id) : std::nullopt;
}

Result<ForeignOrder> OrderOf(const Read& bundle, const Read& task) {
  ForeignOrder order;
  const Read& identifier = FirstOf(At(task, "identifier"));
  const std::string value = TextAt(identifier, "value");
  order.key =
      value.empty() ? "Task/" + TextAt(task, "id") : TextAt(identifier, "system") + "|" + value;
  if (value.empty() && TextAt(task, "id").empty()) {
    return Bad("Task.identifier", "is missing, and so is its id");
  }
  order.id = UuidOf(value.empty() ? TextAt(task, "id") : value);
  order.status = TextAt(task, "status");
  if (!referral::StateNamed(order.status)) {
    return Bad("Task.status", "is none of the guide's (SDOHCCValueSetReferralTaskStatus)");
  }
  const std::string priority = TextAt(task, "priority");
  if (!priority.empty()) {
    const auto known = referral::PriorityNamed(priority);
    if (!known) return Bad("Task.priority", "is routine, urgent, asap or stat");
    order.priority = *known;
  }
  const std::string focus = TextAt(At(task, "focus"), "reference");
  const Read& request = FindIn(bundle, "ServiceRequest", focus);
  if (request.is_null()) return Bad("Task.focus", "refers to a ServiceRequest of the Bundle");
  order.active = TextAt(request, "status") == "active";
  order.patient = PatientId(bundle, At(task, "for"));
  // Of what nobody may begin from a file it is not asked whom it is for.
  const bool open = order.active && order.status == "requested";
  if (open && order.patient.empty()) return Bad("Task.for", "names the person as Patient/<id>");
  // Two people in one order is a fault that somebody would be sent for.
  const std::string subject = PatientId(bundle, At(request, "subject"));
  if (subject != order.patient) {
    return Bad("ServiceRequest.subject", "is another person than Task.for");
  }
  order.domain = DomainIn(At(request, "category"));
  if (FindNeedDomain(order.domain) == nullptr) {
    return Bad("ServiceRequest.category", "has no category of social needs");
  }
  order.target = UriIn(FirstOf(At(request, "performer")));
  order.owner = UriIn(At(task, "owner"));
  order.need = UuidOf(TextAt(At(task, "groupIdentifier"), "value"));
  if (!order.need) order.need = UuidOf(TextAt(At(request, "requisition"), "value"));
  for (const Read& input : ListAt(task, "input")) {
    const std::string field = CodeIn(At(input, "type"), kOrderField);
    if (!field.empty()) order.order[field] = TextAt(input, "valueString");
  }
  const Read& code = At(request, "code");
  if (const std::string text = TextAt(code, "text"); !text.empty()) {
    order.order.emplace("service_text", text);
  } else if (const std::string shown = TextAt(FirstOf(At(code, "coding")), "display");
             !shown.empty()) {
    order.order.emplace("service_text", shown);
  }
  if (const std::string service = CodeIn(code, kSnomed); !service.empty()) {
    order.order.emplace("service", service);
  }
  return order;
}

}  // namespace

Result<std::vector<OrderFound>> OrdersIn(std::string_view bundle) {
  EQN_TRY(const Read json, ReadBundle(bundle, kMostBundleBytes));
  std::vector<OrderFound> found;
  std::size_t number = 0;
  for (const Read& entry : ListAt(json, "entry")) {
    ++number;
    const Read& task = At(entry, "resource");
    if (TextAt(task, "resourceType") != "Task") continue;
    if (CodeIn(At(task, "code"), kTaskCode) != "fulfill") continue;
    found.push_back({number, OrderOf(json, task)});
  }
  return found;
}

}  // namespace equinode
