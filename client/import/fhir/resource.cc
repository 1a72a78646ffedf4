#include "client/import/fhir/resource.h"

#include <charconv>

#include "client/import/fhir/datatypes.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

bool IsTypeWord(std::string_view type) {
  if (type.empty() || type.size() > 64) return false;
  for (const char c : type) {
    if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) return false;
  }
  return true;
}

Error Twice(std::string_view key) {
  return Refuse("DUPLICATE_KEY",
                "\"" + std::string(key) + "\" stands twice in the resource; keep the right one");
}

// The type and the id first: refusals name them.
struct Head {
  std::string_view type{};
  std::string_view id{};
  bool id_is_text = true;
  bool bulk_log = false;
  SourceStamp stamp{};
};

// Nothing in it is judged: what cannot be read is not said.
SourceStamp ReadStamp(const dom::element& meta) {
  SourceStamp stamp;
  dom::object object;
  if (meta.get_object().get(object) != simdjson::SUCCESS) return stamp;
  for (const auto& [key, field] : object) {
    std::string_view text;
    if (key == "lastUpdated") {
      if (field.get_string().get(text) == simdjson::SUCCESS) stamp.updated_us = ReadInstant(text);
    } else if (key == "versionId") {
      std::uint64_t number = 0;
      if (field.get_string().get(text) != simdjson::SUCCESS || text.size() > 18) continue;
      const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
      if (read.ec == std::errc() && read.ptr == text.data() + text.size()) stamp.version = number;
    }
  }
  return stamp;
}

Status ReadHead(const dom::object& resource, Head& out) {
  int types = 0;
  int ids = 0;
  bool export_id = false;
  bool event_id = false;
  for (const auto& [key, field] : resource) {
    if (key == "resourceType") {
      if (++types > 1) return Twice(key);
      EQN_TRY(out.type, Text(field, "resourceType"));
    } else if (key == "id") {
      if (++ids > 1) return Twice(key);
      out.id_is_text = field.get_string().get(out.id) == simdjson::SUCCESS;
    } else if (key == "meta") {
      out.stamp = ReadStamp(field);
    } else if (types == 0 && key == "exportId") {
      export_id = true;
    } else if (types == 0 && key == "eventId") {
      event_id = true;
    }
  }
  out.bulk_log = types == 0 && export_id && event_id;
  return Ok();
}

Status ReadOrganizationResource(const dom::object& resource, OrganizationRecord& out) {
  out = OrganizationRecord{};
  std::vector<Identifier> spare;
  for (const auto& [key, field] : resource) {
    if (key == "name") {
      EQN_CHECK(Keep(field, "Organization.name", out.name));
    } else if (key == "identifier") {
      EQN_CHECK(ReadIdentifiers(field, "Organization.identifier", out.identifiers, spare));
    }
  }
  if (out.name.empty() && out.identifiers.empty()) {
    return Refuse("NAMELESS_ORGANIZATION",
                  "an Organization has a name or an identifier; give it one at the source");
  }
  return Ok();
}

}  // namespace

Status ReadFhirResource(const dom::element& root, std::string_view entry_url,
                        const Surroundings& around, const PayerMap& payers, ReadResource& out) {
  out.kind = ResourceKind::kPassedOver;
  out.type.clear();
  out.id.clear();
  dom::object resource;
  if (root.get_object().get(resource) != simdjson::SUCCESS) {
    return Refuse("NOT_A_RESOURCE", "this is JSON but not an object; a line is one FHIR resource");
  }
  Head head;
  const Status read_head = ReadHead(resource, head);
  if (IsTypeWord(head.type)) out.type.assign(head.type);
  if (IsId(head.id)) out.id.assign(head.id);
  out.stamp = head.stamp;
  EQN_CHECK(read_head);
  if (head.bulk_log) {  // log.ndjson beside a bulk export: about the export, not about people.
    out.type = "(bulk export log)";
    return Ok();
  }
  if (out.type.empty()) {
    return Refuse("NOT_A_RESOURCE",
                  "there is no resourceType; import FHIR R4 resources, and leave other files out");
  }
  if (out.type == "Bundle") {
    out.kind = ResourceKind::kBundle;
    return Ok();
  }
  const bool patient = out.type == "Patient";
  const bool coverage = out.type == "Coverage";
  const bool social = IsSocialType(out.type);
  if (!patient && !coverage && !social && out.type != "Organization") return Ok();
  if (social) {
    out.kind = ResourceKind::kSocial;
    EQN_CHECK(ReadSocialResource(out.type, resource, around, out.social));
    if (out.social.kind == SocialKind::kPassedOver) {  // That needs no id.
      if (out.social.passed_over == out.type) out.kind = ResourceKind::kPassedOver;
      return Ok();
    }
  }
  if (!head.id_is_text) return WrongType(out.type + ".id", "a string");
  if (head.id.empty()) head.id = IdInUrl(entry_url, out.type);
  EQN_CHECK(CheckId(head.id, out.type + ".id"));
  out.id.assign(head.id);
  if (patient) {
    EQN_CHECK(ReadPatientResource(resource, around, out.patient));
    out.kind = ResourceKind::kPerson;
  } else if (coverage) {
    EQN_CHECK(ReadCoverageResource(resource, around, payers, out.coverage));
    out.kind = ResourceKind::kCoverage;
  } else if (!social) {
    EQN_CHECK(ReadOrganizationResource(resource, out.organization));
    out.kind = ResourceKind::kOrganization;
  }
  return Ok();
}

std::string Label(const ReadResource& resource) {
  if (resource.type.empty() || resource.id.empty()) return resource.type;
  return resource.type + "/" + resource.id;
}

}  // namespace equinode::fhir
