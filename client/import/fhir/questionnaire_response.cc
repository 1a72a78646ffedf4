// A whole filled-in questionnaire.
#include "client/import/fhir/refuse.h"
#include "client/import/fhir/social.h"
#include "client/import/fhir/social_parts.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMostResponseAnswers = 256;
constexpr std::size_t kMostResponseChosen = 32;

// The last part of "/93043-8/93035-4".
std::string_view LastPart(std::string_view link) {
  const std::size_t slash = link.rfind('/');
  return slash == std::string_view::npos ? link : link.substr(slash + 1);
}

class Reader {
 public:
  explicit Reader(ScreeningRecord& out) : out_(out) {}

  Status Items(const dom::element& value) {
    return ForEachObject(value, "QuestionnaireResponse.item",
                         [&](const dom::object& item) { return Item(item); });
  }
  bool known() const { return known_; }

 private:
  Status Item(const dom::object& item) {
    std::string_view link;
    std::optional<dom::element> answers;
    for (const auto& [key, field] : item) {
      if (key == "linkId") {
        EQN_TRY(link, Text(field, "QuestionnaireResponse.item.linkId"));
      } else if (key == "answer") {
        answers = field;
      }
    }
    const std::string_view question = LastPart(link);
    if (out_.instrument.empty()) out_.instrument = InstrumentOfPanel(question);
    if (IsScreeningQuestion(question)) {
      known_ = true;
      if (out_.answers.size() == kMostResponseAnswers) {
        return Refuse("TOO_MANY", "QuestionnaireResponse has over 256 answers");
      }
      ScreenedAnswer& answer = out_.answers.emplace_back();
      answer.question.assign(question);
      if (answers) EQN_CHECK(Answers(*answers, answer));
      const bool nothing = answer.answers.empty() && !answer.milli && answer.text.empty() &&
                           answer.given == AnswerGiven::kAnswered;
      if (nothing) answer.given = AnswerGiven::kNothing;
    }
    // Groups, and questions below answers.
    for (const auto& [key, field] : item) {
      if (key == "item") EQN_CHECK(Items(field));
    }
    if (!answers) return Ok();
    return ForEachObject(*answers, "QuestionnaireResponse.item.answer",
                         [&](const dom::object& answer) -> Status {
                           for (const auto& [key, field] : answer) {
                             if (key == "item") EQN_CHECK(Items(field));
                           }
                           return Ok();
                         });
  }

  static Status Answers(const dom::element& value, ScreenedAnswer& out) {
    constexpr std::string_view kPath = "QuestionnaireResponse.item.answer";
    return ForEachObject(value, kPath, [&](const dom::object& answer) -> Status {
      for (const auto& [key, field] : answer) {
        if (key == "valueCoding") {
          Coded coded;
          EQN_CHECK(ReadCoding(field, kPath, coded));
          if (out.answers.size() == kMostResponseChosen) {
            return Refuse("TOO_MANY", "QuestionnaireResponse has over 32 answers to one question");
          }
          if (!IsEmpty(coded)) AddCodedAnswer(coded, out);
        } else if (key == "valueInteger" || key == "valueDecimal") {
          double number = 0;
          if (field.get_double().get(number) == simdjson::SUCCESS) SetNumber(number, out);
        } else if (key == "valueQuantity") {
          EQN_TRY(const dom::object quantity, Object(field, kPath));
          for (const auto& [name, part] : quantity) {
            double number = 0;
            if (name == "value" && part.get_double().get(number) == simdjson::SUCCESS) {
              SetNumber(number, out);
            }
          }
        } else if (key == "valueBoolean") {
          EQN_TRY(const bool yes, Bool(field, kPath));
          AddYesNo(yes, out);
        } else if (key == "valueString") {
          EQN_CHECK(Keep(field, kPath, out.text));
        } else if (key == "extension") {
          Coded reason;
          EQN_CHECK(ReadAbsentReason(field, kPath, reason));
          if (const auto given = GivenBy(reason.system, reason.code)) out.given = *given;
        }
      }
      return Ok();
    });
  }

  ScreeningRecord& out_;
  bool known_ = false;
};

}  // namespace

Status ReadQuestionnaireResponse(const dom::object& resource, const Surroundings& around,
                                 ReadSocial& out) {
  ScreeningRecord& screening = out.screening;
  screening = ScreeningRecord{};
  std::optional<dom::element> items;
  std::string_view status;
  bool about_patient = false;
  for (const auto& [key, field] : resource) {
    if (key == "questionnaire") {
      EQN_TRY(const std::string_view url, Text(field, "QuestionnaireResponse.questionnaire"));
      screening.instrument = InstrumentOfQuestionnaire(url);
    } else if (key == "status") {
      EQN_TRY(status, Text(field, "QuestionnaireResponse.status"));
    } else if (key == "authored") {
      EQN_CHECK(ReadDay(field, "QuestionnaireResponse.authored", screening.on));
      EQN_CHECK(NotAhead(screening.on, "QuestionnaireResponse.authored", around.today));
    } else if (key == "item") {
      items = field;
    } else if (key == "encounter") {
      EQN_TRY(const Reference reference,
              ReadReference(field, "QuestionnaireResponse.encounter", around.urls));
      screening.encounter = SourceIdIn(reference, around.feed);
    } else if (key == "source") {
      EQN_TRY(const Reference reference,
              ReadReference(field, "QuestionnaireResponse.source", around.urls));
      screening.by = SayerOf(reference.type);
    }
  }
  Reader reader(screening);
  if (items) EQN_CHECK(reader.Items(*items));
  if (!reader.known()) {
    out.passed_over = "QuestionnaireResponse (of no instrument that is known)";
    return Ok();
  }
  for (const auto& [key, field] : resource) {
    if (key == "subject") {
      EQN_TRY(auto id, PatientIn(field, "QuestionnaireResponse.subject", around));
      about_patient = id.has_value();
      if (id) out.patient_id = *std::move(id);
    } else if (key == "author" && screening.by.empty()) {
      EQN_TRY(const Reference reference,
              ReadReference(field, "QuestionnaireResponse.author", around.urls));
      screening.by = SayerOf(reference.type);
    }
  }
  if (!about_patient) {
    out.passed_over = "QuestionnaireResponse (not about the patient)";
    return Ok();
  }
  if (status == "in-progress") {
    out.passed_over = "QuestionnaireResponse (not finished)";
    return Ok();
  }
  if (status == "entered-in-error" || status == "stopped") screening.answers.clear();
  out.kind = SocialKind::kScreening;
  return Ok();
}

}  // namespace equinode::fhir
