#include "server/services/referral/referral.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "client/convert/proto_parts.h"
#include "domain/zcodes/domains.h"
#include "domain/zcodes/unknown_domain.h"
#include "server/referrals/earlier.h"
#include "server/services/referral/handlers.h"
#include "server/services/referral/views.h"

namespace equinode {

namespace referral_service {
namespace {

constexpr std::size_t kMaxOrderFields = 64;
constexpr int kMaxEvidenceListed = static_cast<int>(referral::kMaxEvidence);

}  // namespace

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

Status CheckDomain(const std::string& domain) {
  // A mistyped one would lose its list of fields, and what makes it sensitive.
  if (FindNeedDomain(domain) != nullptr) return Ok();
  return UnknownDomain(domain);
}

Result<std::int64_t> CursorFrom(std::uint64_t after, std::int64_t last) {
  if (after <= static_cast<std::uint64_t>(last)) return static_cast<std::int64_t>(after);
  return Error{Code::kFailedPrecondition, "CURSOR_AHEAD",
               "this node has never been at that cursor: its data was put back; begin at 0"};
}

Result<referral::Order> OrderFrom(const google::protobuf::Map<std::string, std::string>& order) {
  if (order.size() > kMaxOrderFields) return Bad("NO_SUCH_FIELD", "an order has fewer fields");
  referral::Order out;
  for (const auto& [field, text] : order) out[field] = text;
  return out;
}

Result<ReferralAsked> WholeFrom(const std::string& person, const std::string& domain,
                                const std::string& priority, const std::string& need,
                                const google::protobuf::Map<std::string, std::string>& order) {
  ReferralAsked asked;
  asked.person = person;
  asked.opening.domain = domain;
  // One that names an earlier referral is of its domain.
  if (!domain.empty()) EQN_CHECK(CheckDomain(domain));
  const auto known = referral::PriorityNamed(priority.empty() ? "routine" : priority);
  if (!known) return Bad("BAD_PRIORITY", "priority is routine, urgent, asap or stat");
  asked.opening.priority = *known;
  EQN_TRY(const std::optional<Uuid> of_need, OptionalId(need, "need"));
  if (of_need) asked.opening.need = *of_need;
  EQN_TRY(asked.order, OrderFrom(order));
  return asked;
}

Status SetTarget(const std::string& target_node, const std::string& owner,
                 referral::Opening* opening) {
  EQN_CHECK(ParseIdentity(target_node));
  if (!owner.empty()) EQN_CHECK(ParseIdentity(owner));
  opening->target_node = target_node;
  opening->owner = owner;
  return Ok();
}

std::string ScopeOf(const Deps& deps, const Call& call) {
  std::string organisation = call.caller.identity.node_uri();
  if (organisation == deps.keys.Get()->self.uri) return "";
  return organisation;
}

Status CheckInScope(const OpenReferral& open, std::string_view scope) {
  const std::string& owner = open.chain.view.owner;
  if (scope.empty() || (!open.stored.ours && (owner == scope || owner.empty()))) return Ok();
  return ReferralStore::NoSuchReferral();
}

bool IsUnclaimed(const OpenReferral& open, std::string_view scope) {
  return !scope.empty() && open.chain.view.owner.empty();
}

Status ShowOpen(ReadTx& tx, const OpenReferral& open, Instant now, v1::Referral* out) {
  EQN_TRY(const auto proposals, ReferralStore::Proposals(tx, open.stored.row));
  EQN_TRY(const auto words, ReferralStore::Words(tx, open.stored.row));
  SetReferral(open, proposals, words, now, out);
  return Ok();
}

Result<bool> Show(ReadTx& tx, StoredReferral stored, std::string_view scope, Instant now,
                  v1::Referral* out) {
  const StoredReferral row = stored;
  Result<OpenReferral> loaded = OpenReferral::Load(tx, std::move(stored));
  if (!loaded.ok() && loaded.error().reason == "BAD_ROW") {
    // One that cannot be read hides no other.
    if (!scope.empty() && (row.ours || (row.owner != scope && !row.owner.empty()))) return false;
    SetUnreadable(row, loaded.error(), out);
    return true;
  }
  EQN_TRY(const OpenReferral open, std::move(loaded));
  if (!CheckInScope(open, scope).ok()) return false;
  EQN_CHECK(ShowOpen(tx, open, now, out));
  return true;
}

void Touch(Call& call, std::string_view subject, std::string_view id) {
  call.audit.subject = subject;
  call.audit.purpose = "referral";
  if (!id.empty()) call.audit.touched.Add(id);
}

namespace {

Result<ReferralAsked> AskedFrom(const v1::CreateReferralRequest& request) {
  EQN_TRY(ReferralAsked asked, WholeFrom(request.person(), request.domain(), request.priority(),
                                         request.need(), request.order()));
  EQN_CHECK(SetTarget(request.target_node(), request.owner(), &asked.opening));
  if (request.open() && !request.owner().empty()) {
    return Bad("BAD_OWNER", "an open referral has no owner: say one or the other");
  }
  asked.open = request.open();
  asked.despite_capacity = request.despite_capacity();
  EQN_TRY(asked.opening.follows, OptionalId(request.follows(), "follows"));
  EQN_TRY(asked.opening.reopens, OptionalId(request.reopens(), "reopens"));
  EQN_TRY(asked.opening.part_of, OptionalId(request.part_of(), "part_of"));
  asked.reason = request.reason();
  asked.note = request.note();
  return asked;
}

// The verb that is no event: this end closes its own copy.
constexpr std::string_view kSettle = "settle";

Result<referral::Grade> GradeFrom(const v1::ActOnReferralRequest& request) {
  for (const referral::Grade grade : {referral::Grade::kLost, referral::Grade::kVoid}) {
    if (request.reason() == referral::Name(grade)) return grade;
  }
  return Bad("BAD_GRADE",
             "this end's copy is closed as lost (it came to nothing that is known) or as "
             "void (it should never have been)");
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

Result<v1::CreateReferralResponse> CreateReferral(const Deps& deps, Call& call,
                                                  const v1::CreateReferralRequest& request) {
  call.audit.subject = "referral";
  EQN_TRY(ReferralAsked asked, AskedFrom(request));
  EQN_CHECK(deps.database.Read([&](ReadTx& tx) { return FollowOn(tx, asked); }));
  EQN_CHECK(CheckDomain(asked.opening.domain));
  if (deps.check_person) EQN_CHECK(deps.check_person(asked.person));
  call.audit.touched.Add(asked.person);
  using Response = v1::CreateReferralResponse;
  return WriteAudited(
      deps.database, deps.audit, "create_referral", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(StoredReferral made, deps.desk.Create(tx, call.caller.identity.uri, asked));
          Touch(call, "referral to " + asked.opening.target_node, made.id.ToString());
          for (const Uuid& under : made.consents) call.audit.touched.Add(under.ToString());
          call.audit.disclosure = true;
          Response response;
          for (std::string& each : referral::HeldBack(asked.order, asked.opening.domain)) {
            response.add_held_back(std::move(each));
          }
          EQN_CHECK(Show(tx, std::move(made), "", call.now, response.mutable_referral()));
          return response;
        });
      });
}

Result<v1::ActOnReferralResponse> ActOnReferral(const Deps& deps, Call& call,
                                                const v1::ActOnReferralRequest& request) {
  call.audit.subject = "referral";
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  const bool settles = request.verb() == kSettle;
  referral::Grade grade = referral::Grade::kLost;
  ReferralDeed deed;
  if (settles) {
    EQN_TRY(grade, GradeFrom(request));
  } else {
    EQN_TRY(deed, DeedFrom(request));
  }
  const std::string scope = ScopeOf(deps, call);
  using Response = v1::ActOnReferralResponse;
  return WriteAudited(
      deps.database, deps.audit, "act_on_referral", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          if (!scope.empty()) {
            EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
            EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
            EQN_CHECK(CheckInScope(open, scope));
          }
          const std::string& actor = call.caller.identity.uri;
          ReferralActed acted;
          if (settles) {
            EQN_TRY(acted.referral, deps.desk.Settle(tx, actor, id, grade, request.note()));
          } else {
            EQN_TRY(acted, deps.desk.Act(tx, actor, id, deed));
          }
          Touch(call, "referral " + request.verb(), request.referral_id());
          Response response;
          response.set_proposed(acted.proposed);
          EQN_CHECK(
              Show(tx, std::move(acted.referral), scope, call.now, response.mutable_referral()));
          return response;
        });
      });
}

