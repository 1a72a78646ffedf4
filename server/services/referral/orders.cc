// Orders that are split over several organisations.
#include <memory>
#include <set>
#include <utility>

#include "client/convert/proto_parts.h"
#include "server/referrals/open_split_order.h"
#include "server/services/numbered_pages.h"
#include "server/services/referral/handlers.h"
#include "server/services/referral/views.h"

namespace equinode::referral_service {

namespace {

Status ShowOrder(ReadTx& tx, StoredSplitOrder stored, Call& call, v1::SplitOrder* out) {
  EQN_TRY(const OpenSplitOrder order, OpenSplitOrder::Load(tx, std::move(stored)));
  out->set_id(order.stored.id.ToString());
  out->set_person(order.stored.person);
  out->set_need(order.stored.need.ToString());
  out->set_domain(order.stored.domain);
  wire::SetTimestamp(order.stored.created, out->mutable_created());
  out->set_state(std::string(referral::Name(order.parent.state)));
  out->set_grade(std::string(referral::Name(order.parent.grade)));
  out->set_reason(order.parent.reason);
  out->set_served(order.parent.served);
  out->set_unserved(order.parent.unserved);
  out->set_open(order.parent.open);
  out->set_partial(order.parent.partial());
  out->set_loop_closed(order.loop_closed);
  for (const OpenReferral& part : order.parts) {
    EQN_CHECK(ShowOpen(tx, part, call.now, out->add_parts()));
    call.audit.touched.Add(part.stored.id.ToString());
  }
  for (const auto& [row, error] : order.unreadable) {
    SetUnreadable(row, error, out->add_parts());
    call.audit.touched.Add(row.id.ToString());
  }
  return Ok();
}

std::set<std::string> HeldBackOf(const SplitAsked& asked) {
  const std::string& domain = asked.whole.opening.domain;
  std::set<std::string> held;
  const auto add = [&](const referral::Order& order) {
    for (std::string& each : referral::HeldBack(order, domain)) held.insert(std::move(each));
  };
  add(asked.whole.order);
  for (const SplitAsked::Part& part : asked.parts) add(part.order);
  return held;
}

Result<v1::SplitOrderResponse> SplitOrder(const Deps& deps, Call& call,
                                          const v1::SplitOrderRequest& request) {
  call.audit.subject = "split order";
  SplitAsked asked;
  EQN_TRY(asked.whole, WholeFrom(request.person(), request.domain(), request.priority(),
                                 request.need(), request.order()));
  EQN_CHECK(CheckDomain(asked.whole.opening.domain));
  asked.whole.despite_capacity = request.despite_capacity();
  for (const v1::SplitPart& each : request.parts()) {
    referral::Opening target;
    EQN_CHECK(SetTarget(each.target_node(), each.owner(), &target));
    EQN_TRY(referral::Order order, OrderFrom(each.order()));
    asked.parts.push_back({target.target_node, target.owner, std::move(order)});
  }
  if (deps.check_person) EQN_CHECK(deps.check_person(asked.whole.person));
  call.audit.touched.Add(asked.whole.person);
  using Response = v1::SplitOrderResponse;
  return WriteAudited(
      deps.database, deps.audit, "split_order", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_TRY(StoredSplitOrder made, deps.desk.Split(tx, call.caller.identity.uri, asked));
          Touch(call, "split order", made.id.ToString());
          call.audit.disclosure = true;
          Response response;
          EQN_TRY(const std::vector<StoredReferral> parts, ReferralStore::PartsOf(tx, made.id));
          std::set<Uuid> under;
          for (const StoredReferral& each : parts) {
            if (each.ours) under.insert(each.consents.begin(), each.consents.end());
          }
          for (const Uuid& each : under) call.audit.touched.Add(each.ToString());
          for (const std::string& each : HeldBackOf(asked)) response.add_held_back(each);
          EQN_CHECK(ShowOrder(tx, std::move(made), call, response.mutable_order()));
          return response;
        });
      });
}

Result<v1::GetSplitOrderResponse> GetSplitOrder(const Deps& deps, Call& call,
                                                const v1::GetSplitOrderRequest& request) {
  EQN_TRY(const Uuid id, IdOf(request.order_id(), "order_id"));
  Touch(call, "split order", request.order_id());
  call.audit.disclosure = true;
  using Response = v1::GetSplitOrderResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(StoredSplitOrder stored, SplitOrderStore::Get(tx, id));
    Response response;
    EQN_CHECK(ShowOrder(tx, std::move(stored), call, response.mutable_order()));
    return response;
  });
}

Result<v1::ListSplitOrdersResponse> ListSplitOrders(const Deps& deps, Call& call,
                                                    const v1::ListSplitOrdersRequest& request) {
  Touch(call, "split orders", "");
  call.audit.disclosure = true;
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  EQN_TRY(const std::int64_t before, RowFromToken(request.page_token()));
  using Response = v1::ListSplitOrdersResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(std::vector<StoredSplitOrder> orders,
            SplitOrderStore::List(tx, request.person(), before, page + 1));
    Response response;
    if (orders.size() > page) {
      orders.resize(page);
      response.set_next_page_token(std::to_string(orders.back().row));
    }
    for (StoredSplitOrder& each : orders) {
      EQN_CHECK(ShowOrder(tx, std::move(each), call, response.add_orders()));
    }
    return response;
  });
}

}  // namespace

void AddOrderMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  methods.push_back(Bind(deps, "SplitOrder", SplitOrder));
  methods.push_back(Bind(deps, "GetSplitOrder", GetSplitOrder));
  methods.push_back(Bind(deps, "ListSplitOrders", ListSplitOrders));
}

}  // namespace equinode::referral_service
