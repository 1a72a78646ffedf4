#include "server/services/referral/referral.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "client/convert/proto_parts.h"
#include "server/audit/call_entry.h"
#include "server/services/referral/views.h"
#include "storage/consent_store.h"

namespace equinode {
namespace {

using Deps = ReferralServiceDeps;

constexpr std::size_t kMaxOrderFields = 64;
constexpr int kMaxEvidenceListed = static_cast<int>(referral::kMaxEvidence);

Error Bad(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

Result<Uuid> IdOf(std::string_view text, std::string_view what) {
  auto id = Uuid::Parse(text);
  if (id.ok() && !id->nil()) return id;
  return Bad("BAD_REFERRAL_ID", std::string(what) + " is a UUID");
}

Result<std::optional<Uuid>> OptionalId(const std::string& text, std::string_view what) {
  if (text.empty()) return std::optional<Uuid>();
  EQN_TRY(const Uuid id, IdOf(text, what));
  return std::optional<Uuid>(id);
}

bool IsWord(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

Result<ReferralAsked> AskedFrom(const Deps& deps, const Call& call,
                                const v1::CreateReferralRequest& request) {
  ReferralAsked asked;
  asked.person = request.person();
  asked.opening.domain = request.domain();
  if (!IsWord(request.domain())) {
    return Bad("BAD_DOMAIN", "domain is a Gravity category such as food-insecurity");
  }
  EQN_CHECK(ParseIdentity(request.target_node()));
  asked.opening.target_node = request.target_node();
  if (request.open() && !request.owner().empty()) {
    return Bad("BAD_OWNER", "an open referral has no owner: say one or the other");
  }
  if (!request.open()) {
    asked.opening.owner = request.owner().empty() ? request.target_node() : request.owner();
    EQN_CHECK(ParseIdentity(asked.opening.owner));
  }
  const auto priority =
      referral::PriorityNamed(request.priority().empty() ? "routine" : request.priority());
  if (!priority) return Bad("BAD_PRIORITY", "priority is routine, urgent, asap or stat");
  asked.opening.priority = *priority;
  EQN_TRY(const std::optional<Uuid> need, OptionalId(request.need(), "need"));
  asked.opening.need = need ? *need : Uuid::MakeV7(call.now, deps.random);
  EQN_TRY(asked.opening.follows, OptionalId(request.follows(), "follows"));
  EQN_TRY(asked.opening.reopens, OptionalId(request.reopens(), "reopens"));
  if (static_cast<std::size_t>(request.order_size()) > kMaxOrderFields) {
    return Bad("NO_SUCH_FIELD", "an order has fewer fields");
  }
  for (const auto& [field, text] : request.order()) asked.order[field] = text;
  return asked;
}

Result<ReferralDeed> DeedFrom(const v1::ActOnReferralRequest& request) {
  ReferralDeed deed;
  const auto verb = referral::EventKindNamed(request.verb());
  const bool by_people =
      verb && *verb != referral::EventKind::kCreate && *verb != referral::EventKind::kCreateDraft &&
      *verb != referral::EventKind::kReceive && *verb != referral::EventKind::kExpire;
  if (!by_people) {
    return Bad("BAD_VERB", "no such verb; `equinode referral show` lists those that are open");
  }
  deed.verb = *verb;
  deed.reason = request.reason();
  deed.note = request.note();
  deed.reported_by = request.reported_by();
  if (request.has_when()) {
    EQN_TRY(const Instant when, wire::InstantFrom(request.when(), "BAD_TIME"));
    deed.when = when;
  }
  if (request.evidence_size() > kMaxEvidenceListed) {
    return Bad("BAD_EVENT", "at most 16 pieces of evidence");
  }
  for (const v1::ReferralEvidence& each : request.evidence()) {
    referral::Evidence evidence;
    evidence.kind = each.service_record() ? referral::Evidence::Kind::kServiceRecord
                                          : referral::Evidence::Kind::kProcedure;
    evidence.system = each.system();
    evidence.code = each.code();
    EQN_TRY(evidence.at, wire::InstantFrom(each.at(), "BAD_TIME"));
    if (!each.document().empty()) {
      EQN_TRY(evidence.document, wire::DigestFrom(each.document(), "BAD_EVENT"));
    }
    deed.evidence.push_back(std::move(evidence));
  }
  return deed;
}

Status Show(ReadTx& tx, StoredReferral stored, Instant now, v1::Referral* out) {
  EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_TRY(const auto proposals, ReferralStore::Proposals(tx, open.stored.row));
  SetReferral(open, proposals, now, out);
  return Ok();
}

void Touch(Call& call, std::string_view subject, std::string_view id) {
  call.audit.subject = subject;
  call.audit.purpose = "referral";
  if (!id.empty()) call.audit.touched.Add(id);
}

Result<v1::CreateReferralResponse> CreateReferral(const Deps& deps, Call& call,
                                                  const v1::CreateReferralRequest& request) {
  call.audit.subject = "referral";
  EQN_TRY(const ReferralAsked asked, AskedFrom(deps, call, request));
  if (deps.check_person) EQN_CHECK(deps.check_person(asked.person));
  using Response = v1::CreateReferralResponse;
  return WriteAudited(
      deps.database, deps.audit, "create_referral", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(StoredReferral made, deps.desk.Create(tx, call.caller.identity.uri, asked));
          Touch(call, "referral to " + asked.opening.target_node, made.id.ToString());
          call.audit.disclosure = true;
          Response response;
          EQN_CHECK(Show(tx, std::move(made), call.now, response.mutable_referral()));
          return response;
        });
      });
}

Result<v1::ActOnReferralResponse> ActOnReferral(const Deps& deps, Call& call,
                                                const v1::ActOnReferralRequest& request) {
  call.audit.subject = "referral";
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  EQN_TRY(const ReferralDeed deed, DeedFrom(request));
  using Response = v1::ActOnReferralResponse;
  return WriteAudited(
      deps.database, deps.audit, "act_on_referral", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(ReferralActed acted, deps.desk.Act(tx, call.caller.identity.uri, id, deed));
          Touch(call, "referral " + request.verb(), request.referral_id());
          Response response;
          response.set_proposed(acted.proposed);
          EQN_CHECK(Show(tx, std::move(acted.referral), call.now, response.mutable_referral()));
          return response;
        });
      });
}

