#include "client/import/fhir/social_parts.h"

#include <cmath>

#include "client/import/fhir/refuse.h"
#include "domain/people/tables.h"

namespace equinode::fhir {

Result<std::optional<std::string>> PatientIn(const dom::element& value, std::string_view path,
                                             const Surroundings& around) {
  EQN_TRY(const Reference reference, ReadReference(value, path, around.urls));
  if (!reference.type.empty() && reference.type != "Patient") return std::optional<std::string>();
  EQN_TRY(const std::string_view id, IdOf(reference, "Patient", path));
  return std::optional<std::string>(id);
}

std::string_view SayerOf(std::string_view type) {
  if (type == "Patient") return "self";
  if (type == "RelatedPerson") return "proxy";
  if (type == "Device") return "device";
  if (IsClinician(type) || type == "Organization" || type == "CareTeam") return "staff";
  return {};
}

bool IsClinician(std::string_view type) {
  return type == "Practitioner" || type == "PractitionerRole";
}

std::string NameIn(const Reference& reference) {
  if (!reference.display.empty()) return std::string(reference.display.substr(0, kMaxText));
  if (!reference.id.empty()) {
    return reference.type.empty() ? reference.id : reference.type + "/" + reference.id;
  }
  if (!reference.identifier_value.empty()) {
    return std::string(reference.identifier_value.substr(0, kMaxText));
  }
  return std::string(reference.raw.substr(0, kMaxText));
}

std::string SourceIdIn(const Reference& reference, std::string_view feed) {
  if (reference.id.empty() || reference.type.empty()) return {};
  return SourceId(feed, reference.type, reference.id);
}

Status ReadDay(const dom::element& value, std::string_view path, PartialDate& out) {
  EQN_TRY(const std::string_view text, Text(value, path));
  if (text.empty()) return Ok();
  EQN_TRY(out, ReadDate(text, "BAD_DATE", path));
  return Ok();
}

Status NotAhead(const PartialDate& on, std::string_view path, std::chrono::sys_days today) {
  if (on.empty() || FirstDay(on) <= today + std::chrono::days{1}) return Ok();
  return Refuse("FUTURE_DAY", std::string(path) + " is in the future: nobody has answered yet");
}

Status ReadPeriodStart(const dom::element& value, std::string_view path, PartialDate& out) {
  EQN_TRY(const dom::object period, Object(value, path));
  for (const auto& [key, field] : period) {
    if (key == "start") EQN_CHECK(ReadDay(field, path, out));
  }
  return Ok();
}

Status ReadCodings(const dom::element& value, std::string_view path, std::size_t most,
                   std::vector<Coded>& out) {
  EQN_TRY(const dom::object concept_object, Object(value, path));
  const std::size_t before = out.size();
  dom::element text;
  bool has_text = false;
  for (const auto& [key, field] : concept_object) {
    if (key == "text") {
      text = field;
      has_text = true;
    } else if (key == "coding") {
      EQN_TRY(const dom::array list, List(field, path));
      for (const dom::element element : list) {
        if (IsNull(element)) continue;
        if (out.size() == most)
          return Refuse("TOO_MANY", std::string(path) + " has too many codes");
        Coded coded;
        EQN_CHECK(ReadCoding(element, path, coded));
        if (!IsEmpty(coded)) out.push_back(std::move(coded));
      }
    }
  }
  if (has_text && out.size() == before && out.size() < most) {
    Coded coded;
    EQN_CHECK(Keep(text, path, coded.text));
    if (!IsEmpty(coded)) out.push_back(std::move(coded));
  }
  return Ok();
}

std::optional<AnswerGiven> GivenBy(std::string_view system, std::string_view code) {
  const auto state = StateOfNull(system, code);
  if (!state) return std::nullopt;
  switch (*state) {
    case AnswerState::kDeclined:
      return AnswerGiven::kDeclined;
    case AnswerState::kNotAsked:
    case AnswerState::kNotApplicable:
    case AnswerState::kPending:
      return AnswerGiven::kNotAsked;
    default:
      return AnswerGiven::kUnable;
  }
}

void AddCodedAnswer(const Coded& coded, ScreenedAnswer& out) {
  if (coded.code.empty()) {
    if (out.text.empty()) out.text = coded.text.empty() ? coded.display : coded.text;
    return;
  }
  if (coded.system == kLoincSystem) {
    out.answers.push_back(coded.code);
  } else if (const auto given = GivenBy(coded.system, coded.code)) {
    out.given = *given;
  } else if (IsDeclinedCode(coded.system, coded.code)) {
    out.given = AnswerGiven::kDeclined;
  } else if (coded.system.empty() && coded.code.substr(0, 2) == "LA") {
    out.answers.push_back(coded.code);  // An answer of LOINC can be of nobody else.
  } else {
    out.answers.push_back(coded.system + "|" + coded.code);
  }
}

bool SetNumber(double value, ScreenedAnswer& out) {
  if (!(std::fabs(value) < 1e12)) return false;
  out.milli = static_cast<std::int64_t>(std::llround(value * 1000));
  return true;
}

void AddYesNo(bool yes, ScreenedAnswer& out) {
  const std::string_view code = yes ? "LA33-6" : "LA32-8";
  for (const AnswerRule& rule : RulesOfQuestion(out.question)) {
    if (rule.answer != code) continue;
    out.answers.emplace_back(code);
    return;
  }
  out.text = yes ? "true" : "false";
}

}  // namespace equinode::fhir
