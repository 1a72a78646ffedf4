// An answer to a screening question, a panel of them, or a social finding.
#include <algorithm>

#include "client/import/fhir/refuse.h"
#include "client/import/fhir/social.h"
#include "client/import/fhir/social_parts.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/suggest.h"

namespace equinode::fhir {
namespace {

constexpr std::string_view kSubjectExtension = "extension-Observation.subject";
constexpr std::size_t kMostAnswers = 256;
constexpr std::size_t kMostChosen = 32;

// What Observation.code speaks of.
struct Topic {
  std::string_view question{};  // A LOINC question or score that we know.
  std::string_view instrument{};
  const SocialFinding* finding = nullptr;
  bool any() const { return !question.empty() || !instrument.empty() || finding != nullptr; }
};

Result<Topic> TopicOf(const dom::element& value, std::string_view path) {
  Topic topic;
  EQN_TRY(const dom::object code, Object(value, path));
  for (const auto& [key, field] : code) {
    if (key != "coding") continue;
    EQN_CHECK(ForEachObject(field, path, [&](const dom::object& coding) -> Status {
      std::string_view system;
      std::string_view word;
      for (const auto& [name, part] : coding) {
        if (name == "system") {
          EQN_TRY(system, Text(part, path));
        } else if (name == "code") {
          EQN_TRY(word, Text(part, path));
        }
      }
      if (system == kLoincSystem) {
        if (topic.question.empty() && IsScreeningQuestion(word)) topic.question = word;
        if (topic.instrument.empty()) topic.instrument = InstrumentOfPanel(word);
      } else if (topic.finding == nullptr) {
        topic.finding = FindSocialFinding(system, word);
      }
      return Ok();
    }));
  }
  return topic;
}

// The value of an Observation or of one of its components.
struct Value {
  ScreenedAnswer answer{};
  bool any = false;
  std::optional<bool> yes{};
};

Status ReadValue(std::string_view key, const dom::element& field, Value& out) {
  ScreenedAnswer& answer = out.answer;
  if (key == "valueCodeableConcept") {
    Coded coded;
    EQN_CHECK(ReadConcept(field, "Observation.value", kLoincSystem, coded));
    if (!IsEmpty(coded)) AddCodedAnswer(coded, answer);
    out.any = out.any || !IsEmpty(coded);
  } else if (key == "valueQuantity") {
    EQN_TRY(const dom::object quantity, Object(field, "Observation.value"));
    for (const auto& [name, part] : quantity) {
      double number = 0;
      if (name == "value" && part.get_double().get(number) == simdjson::SUCCESS) {
        out.any = SetNumber(number, answer) || out.any;
      }
    }
  } else if (key == "valueInteger") {
    double number = 0;
    if (field.get_double().get(number) == simdjson::SUCCESS) {
      out.any = SetNumber(number, answer) || out.any;
    }
  } else if (key == "valueString") {
    EQN_CHECK(Keep(field, "Observation.value", answer.text));
    out.any = out.any || !answer.text.empty();
  } else if (key == "valueBoolean") {
    EQN_TRY(out.yes, Bool(field, "Observation.value"));
    out.any = true;
  } else if (key == "dataAbsentReason") {
    std::vector<Coded> all;
    EQN_CHECK(ReadCodings(field, "Observation.dataAbsentReason", kMaxList, all));
    // Our own export's: asked, and nothing was said or chosen.
    for (const Coded& each : all) {
      if (each.system == "urn:equinode:answer-given" && each.code == "nothing") return Ok();
    }
    Coded coded;
    EQN_CHECK(ReadConcept(field, "Observation.dataAbsentReason", kDataAbsent, coded));
    const auto given = GivenBy(coded.system, coded.code);
    answer.given = given.value_or(AnswerGiven::kUnable);
    out.any = true;
  }
  return Ok();
}

void Finish(Value& value, std::string_view question) {
  value.answer.question.assign(question);
  if (value.yes) AddYesNo(*value.yes, value.answer);
  if (!value.any) value.answer.given = AnswerGiven::kNothing;
}

// A number or words beside the codes of one question: an element has room for one of them. False
// when they are an answer of their own.
bool AddToSame(const ScreenedAnswer& said, std::vector<ScreenedAnswer>& out) {
  if (said.given != AnswerGiven::kAnswered || !said.answers.empty()) return false;
  for (ScreenedAnswer& other : out) {
    if (other.question != said.question || other.given != AnswerGiven::kAnswered) continue;
    if (said.milli && !other.milli && said.text.empty()) {
      other.milli = said.milli;
      return true;
    }
    if (!said.milli && other.text.empty()) {
      other.text = said.text;
      return true;
    }
  }
  return false;
}

Status ReadComponents(const dom::element& value, std::vector<ScreenedAnswer>& out) {
  return ForEachObject(value, "Observation.component", [&](const dom::object& part) -> Status {
    Topic topic;
    Value said;
    for (const auto& [key, field] : part) {
      if (key == "code") {
        EQN_TRY(topic, TopicOf(field, "Observation.component.code"));
      } else {
        EQN_CHECK(ReadValue(key, field, said));
      }
    }
    if (topic.question.empty()) return Ok();
    Finish(said, topic.question);
    const auto same = std::find_if(out.begin(), out.end(), [&](const ScreenedAnswer& other) {
      return other.question == topic.question && !other.answers.empty();
    });
    if (same != out.end() && !said.answer.answers.empty()) {
      for (std::string& code : said.answer.answers) {
        if (same->answers.size() == kMostChosen) {
          return Refuse("TOO_MANY", "Observation.component has over 32 answers to one question");
        }
        same->answers.push_back(std::move(code));
      }
      return Ok();
    }
    if (said.any && AddToSame(said.answer, out)) return Ok();
    if (out.size() == kMostAnswers) {
      return Refuse("TOO_MANY", "Observation.component has over 256 answers");
    }
    out.push_back(std::move(said.answer));
    return Ok();
  });
}

Status ReadMembers(const dom::element& value, const Surroundings& around, std::string_view path,
                   std::vector<std::string>& out) {
  EQN_TRY(const dom::array list, List(value, path));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    EQN_TRY(const Reference reference, ReadReference(element, path, around.urls));
    std::string id = SourceIdIn(reference, around.feed);
    if (id.empty()) continue;
    if (out.size() == kMaxList) return Refuse("TOO_MANY", std::string(path) + " has over 64");
    out.push_back(std::move(id));
  }
  return Ok();
}

// A code of one of its categories.
Status ReadGravityDomains(const dom::element& value, std::vector<std::string>& out) {
  return ForEachObject(value, "Observation.category", [&](const dom::object& one) -> Status {
    for (const auto& [key, field] : one) {
      if (key != "coding") continue;
      EQN_CHECK(ForEachObject(field, "Observation.category", [&](const dom::object& c) -> Status {
        std::string_view system;
        std::string_view code;
        for (const auto& [name, part] : c) {
          if (name == "system") {
            EQN_TRY(system, Text(part, "Observation.category"));
          } else if (name == "code") {
            EQN_TRY(code, Text(part, "Observation.category"));
          }
        }
        const bool gravity = system.find("SDOHCC-CodeSystemTemporaryCodes") != system.npos;
        if (gravity && out.size() < 16 && FindNeedDomain(code) != nullptr) out.emplace_back(code);
        return Ok();
      }));
    }
    return Ok();
  });
}

struct Said {
  std::string by{};
  std::string clinician{};
};

Status ReadPerformers(const dom::element& value, const Surroundings& around, Said& out) {
  EQN_TRY(const dom::array list, List(value, "Observation.performer"));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    EQN_TRY(const Reference reference,
            ReadReference(element, "Observation.performer", around.urls));
    if (out.by.empty()) out.by = SayerOf(reference.type);
    if (out.clinician.empty() && IsClinician(reference.type)) out.clinician = NameIn(reference);
  }
  return Ok();
}