Result<v1::GetReferralResponse> GetReferral(const Deps& deps, Call& call,
                                            const v1::GetReferralRequest& request) {
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  Touch(call, "referral", request.referral_id());
  call.audit.disclosure = true;
  using Response = v1::GetReferralResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
    EQN_TRY(const auto proposals, ReferralStore::Proposals(tx, open.stored.row));
    Response response;
    SetReferral(open, proposals, call.now, response.mutable_referral());
    EQN_CHECK(SetHistory(open, &response));
    SetVerbs(open, &response);
    if (!open.stored.asked.empty()) {
      EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(open.stored.asked));
      for (const auto& [field, text] : order.fields()) (*response.mutable_order())[field] = text;
    }
    return response;
  });
}

// "<next_by>.<row>" of the last one.
Result<std::optional<ReferralPlace>> PlaceFrom(std::string_view token) {
  if (token.empty()) return std::optional<ReferralPlace>();
  ReferralPlace place;
  const char* end = token.data() + token.size();
  const auto by = std::from_chars(token.data(), end, place.next_by);
  if (by.ec != std::errc() || by.ptr == end || *by.ptr != '.') return BadPageToken();
  const auto row = std::from_chars(by.ptr + 1, end, place.row);
  if (row.ec != std::errc() || row.ptr != end) return BadPageToken();
  return std::optional<ReferralPlace>(place);
}

std::string TokenOf(const StoredReferral& last) {
  const std::int64_t by = last.next_who == 0 ? std::numeric_limits<std::int64_t>::max()
                                             : last.next_by.time_since_epoch().count();
  return std::to_string(by) + "." + std::to_string(last.row);
}

Result<v1::ListReferralsResponse> ListReferrals(const Deps& deps, Call& call,
                                                const v1::ListReferralsRequest& request) {
  Touch(call, "referrals", "");
  ReferralFilter filter;
  if (request.box() == "inbox") {
    filter.ours = false;
  } else if (request.box() == "outbox") {
    filter.ours = true;
  } else if (!request.box().empty()) {
    return Bad("BAD_BOX", "box is inbox, outbox or empty");
  }
  if (!request.state().empty() && !referral::StateNamed(request.state())) {
    return Bad("BAD_STATE", "state is a FHIR Task.status such as in-progress");
  }
  filter.state = request.state();
  filter.person = request.person();
  filter.open_only = request.open_only();
  filter.mine_only = request.mine_only();
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::optional<ReferralPlace> after, PlaceFrom(request.page_token()));
  call.audit.disclosure = true;
  using Response = v1::ListReferralsResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(std::vector<StoredReferral> rows, ReferralStore::List(tx, filter, after, page + 1));
    Response response;
    if (rows.size() > page) {
      response.set_next_page_token(TokenOf(rows[page - 1]));
      rows.resize(page);
    }
    for (StoredReferral& each : rows) {
      EQN_CHECK(Show(tx, std::move(each), call.now, response.add_referrals()));
    }
    return response;
  });
}

Result<v1::ListReferralChangesResponse> ListReferralChanges(
    const Deps& deps, Call& call, const v1::ListReferralChangesRequest& request) {
  Touch(call, "referrals", "");
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  call.audit.disclosure = true;
  using Response = v1::ListReferralChangesResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    const auto after = static_cast<std::int64_t>(
        std::min<std::uint64_t>(request.after(), std::numeric_limits<std::int64_t>::max()));
    EQN_TRY(std::vector<StoredReferral> rows, ReferralStore::ChangedAfter(tx, after, page));
    Response response;
    response.set_cursor(request.after());
    for (StoredReferral& each : rows) {
      response.set_cursor(static_cast<std::uint64_t>(each.changed));
      EQN_CHECK(Show(tx, std::move(each), call.now, response.add_referrals()));
    }
    return response;
  });
}

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const Deps>& deps, const char* name,
            Result<Response> (*handler)(const Deps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.ReferralService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

}  // namespace

std::vector<Method> ReferralMethods(ReferralServiceDeps deps) {
  const auto shared = std::make_shared<const Deps>(std::move(deps));
  return {
      Bind(shared, "CreateReferral", CreateReferral),
      Bind(shared, "ActOnReferral", ActOnReferral),
      Bind(shared, "GetReferral", GetReferral),
      Bind(shared, "ListReferrals", ListReferrals),
      Bind(shared, "ListReferralChanges", ListReferralChanges),
  };
}

}  // namespace equinode
