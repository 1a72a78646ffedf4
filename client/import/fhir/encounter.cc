// An encounter with its diagnoses: where a code was reported, on which day, at which place.
#include <utility>

#include "client/import/fhir/refuse.h"
#include "client/import/fhir/social.h"
#include "client/import/fhir/social_parts.h"
#include "domain/needs/person_needs.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMostDiagnosisCodes = 16;

Status ReadDiagnoses(const dom::element& value, const Surroundings& around, EncounterRecord& out) {
  return ForEachObject(value, "Encounter.diagnosis", [&](const dom::object& one) -> Status {
    EncounterDiagnosis diagnosis;
    for (const auto& [key, field] : one) {
      if (key == "condition") {
        EQN_TRY(const Reference reference,
                ReadReference(field, "Encounter.diagnosis.condition", around.urls));
        if (!reference.id.empty()) {
          const std::string_view type =
              reference.type.empty() ? std::string_view("Condition") : reference.type;
          diagnosis.condition = SourceId(around.feed, type, reference.id);
        }
      } else if (key == "use") {
        Coded use;
        EQN_CHECK(ReadConcept(field, "Encounter.diagnosis.use", {}, use));
        diagnosis.use = std::move(use.code);
      } else if (key == "rank") {
        std::uint64_t rank = 0;
        if (field.get_uint64().get(rank) != simdjson::SUCCESS || rank < 1 || rank > 1'000'000) {
          return Refuse("WRONG_TYPE", "Encounter.diagnosis.rank is a number from 1");
        }
        diagnosis.position = static_cast<std::uint32_t>(rank);
      }
    }
    if (diagnosis.condition.empty()) return Ok();
    if (out.diagnoses.size() == kMaxList) {
      return Refuse("TOO_MANY", "Encounter.diagnosis has over 64");
    }
    out.diagnoses.push_back(std::move(diagnosis));
    return Ok();
  });
}

// Z codes that stand on the encounter itself.
Status ReadReasons(const dom::element& value, const ZCodeTable& codes, EncounterRecord& out) {
  EQN_TRY(const dom::array list, List(value, "Encounter.reasonCode"));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    ConditionRecord reason;
    EQN_CHECK(ReadCodings(element, "Encounter.reasonCode", kMostDiagnosisCodes, reason.codes));
    std::erase_if(reason.codes, [](const Coded& coded) { return !IsIcd10Cm(coded.system); });
    if (!IsSocial(reason, codes)) continue;
    if (out.diagnoses.size() == kMaxList) {
      return Refuse("TOO_MANY", "Encounter.reasonCode has over 64");
    }
    out.diagnoses.push_back({{}, std::move(reason.codes), "reason", 0});
  }
  return Ok();
}

// Who held it: the primary performer or the attender; else the first clinician.
Status ReadParticipants(const dom::element& value, const Surroundings& around, std::string& out) {
  std::string first;
  EQN_CHECK(ForEachObject(value, "Encounter.participant", [&](const dom::object& one) -> Status {
    bool main = false;
    std::string name;
    for (const auto& [key, field] : one) {
      if (key == "type") {
        EQN_TRY(const dom::array types, List(field, "Encounter.participant.type"));
        for (const dom::element type : types) {
          if (IsNull(type)) continue;
          std::vector<Coded> coded;
          EQN_CHECK(ReadCodings(type, "Encounter.participant.type", kMaxList, coded));
          for (const Coded& word : coded) {
            main = main || word.code == "PPRF" || word.code == "ATND";
          }
        }
      } else if (key == "individual") {
        EQN_TRY(const Reference reference,
                ReadReference(field, "Encounter.participant.individual", around.urls));
        const bool search = reference.raw.substr(0, 12) == "Practitioner";
        if (IsClinician(reference.type) || search) name = NameIn(reference);
      }
    }
    if (name.empty()) return Ok();
    if (main && out.empty()) out = name;
    if (first.empty()) first = std::move(name);
    return Ok();
  }));
  if (out.empty()) out = std::move(first);
  return Ok();
}

}  // namespace

Status ReadEncounter(const dom::object& resource, const Surroundings& around,
                     const ZCodeTable& codes, ReadSocial& out) {
  EncounterRecord& encounter = out.encounter;
  encounter = EncounterRecord{};
  for (const auto& [key, field] : resource) {
    if (key == "diagnosis") {
      EQN_CHECK(ReadDiagnoses(field, around, encounter));
    } else if (key == "reasonCode") {
      EQN_CHECK(ReadReasons(field, codes, encounter));
    }
  }
  if (encounter.diagnoses.empty()) return Ok();
  bool about_patient = false;
  for (const auto& [key, field] : resource) {
    if (key == "subject") {
      EQN_TRY(auto id, PatientIn(field, "Encounter.subject", around));
      about_patient = id.has_value();
      if (id) out.patient_id = *std::move(id);
    } else if (key == "status") {
      EQN_CHECK(Keep(field, "Encounter.status", encounter.status));
    } else if (key == "period") {
      EQN_CHECK(ReadPeriodStart(field, "Encounter.period", encounter.on));
    } else if (key == "participant") {
      EQN_CHECK(ReadParticipants(field, around, encounter.clinician));
    }
  }
  if (!about_patient) {
    out.passed_over = "Encounter (not about the patient)";
    return Ok();
  }
  out.kind = SocialKind::kEncounter;
  return Ok();
}

}  // namespace equinode::fhir
