// A problem, a concern or a diagnosis, where it speaks of a social need.
#include "client/import/fhir/refuse.h"
#include "client/import/fhir/social.h"
#include "client/import/fhir/social_parts.h"
#include "domain/needs/person_needs.h"
#include "domain/zcodes/domains.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMostConditionCodes = 16;

// The first code of a CodeableConcept such as verificationStatus.
Status ReadWord(const dom::element& value, std::string_view path, std::string& out) {
  Coded coded;
  EQN_CHECK(ReadConcept(value, path, {}, coded));
  out = std::move(coded.code);
  return Ok();
}

Status ReadCategories(const dom::element& value, ConditionRecord& out) {
  EQN_TRY(const dom::array list, List(value, "Condition.category"));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    std::vector<Coded> codes;
    EQN_CHECK(ReadCodings(element, "Condition.category", kMaxList, codes));
    std::string_view text;
    if (element["text"].get_string().get(text) != simdjson::SUCCESS) text = {};
    for (Coded& coded : codes) {
      // A domain that Gravity has no code for, as our own export writes it.
      if (coded.code == kUnspecifiedDomain && FindNeedDomain(text) != nullptr) coded.code = text;
      if (coded.code == "encounter-diagnosis" || coded.code == "problem-list-item" ||
          coded.code == "health-concern") {
        // What stands on an encounter counts as that, whatever list it is on besides.
        if (out.category != "encounter-diagnosis") out.category = coded.code;
      } else if (coded.system.find("SDOHCC-CodeSystemTemporaryCodes") != std::string::npos &&
                 FindNeedDomain(coded.code) != nullptr &&
                 out.domains.size() < kMostConditionCodes) {
        out.domains.push_back(coded.code);
      }
    }
  }
  return Ok();
}

// Who says so: the extension of the guide names a device, which FHIR's own element cannot.
Status ReadExtensions(const dom::element& value, const Surroundings& around, ConditionRecord& out) {
  return ForEachObject(value, "Condition.extension", [&](const dom::object& one) -> Status {
    std::string_view url;
    std::optional<dom::element> reference;
    std::optional<dom::element> day;
    for (const auto& [key, field] : one) {
      if (key == "url") {
        EQN_TRY(url, Text(field, "Condition.extension"));
      } else if (key == "valueReference") {
        reference = field;
      } else if (key == "valueDateTime") {
        day = field;
      }
    }
    if (url.find("SDOHCC-ExtensionConditionAsserter") != url.npos && reference) {
      EQN_TRY(const Reference asserter,
              ReadReference(*reference, "Condition.extension", around.urls));
      if (asserter.type == "Device") out.asserted_by = "device";
    } else if (url == "http://hl7.org/fhir/StructureDefinition/condition-assertedDate" && day) {
      EQN_CHECK(ReadDay(*day, "Condition.extension", out.asserted_on));
    }
    return Ok();
  });
}

Status ReadAbatement(std::string_view key, const dom::element& field, ConditionRecord& out) {
  out.abated = true;
  if (key == "abatementDateTime") return ReadDay(field, "Condition.abatement", out.abated_on);
  if (key != "abatementPeriod") return Ok();
  EQN_TRY(const dom::object period, Object(field, "Condition.abatement"));
  for (const auto& [name, part] : period) {
    const bool end = name == "end" || (name == "start" && out.abated_on.empty());
    if (end) EQN_CHECK(ReadDay(part, "Condition.abatement", out.abated_on));
  }
  return Ok();
}

Status ReadEvidence(const dom::element& value, const Surroundings& around, ConditionRecord& out) {
  return ForEachObject(value, "Condition.evidence", [&](const dom::object& one) -> Status {
    for (const auto& [key, field] : one) {
      if (key != "detail") continue;
      EQN_TRY(const dom::array list, List(field, "Condition.evidence.detail"));
      for (const dom::element element : list) {
        if (IsNull(element)) continue;
        EQN_TRY(const Reference reference,
                ReadReference(element, "Condition.evidence.detail", around.urls));
        std::string id = SourceIdIn(reference, around.feed);
        if (!id.empty() && out.evidence.size() < kMaxList) out.evidence.push_back(std::move(id));
      }
    }
    return Ok();
  });
}

}  // namespace

