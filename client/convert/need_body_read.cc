// The way back. Everything here may come from another node: numbers, sizes and dates are checked.
#include <chrono>
#include <string>

#include "client/convert/need_body.h"
#include "client/convert/proto_parts.h"
#include "client/convert/report_parts.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxBody = 256 * 1024;
constexpr std::size_t kMaxText = 1024;
constexpr int kMaxCodes = 16;
constexpr int kMaxList = 64;
constexpr int kMaxAnswers = 256;
constexpr int kMaxChosen = 32;

Error Bad(const char* why) { return Error{Code::kInvalidArgument, "BAD_RECORD", why}; }
Error OutOfBounds() { return Bad("a record has a number, a date or a text that is out of bounds"); }

// Copies with their bounds; the first that is over one is remembered.
class Taker {
 public:
  std::string Text(const std::string& text) {
    bad_ = bad_ || text.size() > kMaxText;
    return text;
  }
  template <typename List>
  std::vector<std::string> Texts(const List& list, int most) {
    std::vector<std::string> taken;
    if (!Bounded(list.size(), most)) return taken;
    taken.reserve(static_cast<std::size_t>(list.size()));
    for (const std::string& text : list) taken.push_back(Text(text));
    return taken;
  }
  template <typename List>
  std::vector<Coded> Codes(const List& list) {
    std::vector<Coded> taken;
    if (!Bounded(list.size(), kMaxCodes)) return taken;
    for (const v1::Coded& code : list) {
      taken.push_back(
          {Text(code.system()), Text(code.code()), Text(code.display()), Text(code.text())});
    }
    return taken;
  }
  bool Bounded(int size, int most) {
    bad_ = bad_ || size > most;
    return size <= most;
  }
  PartialDate Date(bool present, const v1::Date& date) {
    if (!present) return {};
    const bool whole = date.year() >= 1 && date.year() <= 9999 && date.month() <= 12 &&
                       date.day() <= 31 && (date.month() > 0 || date.day() == 0);
    const bool real = whole && (date.day() == 0 ||
                                std::chrono::year_month_day{
                                    std::chrono::year(static_cast<int>(date.year())),
                                    std::chrono::month(date.month()), std::chrono::day(date.day())}
                                    .ok());
    bad_ = bad_ || !real;
    if (!real) return {};
    return {static_cast<std::uint16_t>(date.year()), static_cast<std::uint8_t>(date.month()),
            static_cast<std::uint8_t>(date.day())};
  }
  template <typename Enum>
  Enum Number(int number, int most) {
    bad_ = bad_ || number < 1 || number > most;
    return static_cast<Enum>(number);
  }
  void Fail() { bad_ = true; }
  bool bad() const { return bad_; }

 private:
  bool bad_ = false;
};

template <typename Message>
Result<const Message*> Parse(ByteView body) {
  thread_local Message message;  // Its memory serves the next one.
  if (body.size() > kMaxBody) return Bad("a record's body is over 256 KiB");
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return Bad("a record's body is not what its kind says");
  }
  return static_cast<const Message*>(&message);
}

}  // namespace

Result<ScreeningRecord> ScreeningFromBody(ByteView body) {
  EQN_TRY(const v1::Screening* message, Parse<v1::Screening>(body));
  Taker taker;
  ScreeningRecord record;
  record.instrument = taker.Text(message->instrument());
  record.on = taker.Date(message->has_on(), message->on());
  record.by = taker.Text(message->by());
  record.encounter = taker.Text(message->encounter());
  record.part_of = taker.Text(message->part_of());
  record.members = taker.Texts(message->members(), kMaxList);
  if (!taker.Bounded(message->answers_size(), kMaxAnswers)) return OutOfBounds();
  record.answers.reserve(static_cast<std::size_t>(message->answers_size()));
  for (const v1::ScreeningAnswer& from : message->answers()) {
    ScreenedAnswer& to = record.answers.emplace_back();
    to.question = taker.Text(from.question());
    if (to.question.empty() || to.question.size() > 32) taker.Fail();
    to.answers = taker.Texts(from.answers(), kMaxChosen);
    to.given = taker.Number<AnswerGiven>(from.given(), 5);
    if (from.has_number()) to.milli = from.milli();
    to.text = taker.Text(from.text());
  }
  if (taker.bad()) return OutOfBounds();
  return record;
}

