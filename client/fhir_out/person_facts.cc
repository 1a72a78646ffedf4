#include "client/fhir_out/person_facts.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/crypto/hash.h"
#include "client/fhir_out/consent_json.h"
#include "client/fhir_out/facts_json.h"
#include "client/fhir_out/words.h"

namespace equinode {

namespace fhir_out {
namespace {

// FHIR's own: 1 to 64 of letters, digits, '-' and '.'; and '_', which servers have.
bool IsId(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_';
    if (!good) return false;
  }
  return true;
}

// "feed/Type/id"; the id may have any more slashes.
struct Parts {
  std::string_view feed{};
  std::string_view type{};
  std::string_view id{};
};
Parts PartsOf(std::string_view source_id) {
  const std::size_t first = source_id.find('/');
  const std::size_t second = first == source_id.npos ? first : source_id.find('/', first + 1);
  if (second == source_id.npos) return {};
  return {source_id.substr(0, first), source_id.substr(first + 1, second - first - 1),
          source_id.substr(second + 1)};
}

}  // namespace

std::string Names::IdOf(const std::string& source_id, std::string_view type) const {
  const Parts parts = PartsOf(source_id);
  if (parts.feed == feed_ && parts.type == type && IsId(parts.id)) return std::string(parts.id);
  return ToHex(Sha256(AsBytes(source_id))).substr(0, 32);
}

Json Names::To(const std::string& source_id, std::string_view type) const {
  // What is written under another type than it came as.
  const Parts parts = PartsOf(source_id);
  std::string_view as = type.empty() ? parts.type : type;
  if (type.empty() && parts.type == "Screening") as = "Observation";
  if (type == "QuestionnaireResponse" && parts.type != type) as = "Observation";
  if (as.empty()) as = "Basic";
  return ReferenceTo(as, IdOf(source_id, as));
}

Json PatientJson(const PersonRecord& record, const std::string& person) {
  Json out = {{"resourceType", "Patient"}, {"id", LastPart(person)}};
  Json identifiers = Json::array();
  for (const Identifier& each : record.identifiers) {
    Json identifier = Json::object();
    if (!each.type.empty()) {
      identifier["type"] = ConceptOf("http://terminology.hl7.org/CodeSystem/v2-0203", each.type);
    }
    if (!each.system.empty()) identifier["system"] = each.system;
    identifier["value"] = each.value;
    identifiers.push_back(std::move(identifier));
  }
  Json names = Json::array();
  for (const HumanName& each : record.names) {
    Json name = Json::object();
    if (!each.use.empty()) name["use"] = each.use;
    if (!each.text.empty()) name["text"] = each.text;
    if (!each.family.empty()) name["family"] = each.family;
    if (!each.given.empty()) name["given"] = each.given;
    if (!each.prefix.empty()) name["prefix"] = Json::array({each.prefix});
    if (!each.suffix.empty()) name["suffix"] = Json::array({each.suffix});
    names.push_back(std::move(name));
  }
  std::string gender;
  for (const Assertion& each : record.assertions) {
    if (each.field == AssertionField::kAdministrativeGender && !each.values.empty()) {
      gender = each.values.front().code;
    }
  }
  const bool systems = std::ranges::none_of(
      record.identifiers, [](const Identifier& each) { return each.system.empty(); });
  const bool us_core = systems && !identifiers.empty() && !names.empty() && !gender.empty();
  out["meta"] = {{"profile", Json::array({us_core ? std::string(kUsCore) + "us-core-patient"
                                                  : std::string(kBaseProfile) + "Patient"})}};
  if (!identifiers.empty()) out["identifier"] = std::move(identifiers);
  out["active"] = record.active;
  if (!names.empty()) out["name"] = std::move(names);
  Json telecoms = Json::array();
  for (const ContactPoint& each : record.telecoms) {
    Json telecom = Json::object();
    if (!each.system.empty()) telecom["system"] = each.system;
    telecom["value"] = each.value;
    if (!each.use.empty()) telecom["use"] = each.use;
    telecoms.push_back(std::move(telecom));
  }
  if (!telecoms.empty()) out["telecom"] = std::move(telecoms);
  if (!gender.empty()) out["gender"] = gender;
  if (!record.birth_date.empty()) out["birthDate"] = DateText(record.birth_date);
  if (record.deceased) out["deceasedBoolean"] = true;
  Json addresses = Json::array();
  for (const PostalAddress& each : record.addresses) {
    Json address = Json::object();
    if (!each.use.empty()) address["use"] = each.use;
    if (!each.lines.empty()) address["line"] = each.lines;
    if (!each.city.empty()) address["city"] = each.city;
    if (!each.district.empty()) address["district"] = each.district;
    if (!each.state.empty()) address["state"] = each.state;
    if (!each.postal_code.empty()) address["postalCode"] = each.postal_code;
    if (!each.country.empty()) address["country"] = each.country;
    addresses.push_back(std::move(address));
  }
  if (!addresses.empty()) out["address"] = std::move(addresses);
  return out;
}

}  // namespace fhir_out

namespace {

// A response that was taken back is kept without its answers, and still tells the instrument of the
// Observations that were made of it. It is not written: they tell it themselves.
Kept<ScreeningRecord> WithInstrument(Kept<ScreeningRecord> kept,
                                     const std::vector<Kept<ScreeningRecord>>& all) {
  if (!kept.record.instrument.empty() || kept.record.part_of.empty()) return kept;
  for (const auto& other : all) {
    const bool silent = other.record.answers.empty() && other.record.members.empty();
    if (silent && other.source_id == kept.record.part_of) {
      kept.record.instrument = other.record.instrument;
    }
  }
  return kept;
}

}  // namespace

void AddStaffSteps(const CodeView& code, std::vector<StaffStep>& out) {
  std::string signed_by;
  for (const CodeStep& each : code.steps) {
    if (!each.clinician.empty()) signed_by = each.clinician;
    if (!each.actor.starts_with("spiffe://")) continue;
    out.push_back({each.event, code.code, code.domains, each.on, each.told_at, signed_by,
                   each.encounter, each.position});
  }
}

std::string BundleOf(const PersonFacts& facts, bool one_line) {
  using namespace fhir_out;
  const Names names(facts.person);
  std::vector<Kept<ConditionRecord>> conditions = facts.conditions;
  std::vector<Kept<EncounterRecord>> encounters = facts.encounters;
  AddSteps(facts, conditions, encounters);
  Json entries = Json::array();
  if (facts.patient) AddEntry(entries, PatientJson(*facts.patient, facts.person));
  for (const auto& kept : facts.screenings) {
    AddScreening(WithInstrument(kept, facts.screenings), facts.person, names, entries);
  }
  for (const auto& kept : conditions) AddEntry(entries, ConditionJson(kept, facts.person, names));
  for (const auto& kept : encounters) AddEntry(entries, EncounterJson(kept, facts.person, names));
  for (const ConsentOnPaper& consent : facts.consents) {
    AddEntry(entries, ConsentJson(consent, facts.organisation));
  }
  return TextOf(BundleFrom(std::move(entries)), one_line);
}

bool Empty(const PersonFacts& facts) {
  return facts.screenings.empty() && facts.conditions.empty() && facts.encounters.empty() &&
         facts.steps.empty() && facts.consents.empty();
}

}  // namespace equinode
