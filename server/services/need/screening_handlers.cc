#include <algorithm>
#include <utility>

#include "client/convert/need_body.h"
#include "server/audit/call_entry.h"
#include "server/services/need/handlers.h"

namespace equinode {
namespace {

Error Bad(const char* reason, std::string why) {
  return {Code::kInvalidArgument, reason, std::move(why)};
}

// What somebody types is held to the table: an import keeps what it does not know, a person can put
// it right.
Result<ScreeningRecord> Checked(const v1::RecordScreeningRequest& request,
                                std::chrono::sys_days today) {
  const std::string instrument(InstrumentNamed(request.instrument()));
  if (instrument.empty()) {
    std::string known;
    for (const std::string& each : Instruments()) known += (known.empty() ? "" : ", ") + each;
    return Bad("UNKNOWN_INSTRUMENT", "there is no such instrument; there are: " + known);
  }
  v1::Screening message;
  message.set_instrument(instrument);
  *message.mutable_on() = request.on();
  message.set_by(request.by().empty() ? "self" : request.by());
  message.set_encounter(request.encounter());
  *message.mutable_answers() = request.answers();
  const std::string bytes = message.SerializeAsString();
  EQN_TRY(ScreeningRecord record, ScreeningFromBody(AsBytes(bytes)));
  EQN_TRY(const auto day, DayIn(request.has_on(), request.on()));
  if (!day) return Bad("BAD_DAY", "say on which day it was asked");
  if (*day > today) return Bad("FUTURE_DAY", "the day is in the future");
  if (record.by != "self" && record.by != "proxy" && record.by != "staff") {
    return Bad("BAD_SAYER", "who answered is self, proxy or staff");
  }
  if (record.answers.empty()) return Bad("NO_ANSWERS", "there is no answer");
  for (const ScreenedAnswer& answer : record.answers) {
    const auto rules = RulesOfQuestion(answer.question);
    if (!HasQuestion(instrument, answer.question)) {
      return Bad("UNKNOWN_QUESTION", answer.question + " is no question of " + instrument);
    }
    for (const std::string& code : answer.answers) {
      const bool known = std::any_of(rules.begin(), rules.end(), [&](const AnswerRule& rule) {
        return rule.instrument == instrument && rule.answer == code;
      });
      if (!known) {
        return Bad("UNKNOWN_ANSWER",
                   code + " is no answer to " + answer.question + " of " + instrument);
      }
    }
    if (answer.answers.size() > 1 && !ChooseAll(answer.question)) {
      return Bad("ONE_ANSWER", answer.question + " has one answer");
    }
    if (answer.answers.empty() && answer.given == AnswerGiven::kAnswered) {
      return Bad("UNKNOWN_ANSWER", answer.question +
                                       " has no answer: name it, or say declined, "
                                       "unable or not-asked");
    }
  }
  return record;
}

}  // namespace

Result<v1::ListScreeningsResponse> ListScreenings(const NeedDeps& deps, Call& call,
                                                  const v1::ListScreeningsRequest& request) {
  call.audit.subject = "screenings";
  call.audit.purpose = "operations";
  EQN_TRY(const PersonNo number, NumberOfPerson(deps, request.person()));
  const NeedReader reader(deps.database, deps.keeper);
  EQN_TRY(const PersonOnRecord person,
          deps.database.Read([&](ReadTx& tx) { return reader.Read(tx, number); }));
  const PersonNeeds needs = NeedsOf(person.records, *deps.codes.Get(), TodayOf(call));
  call.audit.disclosure = true;
  call.audit.touched.Add(request.person());
  v1::ListScreeningsResponse response;
  for (const AskingView& asking : needs.askings) SetAsking(asking, response.add_askings());
  return response;
}

Result<v1::RecordScreeningResponse> RecordScreening(const NeedDeps& deps, Call& call,
                                                    const v1::RecordScreeningRequest& request) {
  call.audit.subject = "screening";
  call.audit.purpose = "operations";
  EQN_TRY(const Uuid id, RequestId(request.request_id()));
  EQN_TRY(const PersonNo number, NumberOfPerson(deps, request.person()));
  EQN_TRY(const ScreeningRecord record, Checked(request, TodayOf(call)));
  const std::string source_id = "local/Screening/" + id.ToString();
  const Bytes body = BodyFrom(record);
  EQN_TRY(const auto prepared,
          deps.keeper.Prepare({.kind = static_cast<std::uint32_t>(RecordKind::kScreening),
                               .source_id = source_id,
                               .person = request.person(),
                               .body = body}));
  const NeedReader reader(deps.database, deps.keeper);
  using Response = v1::RecordScreeningResponse;
  return WriteAudited(
      deps.database, deps.audit, "record_screening", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(deps.keeper.Put(tx, prepared));
          call.audit.touched.Add(request.person());
          EQN_TRY(const PersonOnRecord person, reader.Read(tx, number));
          const PersonNeeds needs = NeedsOf(person.records, *deps.codes.Get(), TodayOf(call));
          Response response;
          response.set_source_id(source_id);
          for (const AskingView& asking : needs.askings) {
            const auto& sources = asking.sources;
            if (std::find(sources.begin(), sources.end(), source_id) != sources.end()) {
              SetAsking(asking, response.mutable_asking());
            }
          }
          return response;
        });
      });
}

}  // namespace equinode
