#include "client/cli/fhir_papers.h"

#include <map>
#include <utility>
#include <vector>

#include "client/convert/consent.h"
#include "client/convert/need_body.h"
#include "client/convert/proto_parts.h"
#include "client/convert/record_body.h"
#include "equinode/v1/need_service.pb.h"
#include "equinode/v1/record_service.pb.h"

namespace equinode::cli {
namespace {

Error BadExportAnswer(const char* what) {
  return Error{Code::kInternal, "BAD_ANSWER",
               std::string("the node's answer cannot be read: ") + what};
}

std::chrono::sys_days DayFromDate(const v1::Date& date) {
  return std::chrono::sys_days{std::chrono::year{static_cast<int>(date.year())} /
                               std::chrono::month{date.month()} / std::chrono::day{date.day()}};
}

// A page's records as values; whether there are steps of the staff among them.
Status TakeRecords(const v1::ListNeedRecordsResponse& page, PersonFacts& facts, bool& steps) {
  for (const v1::NeedSourceRecord& each : page.records()) {
    const ByteView body = AsBytes(each.body());
    if (each.kind() == v1::RECORD_KIND_SCREENING) {
      EQN_TRY(ScreeningRecord record, ScreeningFromBody(body));
      facts.screenings.push_back({each.source_id(), std::move(record)});
    } else if (each.kind() == v1::RECORD_KIND_CONDITION) {
      EQN_TRY(ConditionRecord record, ConditionFromBody(body));
      facts.conditions.push_back({each.source_id(), std::move(record)});
    } else if (each.kind() == v1::RECORD_KIND_ENCOUNTER) {
      EQN_TRY(EncounterRecord record, EncounterFromBody(body));
      facts.encounters.push_back({each.source_id(), std::move(record)});
    } else {
      steps = true;
    }
  }
  return Ok();
}

Result<CodeView> CodeViewFrom(const v1::CodeView& message) {
  CodeView code;
  code.code = message.code();
  code.domains.assign(message.domains().begin(), message.domains().end());
  for (const v1::CodeStepView& each : message.steps()) {
    CodeStep step;
    EQN_TRY(step.told_at, wire::InstantFrom(each.told_at(), "BAD_RECORD"));
    step.event = static_cast<CodeEvent>(each.event());
    step.code = message.code();
    step.on = DayFromDate(each.on());
    step.actor = each.actor();
    step.clinician = each.clinician();
    step.encounter = each.encounter();
    step.position = each.position();
    code.steps.push_back(std::move(step));
  }
  return code;
}

// A node that does not offer this has nothing of the kind.
bool IsNotOffered(const Error& error) { return error.reason == "METHOD_NOT_OFFERED"; }

}  // namespace

Result<PersonFacts> FetchFacts(Session& session, const std::string& person, bool with_patient) {
  PersonFacts facts;
  facts.person = person;
  facts.organisation = session.node_uri();
  bool steps = false;
  v1::ListNeedRecordsRequest request;
  request.set_person(person);
  Status taken = Ok();
  EQN_CHECK(ForEachPage<v1::ListNeedRecordsResponse>(session, "NeedService/ListNeedRecords",
                                                     request,
                                                     [&](const v1::ListNeedRecordsResponse& page) {
                                                       taken = TakeRecords(page, facts, steps);
                                                       return taken.ok();
                                                     }));
  EQN_CHECK(std::move(taken));
  if (steps) {
    v1::GetNeedsRequest needs;
    needs.set_person(person);
    EQN_TRY(const auto got, session.Call<v1::GetNeedsResponse>("NeedService/GetNeeds", needs));
    for (const v1::CodeView& message : got.codes()) {
      EQN_TRY(const CodeView code, CodeViewFrom(message));
      AddStaffSteps(code, facts.steps);
    }
  }
  v1::ListConsentsRequest consents;
  consents.set_person(person);
  Status read = Ok();
  const Status listed = ForEachPage<v1::ListConsentsResponse>(
      session, "ConsentService/ListConsents", consents, [&](const v1::ListConsentsResponse& page) {
        for (const v1::Consent& each : page.consents()) {
          Result<ConsentOnPaper> consent = ConsentOnPaperFrom(each);
          if (!consent.ok()) {
            read = std::move(consent).error();
            return false;
          }
          facts.consents.push_back(*std::move(consent));
        }
        return true;
      });
  if (!listed.ok() && !IsNotOffered(listed.error())) return listed.error();
  EQN_CHECK(std::move(read));
  if (!with_patient) return facts;
  v1::GetPersonRequest who;
  who.set_source_id(person);
  EQN_TRY(const auto found, session.Call<v1::GetPersonResponse>("RecordService/GetPerson", who));
  EQN_TRY(facts.patient, PersonFromBody(AsBytes(found.record().body())));
  return facts;
}

Result<ConsentOnPaper> ConsentOnPaperFrom(const v1::Consent& message) {
  const auto id = Uuid::Parse(message.id());
  if (!id.ok()) return BadExportAnswer("a consent's id");
  ConsentOnPaper paper;
  EQN_TRY(paper.consent, ConsentFrom(message, *id));
  if (message.has_revoked_at()) {
    EQN_TRY(const Instant at, wire::InstantFrom(message.revoked_at(), "BAD_ANSWER"));
    paper.revoked_at = at;
  }
  return paper;
}

Result<FetchedReferral> FetchReferral(Session& session, const std::string& id) {
  v1::ExportReferralRequest request;
  request.set_referral_id(id);
  std::vector<PlacedEvent> events;
  std::string person;
  std::map<std::string, std::string, std::less<>> order;
  std::vector<ConsentOnPaper> consents;
  FetchedReferral fetched;
  for (bool more = true; more;) {
    EQN_TRY(const auto page,
            session.Call<v1::ExportReferralResponse>("ReferralService/ExportReferral", request));
    for (const v1::ExportedEvent& each : page.events()) {
      PlacedEvent placed;
      EQN_TRY(placed.event, referral::EventFrom(AsBytes(each.event())));
      EQN_TRY(placed.linked_at, wire::InstantFrom(each.linked_at(), "BAD_ANSWER"));
      events.push_back(std::move(placed));
    }
    if (request.after() == 0) {
      fetched.ours = page.ours();
      person = page.person();
      for (const auto& [field, text] : page.order()) order[field] = text;
      for (const v1::Consent& each : page.consents()) {
        EQN_TRY(ConsentOnPaper consent, ConsentOnPaperFrom(each));
        consents.push_back(std::move(consent));
      }
    }
    if (page.more() && page.events().empty()) return BadExportAnswer("more of nothing");
    request.set_after(events.size());
    more = page.more();
  }
  EQN_TRY(fetched.paper, PaperOf(events, std::move(person), std::move(order), std::move(consents)));
  return fetched;
}

}  // namespace equinode::cli
