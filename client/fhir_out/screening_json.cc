// What was asked and answered, as Observation or QuestionnaireResponse.
#include <algorithm>
#include <set>

#include "client/fhir_out/facts_json.h"
#include "client/fhir_out/words.h"
#include "domain/needs/panels.h"
#include "domain/zcodes/domains.h"

namespace equinode::fhir_out {
namespace {

constexpr std::string_view kLoinc = "http://loinc.org";
constexpr std::string_view kResponseProfile =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-questionnaireresponse";
constexpr std::string_view kUndated =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-screening-assessment";

std::string_view ReasonOf(AnswerGiven given) {
  switch (given) {
    case AnswerGiven::kDeclined:
      return "asked-declined";
    case AnswerGiven::kNotAsked:
      return "not-asked";
    case AnswerGiven::kUnable:
      return "asked-unknown";
    case AnswerGiven::kNothing:
    case AnswerGiven::kAnswered:
      return "unknown";
  }
  return "unknown";
}

std::string_view WordsOf(const std::string& question, const std::string& code) {
  for (const AnswerRule& rule : RulesOfQuestion(question)) {
    if (rule.answer == code) return rule.text;
  }
  return {};
}

Json CodingOfAnswer(const std::string& question, const std::string& code) {
  const std::size_t bar = code.find('|');
  if (bar == std::string::npos) return CodingOf(kLoinc, code, WordsOf(question, code));
  Json coding = CodingOf(code.substr(0, bar), code.substr(bar + 1));
  if (bar == 0) coding.erase("system");
  return coding;
}

Json NumberOf(std::int64_t milli) {
  if (milli % 1000 == 0) return milli / 1000;
  return static_cast<double>(milli) / 1000;
}

// Each value that was given: FHIR has room for one an element.
std::vector<std::pair<const char*, Json>> ValuesOf(const ScreenedAnswer& answer) {
  std::vector<std::pair<const char*, Json>> values;
  for (const std::string& code : answer.answers) {
    values.emplace_back("valueCodeableConcept",
                        Json{{"coding", Json::array({CodingOfAnswer(answer.question, code)})}});
  }
  if (answer.milli) values.emplace_back("valueQuantity", Json{{"value", NumberOf(*answer.milli)}});
  if (!answer.text.empty()) values.emplace_back("valueString", answer.text);
  return values;
}

Json AbsentReason(AnswerGiven given) {
  Json reason = ConceptOf(kDataAbsent, ReasonOf(given));
  // Of "choose all that apply" nothing is an answer, which FHIR's list has not.
  if (given == AnswerGiven::kNothing) {
    reason["coding"].push_back(CodingOf(kAnswerGiven, "nothing"));
  }
  return reason;
}

void SetValue(Json& out, const std::vector<std::pair<const char*, Json>>& values,
              AnswerGiven given) {
  if (values.empty()) {
    out["dataAbsentReason"] = AbsentReason(given);
  } else {
    out[values.front().first] = values.front().second;
  }
}

Json QuestionOf(const std::string& loinc) { return ConceptOf(kLoinc, loinc, QuestionText(loinc)); }

Json Components(const std::vector<ScreenedAnswer>& answers) {
  Json components = Json::array();
  for (const ScreenedAnswer& answer : answers) {
    const auto values = ValuesOf(answer);
    for (std::size_t i = 0; i < std::max<std::size_t>(values.size(), 1); ++i) {
      Json component = {{"code", QuestionOf(answer.question)}};
      if (values.empty()) {
        SetValue(component, values, answer.given);
      } else {
        component[values[i].first] = values[i].second;
      }
      components.push_back(std::move(component));
    }
  }
  return components;
}

Json Categories(const std::vector<ScreenedAnswer>& answers, const std::string& instrument) {
  Json categories = Json::array(
      {ConceptOf("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey"),
       ConceptOf("http://hl7.org/fhir/us/core/CodeSystem/us-core-category", "sdoh", "SDOH")});
  std::set<std::string> domains;
  for (const ScreenedAnswer& answer : answers) {
    for (const AnswerRule& rule : RulesOfQuestion(answer.question)) {
      if (rule.domain.empty() || (!instrument.empty() && rule.instrument != instrument)) continue;
      domains.insert(rule.domain);
    }
  }
  for (const std::string& domain : domains) categories.push_back(CategoryOf(domain));
  return categories;
}

void SetPerformer(Json& out, const std::string& by, const std::string& person) {
  if (by == "self") {
    out["performer"] = Json::array({PatientReference(person)});
  } else if (by == "proxy") {
    out["performer"] =
        Json::array({{{"type", "RelatedPerson"}, {"display", "answered for the person"}}});
  } else if (by == "staff") {
    out["performer"] = Json::array({{{"type", "Practitioner"}, {"display", "staff"}}});
  }
}

// Everything but what was answered.
Json Head(const ScreeningRecord& record, const std::string& id, const Json& code,
          const std::string& person, const Names& names) {
  Json out = Resource("Observation", id, "SDOHCC-ObservationScreeningResponse");
  // The guide's profile wants a day.
  if (record.on.empty()) out["meta"]["profile"] = Json::array({kUndated});
  out["status"] = "final";
  out["category"] = Categories(record.answers, record.instrument);
  out["code"] = code;
  out["subject"] = PatientReference(person);
  if (!record.encounter.empty()) out["encounter"] = names.To(record.encounter, "Encounter");
  if (!record.on.empty()) out["effectiveDateTime"] = DateText(record.on);
  SetPerformer(out, record.by, person);
  return out;
}

void Finish(Json& out, const ScreeningRecord& record, const Json& members, const Names& names) {
  if (record.by == "device") out["device"] = {{"type", "Device"}, {"display", "computed"}};
  if (!members.empty()) out["hasMember"] = members;
  if (!record.part_of.empty()) {
    out["derivedFrom"] = Json::array({names.To(record.part_of, "QuestionnaireResponse")});
  }
}

Json ObservationOf(const Kept<ScreeningRecord>& kept, const std::string& person,
                   const Names& names) {
  const ScreeningRecord& record = kept.record;
  const std::string_view panel = PanelOfInstrument(record.instrument);
  const Json code = panel.empty() ? QuestionOf(record.answers.front().question)
                                  : ConceptOf(kLoinc, panel, record.instrument);
  Json out = Head(record, names.IdOf(kept.source_id, "Observation"), code, person, names);
  Json members = Json::array();
  for (const std::string& member : record.members)
    members.push_back(names.To(member, "Observation"));
  const bool alone = panel.empty() && record.answers.size() == 1;
  const auto values =
      alone ? ValuesOf(record.answers.front()) : std::vector<std::pair<const char*, Json>>();
  if (alone && values.size() < 2) SetValue(out, values, record.answers.front().given);
  Finish(out, record, members, names);
  const bool parts = !record.answers.empty() && (!alone || values.size() > 1);
  if (parts) out["component"] = Components(record.answers);
  return out;
}

// A panel, and an Observation for each answer.
void AddByHand(const Kept<ScreeningRecord>& kept, const std::string& person, const Names& names,
               Json& entries) {
  const std::string id = names.IdOf(kept.source_id, "Observation");
  Json members = Json::array();
  Json answers = Json::array();
  for (const ScreenedAnswer& answer : kept.record.answers) {
    const std::string part = id + "-" + std::to_string(answers.size() + 1);
    members.push_back(ReferenceTo("Observation", part));
    ScreeningRecord one = kept.record;
    one.answers = {answer};
    Json out = Head(one, part, QuestionOf(answer.question), person, names);
    const auto values = ValuesOf(answer);
    if (values.size() < 2) SetValue(out, values, answer.given);
    Finish(out, one, Json::array(), names);
    if (values.size() > 1) out["component"] = Components(one.answers);
    answers.push_back(std::move(out));
  }
  const Json code =
      ConceptOf(kLoinc, PanelOfInstrument(kept.record.instrument), kept.record.instrument);
  Json panel = Head(kept.record, id, code, person, names);
  Finish(panel, kept.record, members, names);
  AddEntry(entries, std::move(panel));
  for (Json& answer : answers) AddEntry(entries, std::move(answer));
}

Json ItemOf(const ScreenedAnswer& answer) {
  Json item = {{"linkId", answer.question}};
  if (const auto text = QuestionText(answer.question); !text.empty()) item["text"] = text;
  Json answers = Json::array();
  for (const std::string& code : answer.answers) {
    answers.push_back({{"valueCoding", CodingOfAnswer(answer.question, code)}});
  }
  if (answer.milli) answers.push_back({{"valueDecimal", NumberOf(*answer.milli)}});
  if (!answer.text.empty()) answers.push_back({{"valueString", answer.text}});
  const bool absent =
      answer.given != AnswerGiven::kAnswered && answer.given != AnswerGiven::kNothing;
  if (absent) {
    answers.push_back({{"extension", Json::array({{{"url", kDataAbsentExtension},
                                                   {"valueCode", ReasonOf(answer.given)}}})}});
  }
  if (!answers.empty()) item["answer"] = std::move(answers);
  return item;
}

Json ResponseOf(const Kept<ScreeningRecord>& kept, const std::string& person, const Names& names) {
  const ScreeningRecord& record = kept.record;
  const std::string_view panel = PanelOfInstrument(record.instrument);
  Json out = {{"resourceType", "QuestionnaireResponse"},
              {"id", names.IdOf(kept.source_id, "QuestionnaireResponse")}};
  const bool us_core = !panel.empty() && !record.on.empty();
  out["meta"] = {
      {"profile", Json::array({us_core ? std::string(kResponseProfile)
                                       : std::string(kBaseProfile) + "QuestionnaireResponse"})}};
  // LOINC's own name for the form.
  if (!panel.empty()) out["questionnaire"] = "http://loinc.org/q/" + std::string(panel);
  out["status"] = "completed";
  out["subject"] = PatientReference(person);
  if (!record.encounter.empty()) out["encounter"] = names.To(record.encounter, "Encounter");
  if (!record.on.empty()) out["authored"] = DateText(record.on);
  if (record.by == "staff") {
    out["author"] = {{"type", "Practitioner"}, {"display", "staff"}};
  } else if (record.by == "device") {
    out["author"] = {{"type", "Device"}, {"display", "computed"}};
  } else if (record.by == "self") {
    out["source"] = PatientReference(person);
  } else if (record.by == "proxy") {
    out["source"] = {{"type", "RelatedPerson"}, {"display", "answered for the person"}};
  }
  Json items = Json::array();
  for (const ScreenedAnswer& answer : record.answers) items.push_back(ItemOf(answer));
  out["item"] = panel.empty() ? std::move(items)
                              : Json::array({{{"linkId", panel}, {"item", std::move(items)}}});
  return out;
}

}  // namespace

void AddScreening(const Kept<ScreeningRecord>& kept, const std::string& person, const Names& names,
                  Json& entries) {
  const ScreeningRecord& record = kept.record;
  // What was taken back is kept without answers: there is nothing to tell.
  if (record.answers.empty() && record.members.empty()) return;
  const bool panel = !PanelOfInstrument(record.instrument).empty();
  if (record.answers.empty() && !panel) return;
  if (kept.source_id.find("/QuestionnaireResponse/") != std::string::npos) {
    AddEntry(entries, ResponseOf(kept, person, names));
  } else if (kept.source_id.find("/Screening/") != std::string::npos && panel) {
    AddByHand(kept, person, names, entries);
  } else {
    AddEntry(entries, ObservationOf(kept, person, names));
  }
}

}  // namespace equinode::fhir_out
