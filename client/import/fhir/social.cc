#include "client/import/fhir/social.h"

namespace equinode::fhir {

bool IsSocialType(std::string_view type) {
  return type == "Observation" || type == "QuestionnaireResponse" || type == "Condition" ||
         type == "Encounter";
}

Status ReadSocialResource(std::string_view type, const dom::object& resource,
                          const Surroundings& around, ReadSocial& out) {
  out.kind = SocialKind::kPassedOver;
  out.passed_over.assign(type);
  out.patient_id.clear();
  const ZCodeTable& codes = around.codes != nullptr ? *around.codes : *ZCodeTable::BuiltIn();
  if (type == "Observation") return ReadObservation(resource, around, out);
  if (type == "QuestionnaireResponse") return ReadQuestionnaireResponse(resource, around, out);
  if (type == "Condition") return ReadCondition(resource, around, codes, out);
  return ReadEncounter(resource, around, codes, out);
}

}  // namespace equinode::fhir