Result<v1::GetReferralResponse> GetReferral(const Deps& deps, Call& call,
                                            const v1::GetReferralRequest& request) {
  EQN_TRY(const Uuid id, IdOf(request.referral_id(), "referral_id"));
  Touch(call, "referral", request.referral_id());
  call.audit.disclosure = true;
  const std::string scope = ScopeOf(deps, call);
  using Response = v1::GetReferralResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
    Response response;
    Result<OpenReferral> loaded = OpenReferral::Load(tx, stored);
    if (!loaded.ok()) {
      // Of one that cannot be read what its row says.
      EQN_TRY(const bool shown,
              Show(tx, std::move(stored), scope, call.now, response.mutable_referral()));
      if (!shown) return ReferralStore::NoSuchReferral();
      return response;
    }
    EQN_TRY(const OpenReferral open, std::move(loaded));
    EQN_CHECK(CheckInScope(open, scope));
    EQN_CHECK(ShowOpen(tx, open, call.now, response.mutable_referral()));
    EQN_CHECK(SetHistory(open, &response));
    SetVerbs(open, call.caller.identity.uri, call.now, &response);
    if (!open.stored.asked.empty() && !IsUnclaimed(open, scope)) {
      EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(open.stored.asked));
      for (const auto& [field, text] : order.fields()) (*response.mutable_order())[field] = text;
      for (const std::string& label : order.labels()) {
        response.add_labels(label);
        const std::string_view notice = consent::NoticeFor(label);
        if (!notice.empty()) response.add_notices(std::string(notice));
      }
    }
    if (!open.stored.person.empty()) call.audit.touched.Add(open.stored.person);
    return response;
  });
}

