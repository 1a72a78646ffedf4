#include "server/services/need/need.h"

#include <memory>
#include <string>
#include <utility>

#include "server/services/need/handlers.h"

namespace equinode {
namespace {

template <typename Request, typename Response>
Method Bind(const std::shared_ptr<const NeedDeps>& deps, const char* name,
            Result<Response> (*handler)(const NeedDeps&, Call&, const Request&)) {
  Method method;
  method.path = std::string("/equinode.v1.NeedService/") + name;
  method.unary = BindUnary<Request, Response>([deps, handler](Call& call, const Request& request) {
    return handler(*deps, call, request);
  });
  return method;
}

}  // namespace

std::vector<Method> NeedMethods(NeedDeps deps) {
  const auto shared = std::make_shared<const NeedDeps>(std::move(deps));
  std::vector<Method> methods = {
      Bind(shared, "ListScreenings", ListScreenings),
      Bind(shared, "RecordScreening", RecordScreening),
      Bind(shared, "ListNeedRecords", ListNeedRecords),
      Bind(shared, "ListNeeds", ListNeeds),
      Bind(shared, "GetNeeds", GetNeeds),
      Bind(shared, "RecordNeedStep", RecordNeedStep),
      Bind(shared, "GetZCodeUsage", GetZCodeUsage),
      Bind(shared, "ListZCodeGaps", ListZCodeGaps),
      Bind(shared, "UpdateCodeTable", UpdateCodeTable),
      Bind(shared, "RestoreCodeTable", RestoreCodeTable),
      Bind(shared, "ListCodeTables", ListCodeTables),
      Bind(shared, "GetCodeTable", GetCodeTable),
  };
  for (Method& method : methods) {
    // A pass over everybody's needs.
    if (method.path.ends_with("GetZCodeUsage")) method.deadline = std::chrono::minutes{10};
    if (method.path.ends_with("UpdateCodeTable")) method.max_request_bytes = 640 * 1024;
  }
  return methods;
}

}  // namespace equinode
