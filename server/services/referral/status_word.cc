// TakeInStatus: another system's word as the verbs of the target's people, and the word itself.
#include <chrono>

#include "client/convert/proto_parts.h"
#include "domain/referral/catch_up.h"
#include "server/services/referral/handlers.h"

namespace equinode::referral_service {
namespace {

using std::chrono::days;
using std::chrono::floor;

// The day that the other system named. Its clock and ours may be a day apart, and no more.
Result<std::optional<Instant>> SaidOn(const v1::TakeInStatusRequest& request,
                                      const referral::View& view, Instant now) {
  if (!request.has_said_on()) return std::optional<Instant>();
  EQN_TRY(const Instant at, wire::InstantFrom(request.said_on(), "BAD_STATUS_DAY"));
  const Instant day = floor<days>(at);
  const Instant first = floor<days>(view.created.value_or(now)) - days{1};
  if (day > floor<days>(now) + days{1}) {
    return Bad("BAD_STATUS_DAY", "the day of the status is in the future");
  }
  if (day < first) {
    return Bad("BAD_STATUS_DAY", "the day of the status is before the referral was made (" +
                                     FormatInstant(*view.created).substr(0, 10) + ")");
  }
  return std::optional<Instant>(day);
}

// `other` needs a note.
Error ReasonInWords() {
  return Error{Code::kFailedPrecondition, "STATUS_ONLY",
               "the client has not agreed that more than the state is told, or no longer does: say "
               "the reason as one of the closures, not as other"};
}

ReferralDeed DeedOf(const referral::CatchUpStep& step, const referral::View& view,
                    const referral::StatusWord& word, const v1::TakeInStatusRequest& request,
                    bool status_only, Instant now) {
  ReferralDeed deed;
  deed.verb = step.verb;
  deed.reason = step.reason;
  if (!status_only) {
    deed.note = "as " + std::string(word.system) + " says: " + std::string(word.word);
  }
  if (step.wants_day) deed.when = referral::ReviewOf(view, now);
  if (step.verb == referral::EventKind::kComplete) {
    deed.reported_by =
        request.reported_by().empty() ? std::string(word.system) : request.reported_by();
  }
  return deed;
}

// The referral, as the caller may bring it on.
Result<OpenReferral> Ours(ReadTx& tx, const Uuid& id, std::string_view scope) {
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_CHECK(CheckInScope(open, scope));
  if (open.stored.ours) {
    return Error{
        Code::kFailedPrecondition, "NOT_YOUR_MOVE",
        "this node asked; what came of it is the other organisation's to say, at its node"};
  }
  return open;
}

Result<v1::TakeInStatusResponse> TakeInStatus(const Deps& deps, Call& call,
                                              const v1::TakeInStatusRequest& request) {
  call.audit.subject = "referral status";
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  EQN_TRY(const referral::StatusWord word, referral::StatusFrom(request.system(), request.word()));
  const std::string scope = ScopeOf(deps, call);
  using Response = v1::TakeInStatusResponse;
  // What is to be done, and whether it may be.
  const auto plan = [&](ReadTx& tx, Response& response, std::optional<Instant>& said_on,
                        OpenReferral& open) -> Result<referral::CatchUpWay> {
    EQN_TRY(open, Ours(tx, id, scope));
    EQN_TRY(said_on, SaidOn(request, open.chain.view, call.now));
    EQN_TRY(referral::CatchUpWay way, referral::CatchUp(open.chain.view, word, request.closure()));
    for (const referral::CatchUpStep& step : way.steps) {
      response.add_verbs(std::string(referral::Name(step.verb)));
    }
    response.set_behind(way.behind);
    return way;
  };
  Touch(call, "referral status of " + request.system(), request.referral_id());
  if (request.check_only()) {
    EQN_CHECK(RequestId(request.request_id()));
    return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
      Response response;
      OpenReferral open;
      std::optional<Instant> said_on;
      EQN_CHECK(plan(tx, response, said_on, open));
      EQN_CHECK(ShowOpen(tx, open, call.now, response.mutable_referral()));
      return response;
    });
  }
  const auto take_in = [&](Tx& tx) -> Result<Response> {
    Response response;
    OpenReferral open;
    std::optional<Instant> said_on;
    EQN_TRY(const referral::CatchUpWay way, plan(tx, response, said_on, open));
    EQN_TRY(const bool status_only, deps.desk.StatusOnlyHere(tx, open));
    for (const referral::CatchUpStep& step : way.steps) {
      if (status_only && step.reason == "other") return ReasonInWords();
      EQN_TRY(const ReferralActed acted,
              deps.desk.Act(tx, call.caller.identity.uri, id,
                            DeedOf(step, open.chain.view, word, request, status_only, call.now)));
      if (!acted.proposed) continue;
      return Error{Code::kFailedPrecondition, "NOT_YOUR_MOVE",
                   "the other organisation's node has not heard that this one has the referral"};
    }
    EQN_TRY(open, Ours(tx, id, scope));
    if (!way.behind) {
      EQN_CHECK(ReferralStore::KeepWord(tx, open.stored.row,
                                        {std::string(word.system), std::string(word.word), call.now,
                                         said_on, open.chain.view.state, open.chain.view.since}));
    }
    EQN_CHECK(ShowOpen(tx, open, call.now, response.mutable_referral()));
    return response;
  };
  return WriteAudited(
      deps.database, deps.audit, "take_in_status", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&] { return take_in(tx); });
      });
}

}  // namespace

void AddStatusWordMethod(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  methods.push_back(Bind(deps, "TakeInStatus", TakeInStatus));
}

}  // namespace equinode::referral_service