// Those that are in scope, each named in the call's entry.
Status ShowAll(ReadTx& tx, std::vector<StoredReferral> rows, std::string_view scope, Call& call,
               google::protobuf::RepeatedPtrField<v1::Referral>* out) {
  for (StoredReferral& each : rows) {
    v1::Referral* shown = out->Add();
    EQN_TRY(const bool in_scope, Show(tx, std::move(each), scope, call.now, shown));
    if (in_scope) {
      call.audit.touched.Add(shown->id());
    } else {
      out->RemoveLast();
    }
  }
  return Ok();
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
  filter.owner = ScopeOf(deps, call);
  if (!filter.owner.empty()) {
    if (request.box() == "outbox")
      return Bad("BAD_BOX", "an organisation without a node has an inbox");
    filter.ours = false;
  }
  filter.open_only = request.open_only();
  filter.mine_only = request.mine_only();
  filter.now = call.now;
  if (!request.domain().empty()) EQN_CHECK(CheckDomain(request.domain()));
  filter.domain = request.domain();
  if (!request.organisation().empty()) {
    EQN_TRY(const Identity organisation, ParseIdentity(request.organisation()));
    filter.organisation = organisation.node_uri();
  }
  filter.overdue_only = request.overdue_only();
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
    EQN_CHECK(ShowAll(tx, std::move(rows), filter.owner, call, response.mutable_referrals()));
    return response;
  });
}

Result<v1::ListReferralChangesResponse> ListReferralChanges(
    const Deps& deps, Call& call, const v1::ListReferralChangesRequest& request) {
  Touch(call, "referrals", "");
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  call.audit.disclosure = true;
  const std::string scope = ScopeOf(deps, call);
  using Response = v1::ListReferralChangesResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(const std::int64_t last, ReferralStore::LastChange(tx));
    EQN_TRY(const std::int64_t after, CursorFrom(request.after(), last));
    EQN_TRY(std::vector<StoredReferral> rows, ReferralStore::ChangedAfter(tx, scope, after, page));
    // What is not in scope was looked at too, and need not be again.
    const std::int64_t seen = rows.size() < page ? std::max(after, last) : rows.back().changed;
    Response response;
    response.set_cursor(static_cast<std::uint64_t>(seen));
    EQN_CHECK(ShowAll(tx, std::move(rows), scope, call, response.mutable_referrals()));
    return response;
  });
}

}  // namespace
}  // namespace referral_service

std::vector<Method> ReferralMethods(ReferralServiceDeps deps) {
  using namespace referral_service;
  const auto shared = std::make_shared<const Deps>(std::move(deps));
  std::vector<Method> methods = {
      Bind(shared, "CreateReferral", CreateReferral),
      Bind(shared, "ActOnReferral", ActOnReferral),
      Bind(shared, "GetReferral", GetReferral),
      Bind(shared, "ListReferrals", ListReferrals),
      Bind(shared, "ListReferralChanges", ListReferralChanges),
  };
  AddStatusWordMethod(shared, methods);
  AddOrderMethods(shared, methods);
  AddCapacityMethods(shared, methods);
  AddExportMethod(shared, methods);
  AddHostMethods(shared, methods);
  AddWatchMethod(shared, methods);
  return methods;
}

}  // namespace equinode
