// Resources that speak of social needs: Observation, QuestionnaireResponse, Condition, Encounter.
// What of these types speaks of something else is passed over, with the reason in the count.
#pragma once

#include <string>

#include "base/result.h"
#include "client/import/fhir/json.h"
#include "client/import/fhir/patient.h"
#include "domain/needs/record.h"

namespace equinode::fhir {

enum class SocialKind : std::uint8_t { kPassedOver, kScreening, kCondition, kEncounter };

// Reused from one resource to the next.
struct ReadSocial {
  SocialKind kind = SocialKind::kPassedOver;
  std::string passed_over{};  // "Observation", "Observation (not about the patient)", ...
  std::string patient_id{};
  ScreeningRecord screening{};
  ConditionRecord condition{};
  EncounterRecord encounter{};
};

bool IsSocialType(std::string_view type);

// `type` is one of IsSocialType. Refusals: WRONG_TYPE, TEXT_TOO_LONG, TOO_MANY, CONTROL_CHARACTER,
// BAD_DATE, and those of a reference that does not name its Patient.
Status ReadSocialResource(std::string_view type, const dom::object& resource,
                          const Surroundings& around, ReadSocial& out);

// Each of its own file. They fill what they are named after, and patient_id.
Status ReadObservation(const dom::object& resource, const Surroundings& around, ReadSocial& out);
Status ReadQuestionnaireResponse(const dom::object& resource, const Surroundings& around,
                                 ReadSocial& out);
Status ReadCondition(const dom::object& resource, const Surroundings& around,
                     const ZCodeTable& codes, ReadSocial& out);
Status ReadEncounter(const dom::object& resource, const Surroundings& around,
                     const ZCodeTable& codes, ReadSocial& out);

}  // namespace equinode::fhir
