// Who can take people on.
#include <map>
#include <memory>
#include <utility>

#include "client/convert/proto_parts.h"
#include "server/services/referral/handlers.h"
#include "storage/capacity_store.h"

namespace equinode::referral_service {

namespace {

using referral::Capacity;

void SetCapacityMessage(const Capacity& capacity, Instant now, v1::Capacity* out) {
  out->set_organisation(capacity.organisation);
  out->set_domain(capacity.domain);
  out->set_status(std::string(referral::Name(referral::StatusAt(capacity, now))));
  out->set_said(std::string(referral::Name(capacity.status)));
  out->set_said_by(capacity.said_by);
  wire::SetTimestamp(capacity.said_at, out->mutable_said_at());
  wire::SetTimestamp(capacity.until, out->mutable_until());
}

// All that is known, also of what was asked and nobody has said.
Result<std::vector<v1::Capacity>> Known(ReadTx& tx, std::string_view organisation,
                                        std::string_view domain, Instant now) {
  std::map<std::pair<std::string, std::string>, v1::Capacity> known;
  EQN_TRY(const std::vector<Capacity> said, CapacityStore::List(tx, organisation, domain));
  for (const Capacity& each : said) {
    SetCapacityMessage(each, now, &known[{each.domain, each.organisation}]);
  }
  EQN_TRY(const std::vector<CapacityQuestion> asked,
          CapacityStore::Questions(tx, organisation, domain));
  for (const CapacityQuestion& each : asked) {
    v1::Capacity& out = known[{each.domain, each.organisation}];
    if (out.status().empty()) {
      out.set_organisation(each.organisation);
      out.set_domain(each.domain);
      out.set_status(std::string(referral::Name(referral::CapacityStatus::kUnknown)));
    }
    wire::SetTimestamp(each.asked, out.mutable_asked_at());
    out.set_waiting(!each.answered);
  }
  std::vector<v1::Capacity> all;
  for (auto& [key, message] : known) all.push_back(std::move(message));
  return all;
}

Result<v1::SetCapacityResponse> SetCapacity(const Deps& deps, Call& call,
                                            const v1::SetCapacityRequest& request) {
  call.audit.subject = "capacity";
  Capacity capacity;
  const std::string own = call.caller.identity.node_uri();
  capacity.organisation = request.organisation().empty() ? own : request.organisation();
  const std::string scope = ScopeOf(deps, call);
  if (!scope.empty() && capacity.organisation != scope) {
    return Error{Code::kPermissionDenied, "NOT_YOUR_CAPACITY",
                 "an organisation's people speak for their own"};
  }
  capacity.domain = request.domain();
  EQN_CHECK(CheckDomain(capacity.domain));
  const auto status = referral::CapacityNamed(request.status());
  if (!status) {
    return Bad("BAD_CAPACITY",
               "say capacity, no-capacity, waitlist or additional-assessment-required");
  }
  capacity.status = *status;
  capacity.said_by = call.caller.identity.uri;
  capacity.said_at = call.now;
  if (!request.has_until()) return Bad("BAD_CAPACITY", "say until when it holds");
  EQN_TRY(capacity.until, wire::InstantFrom(request.until(), "BAD_CAPACITY"));
  using Response = v1::SetCapacityResponse;
  return WriteAudited(
      deps.database, deps.audit, "set_capacity", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(const std::uint32_t told, deps.capacity.Set(tx, capacity));
          Response response;
          SetCapacityMessage(capacity, call.now, response.mutable_capacity());
          response.set_told(told);
          return response;
        });
      });
}

Result<v1::AskCapacityResponse> AskCapacity(const Deps& deps, Call& call,
                                            const v1::AskCapacityRequest& request) {
  call.audit.subject = "capacity of " + request.organisation();
  EQN_CHECK(ParseIdentity(request.organisation()));
  EQN_CHECK(CheckDomain(request.domain()));
  using Response = v1::AskCapacityResponse;
  return WriteAudited(
      deps.database, deps.audit, "ask_capacity", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(deps.capacity.Ask(tx, request.organisation(), request.domain()));
          EQN_TRY(const std::vector<v1::Capacity> known,
                  Known(tx, request.organisation(), request.domain(), call.now));
          Response response;
          v1::Capacity& out = *response.mutable_capacity();
          if (!known.empty()) {
            out = known.front();
          } else {
            out.set_organisation(request.organisation());
            out.set_domain(request.domain());
            out.set_status("unknown");
          }
          return response;
        });
      });
}

Result<v1::ListCapacityResponse> ListCapacity(const Deps& deps, Call& call,
                                              const v1::ListCapacityRequest& request) {
  call.audit.subject = "capacities";
  if (!request.organisation().empty()) EQN_CHECK(ParseIdentity(request.organisation()));
  if (!request.domain().empty()) EQN_CHECK(CheckDomain(request.domain()));
  const std::string scope = ScopeOf(deps, call);
  const std::string organisation = scope.empty() ? request.organisation() : scope;
  using Response = v1::ListCapacityResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(std::vector<v1::Capacity> known, Known(tx, organisation, request.domain(), call.now));
    Response response;
    for (v1::Capacity& each : known) {
      // What this node has asked others is its own people's.
      if (!scope.empty() && each.said().empty()) continue;
      *response.add_capacities() = std::move(each);
    }
    return response;
  });
}

}  // namespace

void AddCapacityMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  methods.push_back(Bind(deps, "SetCapacity", SetCapacity));
  methods.push_back(Bind(deps, "AskCapacity", AskCapacity));
  methods.push_back(Bind(deps, "ListCapacity", ListCapacity));
}

}  // namespace equinode::referral_service
