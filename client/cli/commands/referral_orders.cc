// equinode referral split|order|orders.
#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/referral_text.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct SplitOptions {
  std::string person{};
  std::string domain{};
  std::vector<std::string> targets{};
  std::string priority = "routine";
  std::string need{};
  bool despite_capacity = false;
  std::vector<std::string> fields{};
};
struct OrderOptions {
  std::string id{};
};
struct OrdersOptions {
  std::string person{};
};

std::string StandsText(const v1::SplitOrder& order) {
  std::string text = order.state();
  if (order.partial()) text += ", in part";
  if (!order.reason().empty()) text += " (" + order.reason() + ")";
  return text;
}

Json OrderJson(const v1::SplitOrder& order) {
  Json json = Json::object();
  json["id"] = order.id();
  json["person"] = order.person();
  json["need"] = order.need();
  json["domain"] = order.domain();
  json["created"] = TimeText(order.created(), true);
  json["state"] = StandsText(order);
  json["grade"] = order.grade();
  json["served"] = order.served();
  json["not served"] = order.unserved();
  json["open"] = order.open();
  json["loop_closed"] = order.loop_closed();
  return json;
}

Result<int> PrintOrder(const Shared& shared, const v1::SplitOrder& order) {
  if (shared.format == Format::kJson) {
    EQN_TRY(const Json json, JsonOf(order));
    EQN_CHECK(Print(json.dump(2) + "\n"));
    return kExitOk;
  }
  EQN_CHECK(Print(PropertiesText(OrderJson(order), shared.format)));
  Sheet parts = ReferralSheet();
  for (const v1::Referral& each : order.parts()) AddTo(parts, each);
  EQN_CHECK(Print("\n" + parts.Text(shared.format)));
  return kExitOk;
}

Result<int> RunSplit(const Shared& shared, const SplitOptions& options) {
  v1::SplitOrderRequest request;
  request.set_person(options.person);
  request.set_domain(options.domain);
  request.set_priority(options.priority);
  request.set_need(options.need);
  request.set_despite_capacity(options.despite_capacity);
  EQN_CHECK(SetFields(options.fields, request.mutable_order()));
  for (const std::string& each : options.targets) {
    // "spiffe://... service_text=two nights": what is for that one alone comes after its URI.
    v1::SplitPart* part = request.add_parts();
    const std::size_t space = each.find(' ');
    part->set_target_node(each.substr(0, space));
    if (space != std::string::npos) {
      EQN_CHECK(SetFields({each.substr(space + 1)}, part->mutable_order()));
    }
  }
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto made,
          session.Call<v1::SplitOrderResponse>("ReferralService/SplitOrder", request));
  const std::string held = HeldBackText(made.held_back(), options.domain);
  if (!held.empty()) Say(held);
  return PrintOrder(shared, made.order());
}

Result<int> RunOrder(const Shared& shared, const OrderOptions& options) {
  v1::GetSplitOrderRequest request;
  request.set_order_id(options.id);
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto got,
          session.Call<v1::GetSplitOrderResponse>("ReferralService/GetSplitOrder", request));
  return PrintOrder(shared, got.order());
}

Result<int> RunOrders(const Shared& shared, const OrdersOptions& options) {
  v1::ListSplitOrdersRequest request;
  request.set_person(options.person);
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"id", "domain", "created", "state", "served", "not served", "open", "closed"});
  EQN_CHECK(ForEachPage<v1::ListSplitOrdersResponse>(
      session, "ReferralService/ListSplitOrders", request,
      [&](const v1::ListSplitOrdersResponse& page) {
        for (const v1::SplitOrder& each : page.orders()) {
          sheet.Add({each.id(), each.domain(), TimeText(each.created(), true).substr(0, 10),
                     StandsText(each), each.served(), each.unserved(), each.open(),
                     each.loop_closed()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

void DeclareSplit(Command command, SplitOptions& options) {
  command.AddOption("--person", options.person, "source_id of a person of this node")
      .Required()
      .TypeName("ID");
  command.AddOption("--domain", options.domain, "of the need, such as food-insecurity")
      .Required()
      .TypeName("DOMAIN");
  command
      .AddOption("--to", options.targets,
                 "who is asked, again and again: a URI, or \"URI name=text\" for what only it "
                 "is told")
      .Required()
      .TypeName("WHO");
  command.AddOption("--priority", options.priority, "routine, urgent, asap or stat");
  command.AddOption("--need", options.need, "of an earlier referral").TypeName("UUID");
  command.AddFlag("--despite-capacity", options.despite_capacity,
                  "also when one has said that it can take nobody on");
  command.AddOption("--field", options.fields, "name=text, again and again").TypeName("FIELD");
}

}  // namespace

void AddReferralOrders(Program program, Command referral) {
  AddCommand<SplitOptions>(program, referral, "split", "one order for several organisations",
                           DeclareSplit, RunSplit);
  AddCommand<OrderOptions>(
      program, referral, "order", "one split order with its parts",
      [](Command command, OrderOptions& options) {
        command.AddOption("id", options.id, "of the order").Required().TypeName("UUID");
      },
      RunOrder);
  AddCommand<OrdersOptions>(
      program, referral, "orders", "split orders, the newest first",
      [](Command command, OrdersOptions& options) {
        command.AddOption("--person", options.person, "source_id").TypeName("ID");
      },
      RunOrders);
}

}  // namespace equinode::cli
