// Problems, diagnoses and encounters; and what the staff did about codes, as the chart would have
// it.
#include <algorithm>
#include <utility>

#include "client/fhir_out/facts_json.h"
#include "client/fhir_out/words.h"

namespace equinode::fhir_out {
namespace {

using std::chrono::sys_days;

constexpr std::string_view kAssertedDate =
    "http://hl7.org/fhir/StructureDefinition/condition-assertedDate";
constexpr std::string_view kIcd = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr std::string_view kCondition = "http://terminology.hl7.org/CodeSystem/condition-category";

Json CodeOf(const std::vector<Coded>& codes) {
  Json code = Json::object();
  Json codings = Json::array();
  for (const Coded& each : codes) {
    if (each.code.empty()) {
      if (code.empty()) code["text"] = each.text.empty() ? each.display : each.text;
      continue;
    }
    Json coding = CodingOf(each.system, each.code, each.display);
    if (each.system.empty()) coding.erase("system");
    codings.push_back(std::move(coding));
  }
  if (!codings.empty()) return {{"coding", std::move(codings)}};
  return code;
}

Json CategoriesOf(const ConditionRecord& record) {
  Json categories = Json::array();
  if (record.category == "health-concern") {
    categories.push_back(ConceptOf("http://hl7.org/fhir/us/core/CodeSystem/condition-category",
                                   record.category, "Health Concern"));
  } else if (!record.category.empty()) {
    categories.push_back(ConceptOf(kCondition, record.category));
  }
  categories.push_back(
      ConceptOf("http://hl7.org/fhir/us/core/CodeSystem/us-core-category", "sdoh", "SDOH"));
  for (const std::string& domain : record.domains) categories.push_back(CategoryOf(domain));
  return categories;
}

std::string ProfileOf(const ConditionRecord& record) {
  if (record.codes.empty() || record.category.empty()) {
    return std::string(kBaseProfile) + "Condition";
  }
  if (record.category == "encounter-diagnosis") {
    return std::string(kUsCore) + "us-core-condition-encounter-diagnosis";
  }
  return std::string(kProfile) + "SDOHCC-Condition";
}

void SetSayers(const ConditionRecord& record, const std::string& person, Json& out) {
  const Json clinician = {{"type", "Practitioner"}, {"display", record.signed_by}};
  // A reference names somebody: without a name there is none.
  const bool signed_off = !record.signed_by.empty();
  if (signed_off && record.asserted_by != "practitioner") out["recorder"] = clinician;
  if (record.asserted_by == "practitioner" && signed_off) {
    out["asserter"] = clinician;
  } else if (record.asserted_by == "patient") {
    out["asserter"] = PatientReference(person);
  } else if (record.asserted_by == "related") {
    out["asserter"] = {{"type", "RelatedPerson"}, {"display", "says so for the person"}};
  }
}

PartialDate PartialOf(sys_days day) {
  const std::chrono::year_month_day date{day};
  return {static_cast<std::uint16_t>(static_cast<int>(date.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

// Puts the step's Condition on its encounter, and returns the encounter's source id. One that is
// not kept here is made. So is one in place of an encounter of a later day than the step: its code
// would be read as of that day, behind what came in between.
std::string AddToEncounter(const StaffStep& step, const std::string& condition,
                           const PersonFacts& facts,
                           std::vector<Kept<EncounterRecord>>& encounters) {
  const EncounterDiagnosis diagnosis{condition, {}, "", step.position};
  std::string id = step.encounter;
  // Two people's visits may be called the same by the staff.
  if (id.find("/Encounter/") == id.npos) id = "steps/Encounter/" + facts.person + "/" + id;
  const auto known = std::ranges::find(encounters, id, &Kept<EncounterRecord>::source_id);
  if (known != encounters.end()) {
    const auto day = FirstDayOf(known->record.on);
    if (Held(known->record) && (!day || Instant{*day} <= step.told_at)) {
      known->record.diagnoses.push_back(diagnosis);
      return id;
    }
    id = "steps/Encounter/" + condition;
  } else if (std::ranges::find(facts.conditions, id, [](const auto& kept) {
               return kept.record.encounter;
             }) != facts.conditions.end()) {
    return id;  // The chart's own conditions of it would take the day of one made here.
  }
  encounters.push_back({id, {"finished", PartialOf(step.on), "", {diagnosis}}});
  return id;
}

// The time with the offset, in whole hours, at which it is the day that was written.
std::string TimeText(Instant at, const PartialDate& day) {
  for (int hours = 0; hours <= 14; ++hours) {
    for (const int offset : {-hours, hours}) {
      const Instant there = at + std::chrono::hours{offset};
      if (DateText(std::chrono::floor<std::chrono::days>(there)) != DateText(day)) continue;
      std::string text = FormatInstant(there);
      if (offset == 0) return text;
      text.pop_back();
      return text + (offset < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + std::to_string(hours) +
             ":00";
    }
  }
  return DateText(day);  // No clock on earth shows that day then.
}

}  // namespace

std::string DateText(const PartialDate& date) {
  if (date.empty()) return "";
  const auto padded = [](unsigned number, std::size_t width) {
    std::string text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  std::string text = padded(date.year, 4);
  if (date.month != 0) text += "-" + padded(date.month, 2);
  if (date.day != 0) text += "-" + padded(date.day, 2);
  return text;
}

std::string DateText(sys_days day) { return DateText(PartialOf(day)); }

Json ConditionJson(const Kept<ConditionRecord>& kept, const std::string& person,
                   const Names& names) {
  const ConditionRecord& record = kept.record;
  Json out = {{"resourceType", "Condition"},
              {"id", names.IdOf(kept.source_id, "Condition")},
              {"meta", {{"profile", Json::array({ProfileOf(record)})}}}};
  Json extensions = Json::array();
  if (record.asserted_by == "device") {
    extensions.push_back(
        {{"url", std::string(kProfile) + "SDOHCC-ExtensionConditionAsserter"},
         {"valueReference", {{"type", "Device"}, {"display", "computed from answers"}}}});
  }
  if (!record.asserted_on.empty()) {
    extensions.push_back({{"url", kAssertedDate}, {"valueDateTime", DateText(record.asserted_on)}});
  }
  if (!extensions.empty()) out["extension"] = std::move(extensions);
  if (!record.clinical.empty()) {
    out["clinicalStatus"] =
        ConceptOf("http://terminology.hl7.org/CodeSystem/condition-clinical", record.clinical);
  }
  if (!record.verification.empty()) {
    out["verificationStatus"] = ConceptOf(
        "http://terminology.hl7.org/CodeSystem/condition-ver-status", record.verification);
  }
  out["category"] = CategoriesOf(record);
  if (Json code = CodeOf(record.codes); !code.empty()) out["code"] = std::move(code);
  out["subject"] = PatientReference(person);
  if (!record.encounter.empty()) out["encounter"] = names.To(record.encounter, "Encounter");
  if (!record.onset.empty()) out["onsetDateTime"] = DateText(record.onset);
  if (!record.abated_on.empty()) {
    out["abatementDateTime"] = DateText(record.abated_on);
  } else if (record.abated) {  // The profile knows a time alone.
    out["abatementPeriod"] = {
        {"extension", Json::array({{{"url", kDataAbsentExtension}, {"valueCode", "unknown"}}})}};
  }
  if (!record.recorded_on.empty()) {
    out["recordedDate"] = record.recorded_at ? TimeText(*record.recorded_at, record.recorded_on)
                                             : DateText(record.recorded_on);
  }
  SetSayers(record, person, out);
  Json details = Json::array();
  for (const std::string& each : record.evidence) details.push_back(names.To(each, ""));
  if (!details.empty()) out["evidence"] = Json::array({{{"detail", std::move(details)}}});
  return out;
}

Json EncounterJson(const Kept<EncounterRecord>& kept, const std::string& person,
                   const Names& names) {
  const EncounterRecord& record = kept.record;
  Json out = {{"resourceType", "Encounter"},
              {"id", names.IdOf(kept.source_id, "Encounter")},
              {"meta", {{"profile", Json::array({std::string(kBaseProfile) + "Encounter"})}}}};
  out["status"] = record.status.empty() ? "unknown" : record.status;
  // What sort of visit it was is not kept.
  out["class"] = CodingOf("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK");
  out["subject"] = PatientReference(person);
  if (!record.clinician.empty()) {
    out["participant"] = Json::array(
        {{{"type", Json::array({ConceptOf(
                       "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PPRF")})},
          {"individual", {{"type", "Practitioner"}, {"display", record.clinician}}}}});
  }
  if (!record.on.empty()) out["period"] = {{"start", DateText(record.on)}};
  Json reasons = Json::array();
  Json diagnoses = Json::array();
  for (const EncounterDiagnosis& each : record.diagnoses) {
    if (each.condition.empty()) {
      reasons.push_back(CodeOf(each.codes));
      continue;
    }
    Json diagnosis = {{"condition", names.To(each.condition, "Condition")}};
    if (!each.use.empty()) {
      diagnosis["use"] =
          ConceptOf("http://terminology.hl7.org/CodeSystem/diagnosis-role", each.use);
    }
    if (each.position != 0) diagnosis["rank"] = each.position;
    diagnoses.push_back(std::move(diagnosis));
  }
  if (!reasons.empty()) out["reasonCode"] = std::move(reasons);
  if (!diagnoses.empty()) out["diagnosis"] = std::move(diagnoses);
  return out;
}

void AddSteps(const PersonFacts& facts, std::vector<Kept<ConditionRecord>>& conditions,
              std::vector<Kept<EncounterRecord>>& encounters) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < facts.steps.size(); ++i) {
    const StaffStep& step = facts.steps[i];
    number = i > 0 && facts.steps[i - 1].code == step.code ? number + 1 : 1;
    const std::string id =
        "steps/Condition/" + facts.person + "/" + step.code + "-" + std::to_string(number);
    ConditionRecord record;
    record.codes.push_back({std::string(kIcd), step.code, "", ""});
    record.domains = step.domains;
    record.category = "problem-list-item";
    record.clinical = "active";
    record.verification = step.clinician.empty() ? "unconfirmed" : "confirmed";
    record.asserted_on = PartialOf(step.on);
    record.recorded_on = PartialOf(std::chrono::floor<std::chrono::days>(step.told_at));
    record.recorded_at = step.told_at;
    record.signed_by = step.clinician;
    if (!step.clinician.empty()) record.asserted_by = "practitioner";
    if (step.event == CodeEvent::kCode) {
      record.category = "encounter-diagnosis";
      record.encounter = AddToEncounter(step, id, facts, encounters);
    } else if (step.event == CodeEvent::kResolve) {
      record.clinical = "resolved";
      record.abated = true;
      record.abated_on = PartialOf(step.on);
    } else if (step.event == CodeEvent::kRefute) {
      record.verification = "refuted";
    }
    conditions.push_back({id, std::move(record)});
  }
}

}  // namespace equinode::fhir_out
