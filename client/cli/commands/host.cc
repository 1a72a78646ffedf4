// equinode host add|list|remove.
#include "client/cli/exit_code.h"
#include "client/cli/referral_commands.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "equinode/v1/referral_service.pb.h"

namespace equinode::cli {
namespace {

struct HostOptions {
  std::string organisation{};
  std::string node{};
};

Result<int> RunHostAdd(const Shared& shared, const HostOptions& options) {
  v1::HostOrganisationRequest request;
  request.set_organisation(options.organisation);
  request.set_node(options.node);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto made,
          session.Call<v1::HostOrganisationResponse>("ReferralService/HostOrganisation", request));
  Json json = Json::object();
  json["organisation"] = made.hosted().organisation();
  json["node"] = made.hosted().node();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  if (made.hosted().here()) {
    Say("Its people work on this node with an operator certificate of their organisation and");
    Say("  --node-uri " + session.node_uri());
  }
  return kExitOk;
}

Result<int> RunHostList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"organisation", "node", "here"});
  EQN_CHECK(ForEachPage<v1::ListHostedOrganisationsResponse>(
      session, "ReferralService/ListHostedOrganisations", v1::ListHostedOrganisationsRequest{},
      [&](const v1::ListHostedOrganisationsResponse& page) {
        for (const v1::HostedOrganisation& each : page.hosted()) {
          sheet.Add({each.organisation(), each.node(), each.here()});
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

Result<int> RunHostRemove(const Shared& shared, const HostOptions& options) {
  v1::UnhostOrganisationRequest request;
  request.set_organisation(options.organisation);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(
      session.Call<v1::UnhostOrganisationResponse>("ReferralService/UnhostOrganisation", request));
  Say("removed " + options.organisation);
  return kExitOk;
}

void DeclareOrganisation(Command command, HostOptions& options) {
  command.AddOption("organisation", options.organisation, "spiffe://network/cbo/name")
      .Required()
      .TypeName("URI");
}

}  // namespace

void AddHost(Program program) {
  Command group =
      AddGroup(program, "host", "organisations without a node of their own, and where they act");
  AddCommand<HostOptions>(
      program, group, "add",
      "at a QHIO: take an organisation in; elsewhere: say at which node it is",
      [](Command command, HostOptions& options) {
        DeclareOrganisation(command, options);
        command.AddOption("--at", options.node, "the QHIO's node; without: this node")
            .TypeName("URI");
      },
      RunHostAdd);
  AddCommand<NoOptions>(program, group, "list", "all of them", Nothing, RunHostList);
  AddCommand<HostOptions>(program, group, "remove", "its people are not let in any more",
                          DeclareOrganisation, RunHostRemove);
}

}  // namespace equinode::cli
