#include "client/import/fhir/coverage.h"

#include <vector>

#include "client/import/fhir/datatypes.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

// The codings' codes of Coverage.type.
Status ReadTypes(const dom::element& value, std::vector<std::string>& out) {
  EQN_TRY(const dom::object object, Object(value, "Coverage.type"));
  for (const auto& [key, field] : object) {
    if (key != "coding") continue;
    EQN_CHECK(ForEachObject(field, "Coverage.type", [&](const dom::object& coding) -> Status {
      for (const auto& [name, part] : coding) {
        if (name != "code" || out.size() == kMaxList) continue;
        EQN_CHECK(Keep(part, "Coverage.type", out.emplace_back()));
      }
      return Ok();
    }));
  }
  return Ok();
}

Status ReadPeriod(const dom::element& value, CoverageRecord& out) {
  EQN_TRY(const dom::object object, Object(value, "Coverage.period"));
  for (const auto& [key, field] : object) {
    if (key != "start" && key != "end") continue;
    EQN_TRY(const std::string_view text, Text(field, "Coverage.period"));
    if (text.empty()) continue;
    EQN_TRY(const PartialDate date, ReadDate(text, "BAD_PERIOD", "Coverage.period"));
    (key == "start" ? out.start : out.end) = date;
  }
  if (!out.start.empty() && !out.end.empty() && LastDay(out.end) < FirstDay(out.start)) {
    return Refuse("BAD_PERIOD", "Coverage.period ends before it starts; correct it at the source");
  }
  return Ok();
}

bool IsStatus(std::string_view status) {
  return status == "active" || status == "cancelled" || status == "draft" ||
         status == "entered-in-error";
}

// The contained organisation that a payor "#id" points to, as identifier and name.
struct Contained {
  std::string_view id{};
  std::string_view name{};
  std::string_view system{};
  std::string_view value{};
};

Status ReadContained(const dom::element& value, std::vector<Contained>& out) {
  return ForEachObject(value, "Coverage.contained", [&](const dom::object& object) -> Status {
    if (out.size() == kMaxList) return Ok();
    Contained& one = out.emplace_back();
    for (const auto& [key, field] : object) {
      if (key == "id") {
        EQN_TRY(one.id, Text(field, "Coverage.contained.id"));
      } else if (key == "name" && field.is_string()) {
        EQN_TRY(one.name, Text(field, "Coverage.contained.name"));
      } else if (key == "identifier" && field.is_array()) {
        EQN_CHECK(ForEachObject(field, "Coverage.contained.identifier",
                                [&](const dom::object& identifier) -> Status {
                                  for (const auto& [name, part] : identifier) {
                                    if (name == "system" && one.value.empty()) {
                                      EQN_TRY(one.system, Text(part, "identifier.system"));
                                    } else if (name == "value" && one.value.empty()) {
                                      EQN_TRY(one.value, Text(part, "identifier.value"));
                                    }
                                  }
                                  return Ok();
                                }));
      }
    }
    return Ok();
  });
}

// The payor in words, for the record and for the list of what no rule maps. A person who pays is
// said without an id.
std::string Describe(const Reference& payor, const PayorNames& names) {
  std::string text;
  if (payor.type == "Patient" || payor.type == "RelatedPerson") {
    text = "(a person)";
  } else if (!names.identifier_value.empty()) {
    text.append(names.identifier_system).append("|").append(names.identifier_value);
  } else if (!names.reference.empty() && names.reference[0] != '#') {
    text.assign(names.reference);
  } else {
    text.assign(names.name);
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
  }
  return text;
}

