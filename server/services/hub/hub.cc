#include "server/services/hub/hub.h"

#include <memory>
#include <string>
#include <utility>

#include "server/services/hub/handlers.h"

namespace equinode {

namespace {

using hub::Handlers;

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const Handlers>& handlers, const char* name,
            Result<Response> (Handlers::*handler)(Call&, const Request&) const) {
  Method method;
  method.path = std::string("/equinode.v1.HubService/") + name;
  method.unary =
      BindUnary<Request, Response>([handlers, handler](Call& call, const Request& request) {
        return ((*handlers).*handler)(call, request);
      });
  return method;
}

}  // namespace

std::vector<Method> HubMethods(HubDeps deps) {
  const auto handlers = std::make_shared<const Handlers>(std::move(deps));
  return {
      Bind(handlers, "StartCollect", &Handlers::StartCollect),
      Bind(handlers, "GetCollect", &Handlers::GetCollect),
      Bind(handlers, "FinishCollect", &Handlers::FinishCollect),
      Bind(handlers, "ListReleases", &Handlers::ListReleases),
      Bind(handlers, "GetRelease", &Handlers::GetRelease),
  };
}

}  // namespace equinode