// Of whom it speaks: Observation.focus, or the R5 subject as an extension, names somebody else.
Status SeesAnother(const dom::element& value, std::string_view path, const Surroundings& around,
                   std::string_view patient, bool& out) {
  EQN_TRY(const Reference reference, ReadReference(value, path, around.urls));
  const bool same = reference.type == "Patient" && reference.id == patient;
  const bool nobody = reference.raw.empty() && reference.identifier_value.empty();
  out = out || (!same && !nobody);
  return Ok();
}

}  // namespace

Status ReadObservation(const dom::object& resource, const Surroundings& around, ReadSocial& out) {
  Topic topic;
  std::optional<dom::element> component;
  std::optional<dom::element> members;
  std::optional<dom::element> focus;
  std::optional<dom::element> extension;
  std::optional<dom::element> category;
  std::optional<dom::element> performer;
  bool by_device = false;
  for (const auto& [key, field] : resource) {
    if (key == "code") {
      EQN_TRY(topic, TopicOf(field, "Observation.code"));
    } else if (key == "component") {
      component = field;
    } else if (key == "hasMember") {
      members = field;
    } else if (key == "focus") {
      focus = field;
    } else if (key == "extension") {
      extension = field;
    } else if (key == "category") {
      category = field;
    } else if (key == "performer") {
      performer = field;
    } else if (key == "device") {
      by_device = !IsNull(field);
    }
  }
  if (!topic.any()) return Ok();

  bool about_patient = false;
  for (const auto& [key, field] : resource) {
    if (key != "subject") continue;
    EQN_TRY(auto id, PatientIn(field, "Observation.subject", around));
    about_patient = id.has_value();
    if (id) out.patient_id = *std::move(id);
  }
  bool another = false;
  if (focus) {
    EQN_TRY(const dom::array list, List(*focus, "Observation.focus"));
    for (const dom::element element : list) {
      if (IsNull(element)) continue;
      EQN_CHECK(SeesAnother(element, "Observation.focus", around, out.patient_id, another));
    }
  }
  if (extension) {
    EQN_CHECK(ForEachObject(*extension, "Observation.extension", [&](const dom::object& one) {
      std::string_view url;
      std::optional<dom::element> reference;
      for (const auto& [key, field] : one) {
        if (key == "url" && field.is_string()) url = field.get_string().value_unsafe();
        if (key == "valueReference") reference = field;
      }
      const bool subject = url.size() >= kSubjectExtension.size() &&
                           url.substr(url.size() - kSubjectExtension.size()) == kSubjectExtension;
      if (!subject || !reference) return Ok();
      return SeesAnother(*reference, "Observation.extension", around, out.patient_id, another);
    }));
  }
  if (!about_patient || another) {
    out.passed_over = "Observation (not about the patient)";
    return Ok();
  }

  Said said;
  if (performer) EQN_CHECK(ReadPerformers(*performer, around, said));
  if (said.by.empty() && by_device) said.by = "device";
  PartialDate effective;
  PartialDate issued;
  std::string encounter;
  std::string part_of;
  std::vector<std::string> evidence;
  std::string_view status;
  Value value;
  for (const auto& [key, field] : resource) {
    if (key == "status") {
      EQN_TRY(status, Text(field, "Observation.status"));
    } else if (key == "effectiveDateTime" || key == "effectiveInstant") {
      EQN_CHECK(ReadDay(field, "Observation.effective", effective));
    } else if (key == "effectivePeriod") {
      EQN_CHECK(ReadPeriodStart(field, "Observation.effective", effective));
    } else if (key == "issued") {
      EQN_CHECK(ReadDay(field, "Observation.issued", issued));
    } else if (key == "encounter") {
      EQN_TRY(const Reference reference,
              ReadReference(field, "Observation.encounter", around.urls));
      encounter = SourceIdIn(reference, around.feed);
    } else if (key == "derivedFrom") {
      EQN_CHECK(ReadMembers(field, around, "Observation.derivedFrom", evidence));
    } else {
      EQN_CHECK(ReadValue(key, field, value));
    }
  }
  for (const std::string& id : evidence) {
    if (part_of.empty() && id.find("/QuestionnaireResponse/") != id.npos) part_of = id;
  }
  const PartialDate on = effective.empty() ? issued : effective;
  EQN_CHECK(NotAhead(on, "Observation.effective", around.today));
  const bool mistaken = status == "entered-in-error" || status == "cancelled";

  if (topic.question.empty() && topic.instrument.empty()) {
    ConditionRecord& condition = out.condition;
    condition = ConditionRecord{};
    condition.codes.push_back(
        {"http://snomed.info/sct", topic.finding->code, topic.finding->display, ""});
    condition.verification = mistaken ? "entered-in-error" : "unconfirmed";
    if (value.yes && !*value.yes) condition.verification = "refuted";
    condition.category = "health-concern";
    if (category) EQN_CHECK(ReadGravityDomains(*category, condition.domains));
    condition.encounter = std::move(encounter);
    condition.recorded_on = on;
    condition.asserted_by = said.by == "self"    ? "patient"
                            : said.by == "proxy" ? "related"
                            : said.by == "staff" ? "practitioner"
                                                 : said.by;
    condition.evidence = std::move(evidence);
    out.kind = SocialKind::kCondition;
    return Ok();
  }
  ScreeningRecord& screening = out.screening;
  screening = ScreeningRecord{};
  screening.instrument = topic.instrument;
  screening.on = on;
  screening.by = std::move(said.by);
  screening.encounter = std::move(encounter);
  screening.part_of = std::move(part_of);
  out.kind = SocialKind::kScreening;
  if (mistaken) return Ok();  // Kept without answers: it may take the place of one that had some.
  if (members) {
    EQN_CHECK(ReadMembers(*members, around, "Observation.hasMember", screening.members));
  }
  if (component) EQN_CHECK(ReadComponents(*component, screening.answers));
  if (!topic.question.empty() && (value.any || screening.answers.empty())) {
    Finish(value, topic.question);
    screening.answers.push_back(std::move(value.answer));
  }
  return Ok();
}

}  // namespace equinode::fhir