// Payors in their order; the first that a rule maps is the payer.
Status ReadPayors(const dom::element& value, const std::vector<Contained>& contained,
                  const std::vector<std::string>& types, const Surroundings& around,
                  const PayerMap& payers, ReadCoverage& out) {
  EQN_TRY(const dom::array list, List(value, "Coverage.payor"));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    EQN_TRY(const Reference payor, ReadReference(element, "Coverage.payor", around.urls));
    PayorNames names{payor.identifier_system, payor.identifier_value, payor.raw, payor.display};
    std::string resolved;  // A urn of the Bundle, as the Type/id that rules speak of.
    if (!payor.type.empty() && !payor.id.empty()) {
      resolved.append(payor.type).append("/").append(payor.id);
    }
    for (const Contained& one : contained) {
      if (!payor.contained || one.id != payor.raw.substr(1)) continue;
      if (names.identifier_value.empty()) {
        names.identifier_system = one.system;
        names.identifier_value = one.value;
      }
      if (names.name.empty()) names.name = one.name;
    }
    const PayerRule* rule = payers.Find(names, types);
    if (rule == nullptr && !resolved.empty()) {
      names.reference = resolved;
      rule = payers.Find(names, types);
    }
    const std::string words = Describe(payor, names);
    if (words.size() > kMaxText) {
      return Refuse("TEXT_TOO_LONG", "Coverage.payor is over 1,024 bytes; shorten it");
    }
    if (out.coverage.payor.empty() || rule != nullptr) out.coverage.payor = words;
    if (rule != nullptr) {
      out.coverage.payer = rule->uri;
      out.coverage.line_of_business = rule->line_of_business;
      out.mapped = true;
      return Ok();
    }
  }
  return Ok();
}

// Identifiers of type MB are member numbers.
std::string MemberNumber(const std::vector<Identifier>& identifiers) {
  for (const Identifier& identifier : identifiers) {
    if (identifier.type == "MB") return identifier.value;
  }
  return {};
}

}  // namespace

Status ReadCoverageResource(const dom::object& resource, const Surroundings& around,
                            const PayerMap& payers, ReadCoverage& out) {
  out = ReadCoverage{};
  CoverageRecord& coverage = out.coverage;
  Meta meta;
  Reference beneficiary;
  std::vector<Identifier> identifiers;
  std::vector<Identifier> spare;
  std::vector<std::string> types;
  std::vector<Contained> contained;
  std::string subscriber;
  dom::element payor;
  bool has_payor = false;
  for (const auto& [key, field] : resource) {
    if (key == "beneficiary") {
      EQN_TRY(beneficiary, ReadReference(field, "Coverage.beneficiary", around.urls));
    } else if (key == "payor") {
      payor = field;
      has_payor = true;
    } else if (key == "status") {
      EQN_CHECK(Keep(field, "Coverage.status", coverage.status));
    } else if (key == "period") {
      EQN_CHECK(ReadPeriod(field, coverage));
    } else if (key == "subscriberId") {
      EQN_CHECK(Keep(field, "Coverage.subscriberId", subscriber));
    } else if (key == "identifier") {
      EQN_CHECK(ReadIdentifiers(field, "Coverage.identifier", identifiers, spare));
    } else if (key == "type") {
      EQN_CHECK(ReadTypes(field, types));
    } else if (key == "contained") {
      EQN_CHECK(ReadContained(field, contained));
    } else if (key == "meta") {
      EQN_CHECK(ReadMeta(field, meta));
    }
  }
  EQN_TRY(const std::string_view patient, IdOf(beneficiary, "Patient", "Coverage.beneficiary"));
  out.patient_id.assign(patient);
  if (coverage.status.empty()) {
    return Refuse("MISSING_STATUS",
                  "Coverage.status is missing; write active, cancelled, draft or entered-in-error");
  }
  if (!IsStatus(coverage.status)) {
    return Refuse("BAD_STATUS",
                  "Coverage.status is none of active, cancelled, draft and entered-in-error");
  }
  if (has_payor) EQN_CHECK(ReadPayors(payor, contained, types, around, payers, out));
  if (coverage.payor.empty()) {
    return Refuse("MISSING_PAYOR",
                  "Coverage.payor names nobody; give it an identifier, a reference or a display");
  }
  coverage.member_id = MemberNumber(identifiers);
  if (coverage.member_id.empty()) coverage.member_id = std::move(subscriber);
  if (meta.us_core_coverage && coverage.member_id.empty() &&
      around.profile.invariants == InvariantPolicy::kRefuse) {
    return Refuse("US_CORE_15",
                  "US Core Coverage needs a member number (identifier of type MB) or a "
                  "subscriberId; add it at the source, or set us_core = \"keep\" in the source "
                  "profile to take it in without");
  }
  return Ok();
}

}  // namespace equinode::fhir
