#include <utility>

#include "client/convert/proto_parts.h"
#include "client/convert/report_parts.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"
#include "server/services/need/handlers.h"
#include "server/services/numbered_pages.h"

namespace equinode {
namespace {

// People that one page of a list looks at.
constexpr std::size_t kMostNeedsLookedAt = 20'000;

void SetStepView(const CodeStep& step, v1::CodeStepView* out) {
  out->set_event(static_cast<v1::CodeEvent>(step.event));
  SetDayIn(step.on, out->mutable_on());
  wire::SetTimestamp(step.told_at, out->mutable_told_at());
  out->set_actor(step.actor);
  out->set_clinician(step.clinician);
  out->set_encounter(step.encounter);
  out->set_position(step.position);
  out->set_reason(step.reason);
}

}  // namespace

Result<std::optional<std::chrono::sys_days>> DayIn(bool present, const v1::Date& date) {
  if (!present) return std::optional<std::chrono::sys_days>();
  EQN_TRY(const std::chrono::sys_days day, wire::DayFrom(date, "BAD_DAY"));
  return std::optional<std::chrono::sys_days>(day);
}

void SetDayIn(std::chrono::sys_days day, v1::Date* out) { wire::SetDay(day, out); }

Result<PersonNo> NumberOfPerson(const NeedDeps& deps, std::string_view source_id) {
  EQN_TRY(const std::optional<PersonNo> number, deps.keeper.NumberOf(source_id));
  if (number) return *number;
  return Error{Code::kNotFound, "NO_SUCH_PERSON", "no such person is here"};
}

void SetAsking(const AskingView& asking, v1::AskingView* out) {
  SetDayIn(asking.on, out->mutable_on());
  for (const std::string& source : asking.sources) out->add_sources(source);
  for (const DomainOutcome& outcome : asking.result.domains) {
    v1::DomainOutcome* to = out->add_outcomes();
    to->set_domain(outcome.domain);
    to->set_outcome(static_cast<v1::Outcome>(outcome.outcome));
    to->set_help(static_cast<v1::HelpWanted>(outcome.help));
    to->set_instrument(outcome.instrument);
    to->set_question(outcome.question);
    to->set_answer(outcome.answer);
  }
  for (const ScreeningFinding& finding : asking.result.findings) {
    v1::ScreeningFinding* to = out->add_findings();
    to->set_reason(finding.reason);
    to->set_question(finding.question);
    to->set_answer(finding.answer);
  }
}

void SetNeed(const std::string& person, const NeedView& need, v1::NeedView* out) {
  out->set_person(person);
  out->set_domain(need.domain);
  out->set_state(static_cast<v1::NeedState>(need.state));
  SetDayIn(need.since, out->mutable_since());
  SetDayIn(need.found_on, out->mutable_found_on());
  out->set_help(static_cast<v1::HelpWanted>(need.help));
  out->set_suggested(need.suggested);
  const NeedDomain* domain = FindNeedDomain(need.domain);
  out->set_sensitive(domain != nullptr && domain->sensitive);
}

void SetCode(const CodeView& code, const ZCodeTable& table, v1::CodeView* out) {
  out->set_code(code.code);
  if (const ZCode* known = table.Find(code.code)) out->set_title(known->title);
  out->set_stage(static_cast<v1::CodeStage>(code.stage));
  for (const std::string& domain : code.domains) out->add_domains(domain);
  for (const CodeStep& step : code.steps) SetStepView(step, out->add_steps());
}

Result<v1::GetNeedsResponse> GetNeeds(const NeedDeps& deps, Call& call,
                                      const v1::GetNeedsRequest& request) {
  call.audit.subject = "needs";
  call.audit.purpose = "operations";
  EQN_TRY(const PersonNo number, NumberOfPerson(deps, request.person()));
  const NeedReader reader(deps.database, deps.keeper);
  EQN_TRY(const PersonOnRecord person,
          deps.database.Read([&](ReadTx& tx) { return reader.Read(tx, number); }));
  const auto table = deps.codes.Get();
  const PersonNeeds needs = NeedsOf(person.records, *table, TodayOf(call));
  call.audit.disclosure = true;
  call.audit.touched.Add(request.person());
  v1::GetNeedsResponse response;
  for (const NeedView& need : needs.needs) SetNeed(request.person(), need, response.add_needs());
  for (const CodeView& code : needs.codes) SetCode(code, *table, response.add_codes());
  for (const CodeFinding& finding : needs.findings) {
    v1::CodeFinding* to = response.add_findings();
    to->set_source_id(finding.source_id);
    to->set_code(finding.code);
    to->set_reason(finding.reason);
    to->set_message(finding.message);
    for (const std::string& next : finding.successors) to->add_successors(next);
  }
  return response;
}

Result<v1::ListNeedsResponse> ListNeeds(const NeedDeps& deps, Call& call,
                                        const v1::ListNeedsRequest& request) {
  call.audit.subject = "needs";
  call.audit.purpose = "operations";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t after, RowFromToken(request.page_token()));
  if (!request.domain().empty() && FindNeedDomain(request.domain()) == nullptr) {
    return UnknownDomain(request.domain());
  }
  const NeedReader reader(deps.database, deps.keeper);
  const auto table = deps.codes.Get();
  v1::ListNeedsResponse response;
  EQN_TRY(const PersonNo last,
          reader.Scan(static_cast<PersonNo>(after), kMostNeedsLookedAt,
                      [&](PersonNo, const PersonOnRecord& person) -> Result<bool> {
                        if (person.origin != deps.keeper.self()) return true;
                        bool any = false;
                        const PersonNeeds needs = NeedsOf(person.records, *table, TodayOf(call));
                        for (const NeedView& need : needs.needs) {
                          const bool wanted =
                              (request.domain().empty() || request.domain() == need.domain) &&
                              (request.state() == 0
                                   ? need.state != NeedState::kVoid
                                   : request.state() == static_cast<int>(need.state));
                          if (!wanted) continue;
                          any = true;
                          SetNeed(person.person, need, response.add_needs());
                        }
                        if (any) call.audit.touched.Add(person.person);
                        return static_cast<std::size_t>(response.needs_size()) < page;
                      }));
  call.audit.disclosure = response.needs_size() > 0;
  if (last != 0) response.set_next_page_token(std::to_string(last));
  return response;
}

}  // namespace equinode