Status ReadCondition(const dom::object& resource, const Surroundings& around,
                     const ZCodeTable& codes, ReadSocial& out) {
  ConditionRecord& condition = out.condition;
  condition = ConditionRecord{};
  std::optional<dom::element> category;
  for (const auto& [key, field] : resource) {
    if (key == "code") {
      EQN_CHECK(ReadCodings(field, "Condition.code", kMostConditionCodes, condition.codes));
    } else if (key == "category") {
      category = field;
    }
  }
  if (category) EQN_CHECK(ReadCategories(*category, condition));
  if (!IsSocial(condition, codes)) return Ok();

  std::string recorder;
  bool about_patient = false;
  for (const auto& [key, field] : resource) {
    if (key == "subject") {
      EQN_TRY(auto id, PatientIn(field, "Condition.subject", around));
      about_patient = id.has_value();
      if (id) out.patient_id = *std::move(id);
    } else if (key == "verificationStatus") {
      EQN_CHECK(ReadWord(field, "Condition.verificationStatus", condition.verification));
    } else if (key == "clinicalStatus") {
      EQN_CHECK(ReadWord(field, "Condition.clinicalStatus", condition.clinical));
    } else if (key == "encounter") {
      EQN_TRY(const Reference reference, ReadReference(field, "Condition.encounter", around.urls));
      condition.encounter = SourceIdIn(reference, around.feed);
      // A bare urn of a Bundle names an Encounter and nothing else here.
      if (condition.encounter.empty() && !reference.id.empty()) {
        condition.encounter = SourceId(around.feed, "Encounter", reference.id);
      }
    } else if (key == "recordedDate") {
      EQN_CHECK(ReadDay(field, "Condition.recordedDate", condition.recorded_on));
      EQN_TRY(const std::string_view text, Text(field, "Condition.recordedDate"));
      // A date alone, or a time without its offset, gives none.
      if (const std::int64_t micros = ReadInstant(text); micros != 0) {
        condition.recorded_at =
            Instant{std::chrono::floor<Millis>(std::chrono::microseconds{micros})};
      }
    } else if (key == "onsetDateTime") {
      EQN_CHECK(ReadDay(field, "Condition.onset", condition.onset));
    } else if (key == "onsetPeriod") {
      EQN_CHECK(ReadPeriodStart(field, "Condition.onset", condition.onset));
    } else if (key.substr(0, 9) == "abatement" && !IsNull(field)) {
      EQN_CHECK(ReadAbatement(key, field, condition));
    } else if (key == "asserter" || key == "recorder") {
      EQN_TRY(const Reference reference, ReadReference(field, "Condition.asserter", around.urls));
      if (key == "recorder") {
        if (IsClinician(reference.type)) recorder = NameIn(reference);
        continue;
      }
      if (IsClinician(reference.type)) {
        condition.signed_by = NameIn(reference);
        condition.asserted_by = "practitioner";
      } else if (reference.type == "Patient") {
        condition.asserted_by = "patient";
      } else if (reference.type == "RelatedPerson") {
        condition.asserted_by = "related";
      }
    } else if (key == "extension") {
      EQN_CHECK(ReadExtensions(field, around, condition));
    } else if (key == "evidence") {
      EQN_CHECK(ReadEvidence(field, around, condition));
    }
  }
  if (!about_patient) {
    out.passed_over = "Condition (not about the patient)";
    return Ok();
  }
  if (condition.signed_by.empty()) condition.signed_by = std::move(recorder);
  out.kind = SocialKind::kCondition;
  return Ok();
}

}  // namespace equinode::fhir
