// The way back. Everything here may come from another node.
#include <string>

#include "client/convert/body_reader.h"
#include "client/convert/need_body.h"
#include "client/convert/proto_parts.h"
#include "client/convert/report_parts.h"
#include "domain/zcodes/domains.h"

namespace equinode {
namespace {

constexpr int kMaxCodes = 16;
constexpr int kMaxAnswers = 256;
constexpr int kMaxChosen = 32;

using wire::BodyTaker;
using wire::kMostInList;

}  // namespace

Result<ScreeningRecord> ScreeningFromBody(ByteView body) {
  EQN_TRY(const v1::Screening* message, wire::ParseBody<v1::Screening>(body));
  BodyTaker taker;
  ScreeningRecord record;
  record.instrument = taker.Text(message->instrument());
  record.on = taker.Date(message->has_on(), message->on());
  record.by = taker.Text(message->by());
  record.encounter = taker.Text(message->encounter());
  record.part_of = taker.Text(message->part_of());
  taker.Texts(message->members(), kMostInList, record.members);
  if (!taker.Bounded(message->answers_size(), kMaxAnswers)) return wire::BodyOutOfBounds();
  record.answers.reserve(static_cast<std::size_t>(message->answers_size()));
  for (const v1::ScreeningAnswer& from : message->answers()) {
    ScreenedAnswer& to = record.answers.emplace_back();
    to.question = taker.Text(from.question());
    if (to.question.empty() || to.question.size() > 32) taker.Fail();
    taker.Texts(from.answers(), kMaxChosen, to.answers);
    to.given = taker.Number<AnswerGiven>(from.given(), 5);
    if (from.has_number()) to.milli = from.milli();
    to.text = taker.Text(from.text());
  }
  if (taker.bad()) return wire::BodyOutOfBounds();
  return record;
}

Result<ConditionRecord> ConditionFromBody(ByteView body) {
  EQN_TRY(const v1::Condition* message, wire::ParseBody<v1::Condition>(body));
  BodyTaker taker;
  ConditionRecord record;
  taker.Codes(message->codes(), kMaxCodes, record.codes);
  record.verification = taker.Text(message->verification());
  record.clinical = taker.Text(message->clinical());
  record.category = taker.Text(message->category());
  taker.Texts(message->domains(), kMaxCodes, record.domains);
  record.encounter = taker.Text(message->encounter());
  record.recorded_on = taker.Date(message->has_recorded_on(), message->recorded_on());
  record.onset = taker.Date(message->has_onset(), message->onset());
  record.abated_on = taker.Date(message->has_abated_on(), message->abated_on());
  record.abated = message->abated();
  record.signed_by = taker.Text(message->signed_by());
  record.asserted_by = taker.Text(message->asserted_by());
  taker.Texts(message->evidence(), kMostInList, record.evidence);
  record.asserted_on = taker.Date(message->has_asserted_on(), message->asserted_on());
  if (message->has_recorded_at()) {
    EQN_TRY(record.recorded_at, wire::InstantFrom(message->recorded_at(), "BAD_RECORD"));
  }
  if (taker.bad()) return wire::BodyOutOfBounds();
  return record;
}

Result<EncounterRecord> EncounterFromBody(ByteView body) {
  EQN_TRY(const v1::Encounter* message, wire::ParseBody<v1::Encounter>(body));
  BodyTaker taker;
  EncounterRecord record;
  record.status = taker.Text(message->status());
  record.on = taker.Date(message->has_on(), message->on());
  record.clinician = taker.Text(message->clinician());
  if (!taker.Bounded(message->diagnoses_size(), kMostInList)) return wire::BodyOutOfBounds();
  for (const v1::EncounterDiagnosis& from : message->diagnoses()) {
    EncounterDiagnosis& to = record.diagnoses.emplace_back();
    to.condition = taker.Text(from.condition());
    taker.Codes(from.codes(), kMaxCodes, to.codes);
    to.use = taker.Text(from.use());
    to.position = from.position();
  }
  if (taker.bad()) return wire::BodyOutOfBounds();
  return record;
}

Result<NeedStep> StepFrom(const v1::NeedStep& message) {
  NeedStep step;
  BodyTaker taker;
  EQN_TRY(step.at, wire::InstantFrom(message.at(), "BAD_RECORD"));
  EQN_TRY(step.on, wire::DayFrom(message.on(), "BAD_RECORD"));
  step.actor = taker.Text(message.actor());
  step.reason = taker.Text(message.reason());
  const int things =
      (message.need() != 0 ? 1 : 0) + (message.help() != 0 ? 1 : 0) + (message.has_code() ? 1 : 0);
  if (things != 1) {
    return wire::BadBody("a step is about the need, about a code, or about help: exactly one");
  }
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
      return wire::BadBody("a code is written as ICD-10-CM writes it (Z59.41)");
    }
    step.code = std::move(code);
  }
  if (taker.bad()) return wire::BodyOutOfBounds();
  return step;
}

Result<NeedRecord> NeedFromBody(ByteView body) {
  EQN_TRY(const v1::Need* message, wire::ParseBody<v1::Need>(body));
  NeedRecord record;
  record.domain = message->domain();
  if (FindNeedDomain(record.domain) == nullptr) {
    return wire::BadBody("a need is of a domain that is known");
  }
  if (message->steps_size() > static_cast<int>(NeedRecord::kMostSteps)) {
    return wire::BodyOutOfBounds();
  }
  for (const v1::NeedStep& from : message->steps()) {
    EQN_TRY(NeedStep step, StepFrom(from));
    record.steps.push_back(std::move(step));
  }
  return record;
}

}  // namespace equinode
