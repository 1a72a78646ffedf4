// Something was done about a need or a code of it.
#include <algorithm>
#include <utility>

#include "base/crypto/hash.h"
#include "client/convert/need_body.h"
#include "client/convert/proto_parts.h"
#include "domain/zcodes/day.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"
#include "server/audit/call_entry.h"
#include "server/services/need/handlers.h"

namespace equinode {
namespace {

// One record a person and domain, whatever characters the person's id has.
std::string NeedId(std::string_view person, std::string_view domain) {
  const std::string both = std::string(person) + "\n" + std::string(domain);
  return "need/" + ToHex(Sha256(AsBytes(both))).substr(0, 40);
}

Result<NeedStep> StepOf(const v1::RecordNeedStepRequest& request, const Call& call) {
  v1::NeedStep message = request.step();
  if (message.has_at() || !message.actor().empty()) {
    return Error{Code::kInvalidArgument, "BAD_STEP", "at and actor are the node's to set"};
  }
  wire::SetTimestamp(call.now, message.mutable_at());
  message.set_actor(call.caller.identity.uri);
  if (!message.has_on()) SetDayIn(TodayOf(call), message.mutable_on());
  if (message.has_code()) message.mutable_code()->set_code(NormalCode(message.code().code()));
  auto step = StepFrom(message);
  if (!step.ok()) return Error{Code::kInvalidArgument, "BAD_STEP", step.error().message};
  if (step->on > TodayOf(call)) {
    return Error{Code::kInvalidArgument, "FUTURE_DAY", "the day is in the future"};
  }
  if (step->code && step->code->event == CodeEvent::kSuggest) {
    return Error{Code::kInvalidArgument, "BAD_STEP",
                 "a suggestion comes from answers and findings"};
  }
  if (step->need == NeedEvent::kEnd) {
    return Error{Code::kInvalidArgument, "BAD_STEP",
                 "that a need is over comes from the chart; say met, unmet or declined"};
  }
  return step;
}

Status CheckCode(const PersonNeeds& needs, const std::string& domain, const CodeStep& step,
                 const ZCodeTable& table) {
  const auto& of_code = table.DomainsOf(step.code);
  const bool named = std::find(of_code.begin(), of_code.end(), domain) != of_code.end();
  const bool open = of_code.empty() ||
                    std::find(of_code.begin(), of_code.end(), kUnspecifiedDomain) != of_code.end();
  if (!named && !open) {
    std::string whose;
    for (const std::string& each : of_code) whose += (whose.empty() ? "" : ", ") + each;
    return Error{Code::kInvalidArgument, "CODE_OF_ANOTHER_NEED",
                 step.code + " is a code of " + whose + ", not of " + domain};
  }
  EQN_CHECK(NextStage(StageOf(needs, step.code), step, table));
  return Ok();
}

// A code on an encounter that is kept here is of that encounter's day, and of a visit that was. One
// that is not kept (without a social diagnosis none is) is the staff's word.
Status CheckEncounter(const PersonRecords& records, bool day_was_said, NeedStep& step) {
  const auto known = std::ranges::find(records.encounters, step.code->encounter,
                                       &Kept<EncounterRecord>::source_id);
  if (known == records.encounters.end()) return Ok();
  const EncounterRecord& encounter = known->record;
  if (!Held(encounter)) {
    return Error{Code::kFailedPrecondition, "ENCOUNTER_NOT_HELD",
                 "the encounter is " + encounter.status +
                     " in the chart: a code is reported on a visit that was"};
  }
  const auto day = FirstDayOf(encounter.on);
  if (!day || encounter.on.day == 0) return Ok();
  if (day_was_said && step.on != *day) {
    return Error{Code::kInvalidArgument, "ANOTHER_DAY",
                 "the encounter was on " + DayText(*day) +
                     " by the chart: a code on it is of that day; leave the day out"};
  }
  step.on = step.code->on = *day;
  return Ok();
}

Status CheckNeed(const PersonNeeds& needs, const std::string& domain, const NeedStep& step) {
  const NeedView* need = NeedIn(needs, domain);
  if (need == nullptr && step.need != NeedEvent::kFound) {
    return Error{Code::kFailedPrecondition, "NO_SUCH_NEED",
                 "no such need was found of this person; record a screening, or say that it was "
                 "found"};
  }
  if (!step.need) return Ok();
  const std::optional<NeedState> was = need == nullptr ? std::nullopt : std::optional(need->state);
  EQN_CHECK(NextNeedState(was, *step.need, step.reason));
  if (need != nullptr && step.on < need->since) {
    return Error{Code::kFailedPrecondition, "STEP_TOO_EARLY",
                 "the need has been so since a later day: a step cannot come before it"};
  }
  return Ok();
}

}  // namespace

Result<v1::RecordNeedStepResponse> RecordNeedStep(const NeedDeps& deps, Call& call,
                                                  const v1::RecordNeedStepRequest& request) {
  call.audit.subject = "need";
  call.audit.purpose = "operations";
  EQN_CHECK(RequestId(request.request_id()));
  const std::string& domain = request.domain();
  if (FindNeedDomain(domain) == nullptr) {
    return UnknownDomain(domain);
  }
  EQN_TRY(const PersonNo number, NumberOfPerson(deps, request.person()));
  EQN_TRY(NeedStep step, StepOf(request, call));
  if (step.code && !step.code->encounter.empty()) {
    EQN_TRY(const auto kept, deps.keeper.Find(RecordKind::kEncounter, step.code->encounter));
    if (kept && kept->person != request.person()) {
      return Error{Code::kInvalidArgument, "ENCOUNTER_OF_ANOTHER",
                   "that encounter is another person's in the chart"};
    }
  }
  const auto table = deps.codes.Get();
  const NeedReader reader(deps.database, deps.keeper);
  const std::string source_id = NeedId(request.person(), domain);
  using Response = v1::RecordNeedStepResponse;
  const auto body = [&](Tx& tx) -> Result<Response> {
    EQN_TRY(PersonOnRecord person, reader.Read(tx, number));
    if (step.code && step.code->event == CodeEvent::kCode) {
      EQN_CHECK(CheckEncounter(person.records, request.step().has_on(), step));
    }
    const PersonNeeds before = NeedsOf(person.records, *table, TodayOf(call));
    EQN_CHECK(CheckNeed(before, domain, step));
    if (step.code) EQN_CHECK(CheckCode(before, domain, *step.code, *table));
    auto& kept = person.records.needs;
    auto at = std::find_if(kept.begin(), kept.end(),
                           [&](const auto& each) { return each.source_id == source_id; });
    if (at == kept.end()) {
      kept.push_back({source_id, NeedRecord{domain, {}}});
      at = kept.end() - 1;
    }
    NeedRecord& record = at->record;
    if (record.steps.size() == NeedRecord::kMostSteps) {
      return Error{Code::kResourceExhausted, "TOO_MANY_STEPS",
                   "this need has 200 steps; no more are kept"};
    }
    record.steps.push_back(step);
    // Two steps in one millisecond keep their order.
    if (record.steps.size() > 1) {
      const Instant last = record.steps[record.steps.size() - 2].at;
      record.steps.back().at = std::max(step.at, last + Millis{1});
    }
    const Bytes bytes = BodyFrom(record);
    EQN_TRY(const auto prepared,
            deps.keeper.Prepare({.kind = static_cast<std::uint32_t>(RecordKind::kNeed),
                                 .source_id = source_id,
                                 .person = request.person(),
                                 .body = bytes}));
    EQN_CHECK(deps.keeper.Put(tx, prepared));
    call.audit.touched.Add(request.person());
    const PersonNeeds after = NeedsOf(person.records, *table, TodayOf(call));
    Response response;
    if (const NeedView* need = NeedIn(after, domain)) {
      SetNeed(request.person(), *need, response.mutable_need());
    }
    for (const CodeView& code : after.codes) {
      if (step.code && code.code == step.code->code) {
        SetCode(code, *table, response.mutable_code());
      }
    }
    return response;
  };
  return WriteAudited(
      deps.database, deps.audit, "need_step", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&] { return body(tx); });
      });
}

}  // namespace equinode
