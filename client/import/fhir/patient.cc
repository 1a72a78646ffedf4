#include "client/import/fhir/patient.h"

#include <utility>

#include "client/import/fhir/datatypes.h"
#include "client/import/fhir/date.h"
#include "client/import/fhir/demographics.h"
#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

Status ReadBirthDate(const dom::element& value, std::chrono::sys_days today, PartialDate& out) {
  EQN_TRY(const std::string_view text, Text(value, "Patient.birthDate"));
  if (text.empty()) return Ok();
  if (text.size() > 10) {
    return Refuse("BAD_BIRTH_DATE", "Patient.birthDate is a date without a time; write YYYY-MM-DD");
  }
  EQN_TRY(out, ReadDate(text, "BAD_BIRTH_DATE", "Patient.birthDate"));
  if (FirstDay(out) > today) {
    return Refuse("FUTURE_BIRTH_DATE",
                  "Patient.birthDate is in the future; correct it at the source, and check this "
                  "machine's clock");
  }
  return Ok();
}

Status ReadManagingOrganization(const dom::element& value, const Surroundings& around,
                                std::string& out) {
  EQN_TRY(const Reference reference,
          ReadReference(value, "Patient.managingOrganization", around.urls));
  const auto id = IdOf(reference, "Organization", "Patient.managingOrganization");
  if (!id.ok()) return Ok();  // The person is kept without.
  out.assign(around.feed).append("/Organization/").append(*id);
  return Ok();
}

void FindMrns(const std::vector<Identifier>& identifiers, const std::string& system,
              std::vector<std::size_t>& out) {
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    const Identifier& identifier = identifiers[i];
    const bool is_mrn = system.empty() ? identifier.type == "MR" : identifier.system == system;
    if (is_mrn && identifier.value.size() <= 128) out.push_back(i);
  }
}

}  // namespace

Status ReadPatientResource(const dom::object& resource, const Surroundings& around,
                           ReadPatient& out) {
  PersonRecord& person = out.person;
  PersonRecord& spare = out.spare;
  Demographics& demographics = out.demographics;
  // Whatever the new one does not fill stays in the spare.
  if (!person.names.empty()) spare.names.swap(person.names);
  if (!person.identifiers.empty()) spare.identifiers.swap(person.identifiers);
  if (!person.addresses.empty()) spare.addresses.swap(person.addresses);
  if (!person.telecoms.empty()) spare.telecoms.swap(person.telecoms);
  if (!person.assertions.empty()) spare.assertions.swap(person.assertions);
  std::string organization = std::move(person.managing_organization);
  organization.clear();
  person = PersonRecord{};
  person.managing_organization = std::move(organization);
  demographics.Begin();
  out.mrns.clear();
  out.conflicts = 0;
  Meta meta;
  for (const auto& [key, field] : resource) {
    if (key == "extension") {
      EQN_CHECK(demographics.ReadExtensions(field));
    } else if (key == "name") {
      EQN_CHECK(ReadNames(field, "Patient.name", person.names, spare.names));
    } else if (key == "identifier") {
      EQN_CHECK(
          ReadIdentifiers(field, "Patient.identifier", person.identifiers, spare.identifiers));
    } else if (key == "address") {
      EQN_CHECK(ReadAddresses(field, "Patient.address", person.addresses, spare.addresses));
    } else if (key == "telecom") {
      EQN_CHECK(ReadTelecoms(field, "Patient.telecom", person.telecoms, spare.telecoms));
    } else if (key == "birthDate") {
      EQN_CHECK(ReadBirthDate(field, around.today, person.birth_date));
    } else if (key == "gender") {
      EQN_CHECK(demographics.ReadGender(field));
    } else if (key == "_gender") {
      EQN_CHECK(demographics.ReadGenderAbsent(field));
    } else if (key == "communication") {
      EQN_CHECK(demographics.ReadCommunication(field));
    } else if (key == "active") {
      EQN_TRY(person.active, Bool(field, "Patient.active"));
    } else if (key == "deceasedBoolean") {
      EQN_TRY(person.deceased, Bool(field, "Patient.deceasedBoolean"));
    } else if (key == "deceasedDateTime") {
      EQN_TRY(const std::string_view text, Text(field, "Patient.deceasedDateTime"));
      person.deceased = person.deceased || !text.empty();
    } else if (key == "managingOrganization") {
      EQN_CHECK(ReadManagingOrganization(field, around, person.managing_organization));
    } else if (key == "meta") {
      EQN_CHECK(ReadMeta(field, meta));
    }
  }
  const SourceProfile& profile = around.profile;
  if (meta.us_core_patient && demographics.breaks_us_core_23() &&
      profile.invariants == InvariantPolicy::kRefuse) {
    return Refuse("US_CORE_23",
                  "race has \"unknown\" or \"asked but unknown\" beside other categories; correct "
                  "it at the source, or set us_core = \"keep\" in the source profile to take it "
                  "in as a conflict");
  }
  PartialDate collected_on;
  if (profile.collected_on == CollectedOn::kFixed) collected_on = profile.collected_day;
  if (profile.collected_on == CollectedOn::kLastUpdated && meta.last_updated.size() >= 10) {
    const auto day = ReadDate(meta.last_updated, "BAD_DATE", "Patient.meta.lastUpdated");
    if (day.ok()) collected_on = *day;
  }
  demographics.Finish(profile, collected_on, person.assertions, spare.assertions, out.conflicts);
  FindMrns(person.identifiers, profile.mrn_system, out.mrns);
  return Ok();
}

}  // namespace equinode::fhir
