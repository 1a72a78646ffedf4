// Organisations without a node, and where they act.
#include <algorithm>
#include <memory>
#include <utility>

#include "domain/access/enrolling.h"
#include "server/services/referral/handlers.h"
#include "storage/host_store.h"

namespace equinode::referral_service {

namespace {

Result<v1::HostOrganisationResponse> HostOrganisation(const Deps& deps, Call& call,
                                                      const v1::HostOrganisationRequest& request) {
  const Identity self = deps.keys.Get()->self;
  EQN_TRY(const Identity organisation, ParseIdentity(request.organisation()));
  EQN_TRY(const Identity node, ParseIdentity(request.node().empty() ? self.uri : request.node()));
  EQN_CHECK(CheckHost(organisation, node, self));
  if (deps.enrolment.Find(organisation.uri)) {
    return Bad("BAD_HOST", "this organisation is enrolled here with a node of its own");
  }
  if (node.uri != self.uri && !deps.enrolment.Find(node.uri)) {
    return Error{Code::kNotFound, "NO_SUCH_PEER",
                 "the node that hosts it is not enrolled here: `equinode peer add`"};
  }
  call.audit.subject = organisation.uri + " at " + node.uri;
  using Response = v1::HostOrganisationResponse;
  return WriteAudited(
      deps.database, deps.audit, "host_organisation", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(HostStore::Put(tx, {organisation.uri, node.uri}, call.now));
          deps.enrolment.ReloadAfter(tx);
          Response response;
          response.mutable_hosted()->set_organisation(organisation.uri);
          response.mutable_hosted()->set_node(node.uri);
          response.mutable_hosted()->set_here(node.uri == self.uri);
          return response;
        });
      });
}

Result<v1::UnhostOrganisationResponse> UnhostOrganisation(
    const Deps& deps, Call& call, const v1::UnhostOrganisationRequest& request) {
  EQN_TRY(const Identity organisation, ParseIdentity(request.organisation()));
  call.audit.subject = organisation.uri;
  using Response = v1::UnhostOrganisationResponse;
  return WriteAudited(
      deps.database, deps.audit, "unhost_organisation", call, [&](Tx& tx) -> Result<Response> {
        return Once<Response>(tx, deps.requests, call, request, [&]() -> Result<Response> {
          EQN_CHECK(HostStore::Remove(tx, organisation.uri));
          deps.enrolment.ReloadAfter(tx);
          return Response();
        });
      });
}

Result<v1::ListHostedOrganisationsResponse> ListHostedOrganisations(
    const Deps& deps, Call& call, const v1::ListHostedOrganisationsRequest& request) {
  call.audit.subject = "hosted organisations";
  EQN_TRY(const std::size_t page, PageSize(request.page_size()));
  if (request.page_token().size() > 512) return BadPageToken();
  const std::string self = deps.keys.Get()->self.uri;
  using Response = v1::ListHostedOrganisationsResponse;
  return deps.database.Read([&](ReadTx& tx) -> Result<Response> {
    EQN_TRY(const auto hosted, HostStore::List(tx, request.page_token(), page + 1));
    Response response;
    for (std::size_t i = 0; i < std::min(page, hosted.size()); ++i) {
      v1::HostedOrganisation* out = response.add_hosted();
      out->set_organisation(hosted[i].organisation);
      out->set_node(hosted[i].node);
      out->set_here(hosted[i].node == self);
    }
    if (hosted.size() > page) response.set_next_page_token(hosted[page - 1].organisation);
    return response;
  });
}

}  // namespace

void AddHostMethods(const std::shared_ptr<const Deps>& deps, std::vector<Method>& methods) {
  methods.push_back(Bind(deps, "HostOrganisation", HostOrganisation));
  methods.push_back(Bind(deps, "UnhostOrganisation", UnhostOrganisation));
  methods.push_back(Bind(deps, "ListHostedOrganisations", ListHostedOrganisations));
}

}  // namespace equinode::referral_service
