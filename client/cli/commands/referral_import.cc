// equinode referral import: orders of other systems are asked for here; what this node knows is
// compared. docs/adr/0009-fhir-in.md says why a file makes nothing else.
#include <filesystem>
#include <optional>
#include <utility>

#include "client/cli/exit_code.h"
#include "client/cli/fhir_documents.h"
#include "client/cli/fhir_papers.h"
#include "client/cli/referral_commands.h"
#include "client/cli/referral_text.h"
#include "client/cli/session.h"
#include "client/cli/taken_in.h"
#include "client/cli/talk.h"
#include "client/fhir_out/order_reader.h"
#include "client/fhir_out/referral_bundle.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct OrderImportOptions {
  std::filesystem::path file{};
  std::string feed{};
  std::string target{};
  std::string owner{};
  bool despite_capacity = false;
  bool dry_run = false;
};

struct OrderOutcome {
  std::string word{};  // "the same", "differs", "sent", "would be sent".
  std::string why{};
  std::string referral{};  // Its id at this node.
  bool differs = false;
};

Error OrderRefused(const char* reason, std::string why) {
  return Error{Code::kFailedPrecondition, reason, std::move(why)};
}

// The file beside what the chain at this node says.
Result<OrderOutcome> Compared(const FetchedReferral& here, const std::string& bundle) {
  EQN_TRY(const ReferralPaper file, PaperFrom(bundle));
  OrderOutcome outcome{"the same", "", here.paper.id.ToString(), false};
  for (const std::string& each : Differences(here.paper, file, here.ours)) {
    outcome.word = "differs";
    outcome.why += (outcome.why.empty() ? "" : ", ") + each;
    outcome.differs = true;
  }
  return outcome;
}

Result<v1::CreateReferralRequest> OrderRequest(const ForeignOrder& order,
                                               const OrderImportOptions& options) {
  if (order.status != "requested") {
    return OrderRefused(
        "NOT_AN_OPEN_ORDER",
        "Task.status is " + order.status +
            ": a file can ask for a referral; what became of one is told by its chain");
  }
  if (!order.active) {
    return OrderRefused("NOT_AN_OPEN_ORDER",
                        "ServiceRequest.status is not active: nobody wants it now");
  }
  if (options.feed.empty()) {
    return OrderRefused("NO_FEED", "name the feed whose Patient/ID the file means: --feed NAME");
  }
  v1::CreateReferralRequest request;
  request.set_person(options.feed + "/Patient/" + order.patient);
  request.set_domain(order.domain);
  request.set_priority(std::string(referral::Name(order.priority)));
  request.set_target_node(options.target.empty() ? order.target : options.target);
  if (request.target_node().empty()) request.set_target_node(order.owner);
  if (request.target_node().empty()) {
    return OrderRefused(
        "NO_TARGET", "ServiceRequest.performer names nobody of this network: say whom, --to URI");
  }
  std::string owner = options.owner;
  if (owner.empty() && options.target.empty()) owner = order.owner;
  if (owner != request.target_node()) request.set_owner(owner);
  for (const auto& [field, text] : order.order) (*request.mutable_order())[field] = text;
  request.set_despite_capacity(options.despite_capacity);
  // The same order is the same need, and the same request, however often its file is read.
  const std::string key = options.feed + "|" + order.key;
  request.set_need(order.need ? order.need->ToString() : UuidFor("need of an order", key));
  request.set_request_id(UuidFor("order", key + request.SerializeAsString()));
  return request;
}

Result<OrderOutcome> TakeInOrder(Session& session, const ForeignOrder& order,
                                 const std::string& bundle, const OrderImportOptions& options) {
  if (order.id) {
    const auto here = FetchReferral(session, order.id->ToString());
    if (here.ok()) return Compared(*here, bundle);
    if (here.error().code != Code::kNotFound) return here.error();
  }
  EQN_TRY(const v1::CreateReferralRequest request, OrderRequest(order, options));
  if (options.dry_run) return OrderOutcome{"would be sent", request.target_node(), "", false};
  EQN_TRY(const auto made,
          session.Call<v1::CreateReferralResponse>("ReferralService/CreateReferral", request));
  std::string why = request.target_node();
  const std::string held = HeldBackText(made.held_back(), request.domain());
  if (!held.empty()) why += "; " + held;
  return OrderOutcome{"sent", std::move(why), made.referral().id(), false};
}

Result<int> RunReferralImport(const Shared& shared, const OrderImportOptions& options) {
  EQN_TRY(const std::vector<FhirDocument> documents, ReadFhirDocuments(options.file));
  EQN_TRY(Session session, Session::Open(shared.node));
  TakenIn taken({"line", "entry", "order", "outcome", "referral", "why"});
  const auto add = [&](std::uint64_t line, std::size_t entry, const std::string& key,
                       const Result<OrderOutcome>& done) {
    taken.Add({line, entry, key, done.ok() ? done->word : done.error().reason,
               done.ok() ? done->referral : "", done.ok() ? done->why : done.error().message},
              !done.ok(), done.ok() && done->differs);
  };
  for (const FhirDocument& document : documents) {
    if (Interrupted()) break;
    const auto orders = OrdersIn(document.text);
    if (!orders.ok()) {
      add(document.line, 0, "", orders.error());
      continue;
    }
    for (const OrderFound& found : *orders) {
      if (!found.order.ok()) {
        add(document.line, found.entry, "", found.order.error());
        continue;
      }
      const auto done = TakeInOrder(session, *found.order, document.text, options);
      if (!done.ok() && IsTheNodes(done.error())) return done.error();
      add(document.line, found.entry, found.order->key, done);
    }
  }
  return taken.Finish(
      shared.format, options.dry_run,
      "there is no Task for referral management (code fulfill) in the file; what people need is "
      "taken in by `equinode import`, consents by `equinode consent import`");
}

}  // namespace

void AddReferralImport(Program program, Command referral) {
  AddCommand<OrderImportOptions>(
      program, referral, "import",
      "FHIR: ask for what another system ordered; compare what is known here",
      [](Command command, OrderImportOptions& options) {
        command.AddOption("file", options.file, "a Bundle, or one a line; - is stdin")
            .Required()
            .TypeName("FILE");
        command.AddOption("--feed", options.feed, "whose Patient/ID the file means")
            .TypeName("NAME");
        command.AddOption("--to", options.target, "who is asked, where the file does not say")
            .TypeName("URI");
        command.AddOption("--for", options.owner, "the organisation, when not the node's own")
            .TypeName("URI");
        command.AddFlag("--despite-capacity", options.despite_capacity,
                        "also when it has said that it can take nobody on");
        command.AddFlag("--dry-run", options.dry_run, "say what would be done");
      },
      RunReferralImport);
}

}  // namespace equinode::cli