Result<ConditionRecord> ConditionFromBody(ByteView body) {
  EQN_TRY(const v1::Condition* message, Parse<v1::Condition>(body));
  Taker taker;
  ConditionRecord record;
  record.codes = taker.Codes(message->codes());
  record.verification = taker.Text(message->verification());
  record.clinical = taker.Text(message->clinical());
  record.category = taker.Text(message->category());
  record.domains = taker.Texts(message->domains(), kMaxCodes);
  record.encounter = taker.Text(message->encounter());
  record.recorded_on = taker.Date(message->has_recorded_on(), message->recorded_on());
  record.onset = taker.Date(message->has_onset(), message->onset());
  record.abated_on = taker.Date(message->has_abated_on(), message->abated_on());
  record.abated = message->abated();
  record.signed_by = taker.Text(message->signed_by());
  record.asserted_by = taker.Text(message->asserted_by());
  record.evidence = taker.Texts(message->evidence(), kMaxList);
  if (taker.bad()) return OutOfBounds();
  return record;
}

Result<EncounterRecord> EncounterFromBody(ByteView body) {
  EQN_TRY(const v1::Encounter* message, Parse<v1::Encounter>(body));
  Taker taker;
  EncounterRecord record;
  record.status = taker.Text(message->status());
  record.on = taker.Date(message->has_on(), message->on());
  record.clinician = taker.Text(message->clinician());
  if (!taker.Bounded(message->diagnoses_size(), kMaxList)) return OutOfBounds();
  for (const v1::EncounterDiagnosis& from : message->diagnoses()) {
    record.diagnoses.push_back({taker.Text(from.condition()), taker.Codes(from.codes()),
                                taker.Text(from.use()), from.position()});
  }
  if (taker.bad()) return OutOfBounds();
  return record;
}

Result<NeedStep> StepFrom(const v1::NeedStep& message) {
  NeedStep step;
  Taker taker;
  EQN_TRY(step.at, wire::InstantFrom(message.at(), "BAD_RECORD"));
  EQN_TRY(step.on, wire::DayFrom(message.on(), "BAD_RECORD"));
  step.actor = taker.Text(message.actor());
  step.reason = taker.Text(message.reason());
  const int things =
      (message.need() != 0 ? 1 : 0) + (message.help() != 0 ? 1 : 0) + (message.has_code() ? 1 : 0);
  if (things != 1) return Bad("a step is about the need, about a code, or about help: exactly one");
  if (message.need() != 0) step.need = taker.Number<NeedEvent>(message.need(), 8);
  if (message.help() != 0) step.help = taker.Number<HelpWanted>(message.help(), 2);
  if (message.has_code()) {
    CodeStep code;
    code.event = taker.Number<CodeEvent>(message.code().event(), 5);
    code.code = taker.Text(message.code().code());
    code.on = step.on;
    code.clinician = taker.Text(message.code().clinician());
    code.encounter = taker.Text(message.code().encounter());
    code.position = message.code().position();
    code.reason = step.reason;
    if (NormalCode(code.code) != code.code || code.code.empty()) {
      return Bad("a code is written as ICD-10-CM writes it (Z59.41)");
    }
    step.code = std::move(code);
  }
  if (taker.bad()) return OutOfBounds();
  return step;
}

Result<NeedRecord> NeedFromBody(ByteView body) {
  EQN_TRY(const v1::Need* message, Parse<v1::Need>(body));
  NeedRecord record;
  record.domain = message->domain();
  if (FindNeedDomain(record.domain) == nullptr) return Bad("a need is of a domain that is known");
  if (message->steps_size() > static_cast<int>(NeedRecord::kMostSteps)) return OutOfBounds();
  for (const v1::NeedStep& from : message->steps()) {
    EQN_TRY(NeedStep step, StepFrom(from));
    record.steps.push_back(std::move(step));
  }
  return record;
}

}  // namespace equinode
