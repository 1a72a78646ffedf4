#include "server/services/admin/admin.h"

#include <memory>
#include <utility>

#include "server/services/admin/handlers.h"

namespace equinode {

namespace {

using admin::Handlers;

// Binds one handler to its path.
template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const Handlers>& handlers, const char* name,
            Result<Response> (Handlers::*handler)(Call&, const Request&) const) {
  Method method;
  method.path = std::string("/equinode.v1.AdminService/") + name;
  method.unary =
      BindUnary<Request, Response>([handlers, handler](Call& call, const Request& request) {
        return ((*handlers).*handler)(call, request);
      });
  return method;
}

}  // namespace

std::vector<Method> AdminMethods(AdminDeps deps) {
  const auto handlers = std::make_shared<const Handlers>(std::move(deps));
  std::vector<Method> methods = {
      Bind(handlers, "GetStatus", &Handlers::GetStatus),
      Bind(handlers, "AddPeer", &Handlers::AddPeer),
      Bind(handlers, "ListPeers", &Handlers::ListPeers),
      Bind(handlers, "RemovePeer", &Handlers::RemovePeer),
      Bind(handlers, "AcceptCertificate", &Handlers::AcceptCertificate),
      Bind(handlers, "BeginLinksAnew", &Handlers::BeginLinksAnew),
      Bind(handlers, "Revoke", &Handlers::Revoke),
      Bind(handlers, "ListRevocations", &Handlers::ListRevocations),
      Bind(handlers, "SetSharing", &Handlers::SetSharing),
      Bind(handlers, "ListSharing", &Handlers::ListSharing),
      Bind(handlers, "ListDeadLetters", &Handlers::ListDeadLetters),
      Bind(handlers, "ResolveDeadLetter", &Handlers::ResolveDeadLetter),
      Bind(handlers, "ListAuditEntries", &Handlers::ListAuditEntries),
  };
  for (Method& method : methods) {
    // A revocation list travels whole.
    if (method.path.ends_with("/Revoke")) method.max_request_bytes = 960 * 1024;
  }
  return methods;
}

}  // namespace equinode
