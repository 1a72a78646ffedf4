#include "client/convert/need_body.h"

#include "client/convert/body_writer.h"
#include "client/convert/proto_parts.h"
#include "client/convert/report_parts.h"

namespace equinode {
namespace {

using wire::WireWriter;
using wire::Write;

// Protobuf's sint64.
std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

// google.protobuf.Timestamp.
void Write(WireWriter& out, std::uint32_t field, Instant at) {
  google::protobuf::Timestamp time;
  wire::SetTimestamp(at, &time);
  out.Message(field, [&] {
    out.Number(1, static_cast<std::uint64_t>(time.seconds()));
    out.Number(2, static_cast<std::uint64_t>(time.nanos()));
  });
}

void Write(WireWriter& out, std::uint32_t field, const ScreenedAnswer& answer) {
  out.Message(field, [&] {
    out.Text(1, answer.question);
    for (const std::string& code : answer.answers) out.Element(2, code);
    out.Number(3, static_cast<std::uint64_t>(answer.given));
    out.Number(4, ZigZag(answer.milli.value_or(0)));
    out.Number(5, answer.milli ? 1 : 0);
    out.Text(6, answer.text);
  });
}

}  // namespace

Bytes BodyFrom(const ScreeningRecord& record) {
  Bytes body;
  body.reserve(160 + record.answers.size() * 32);
  WireWriter out(body);
  out.Text(1, record.instrument);
  Write(out, 2, record.on);
  out.Text(3, record.by);
  out.Text(4, record.encounter);
  out.Text(5, record.part_of);
  for (const std::string& member : record.members) out.Element(6, member);
  for (const ScreenedAnswer& answer : record.answers) Write(out, 7, answer);
  body.shrink_to_fit();
  return body;
}

Bytes BodyFrom(const ConditionRecord& record) {
  Bytes body;
  WireWriter out(body);
  for (const Coded& code : record.codes) Write(out, 1, code);
  out.Text(2, record.verification);
  out.Text(3, record.clinical);
  out.Text(4, record.category);
  for (const std::string& domain : record.domains) out.Element(5, domain);
  out.Text(6, record.encounter);
  Write(out, 7, record.recorded_on);
  Write(out, 8, record.onset);
  Write(out, 9, record.abated_on);
  out.Number(10, record.abated ? 1 : 0);
  out.Text(11, record.signed_by);
  out.Text(12, record.asserted_by);
  for (const std::string& evidence : record.evidence) out.Element(13, evidence);
  Write(out, 14, record.asserted_on);
  if (record.recorded_at) Write(out, 15, *record.recorded_at);
  return body;
}

Bytes BodyFrom(const EncounterRecord& record) {
  Bytes body;
  WireWriter out(body);
  out.Text(1, record.status);
  Write(out, 2, record.on);
  out.Text(3, record.clinician);
  for (const EncounterDiagnosis& diagnosis : record.diagnoses) {
    out.Message(4, [&] {
      out.Text(1, diagnosis.condition);
      for (const Coded& code : diagnosis.codes) Write(out, 2, code);
      out.Text(3, diagnosis.use);
      out.Number(4, diagnosis.position);
    });
  }
  return body;
}

void SetStep(const NeedStep& step, v1::NeedStep* out) {
  wire::SetTimestamp(step.at, out->mutable_at());
  out->set_actor(step.actor);
  wire::SetDay(step.on, out->mutable_on());
  if (step.need) out->set_need(static_cast<v1::NeedEvent>(*step.need));
  if (step.help) out->set_help(static_cast<v1::HelpWanted>(*step.help));
  if (step.code) {
    v1::CodeAction* code = out->mutable_code();
    code->set_event(static_cast<v1::CodeEvent>(step.code->event));
    code->set_code(step.code->code);
    code->set_clinician(step.code->clinician);
    code->set_encounter(step.code->encounter);
    code->set_position(step.code->position);
  }
  out->set_reason(step.reason);
}

// Few and small: through the message, whose bytes are those of protobuf.
Bytes BodyFrom(const NeedRecord& record) {
  v1::Need message;
  message.set_domain(record.domain);
  for (const NeedStep& step : record.steps) SetStep(step, message.add_steps());
  return wire::Serialised(message);
}

}  // namespace equinode
