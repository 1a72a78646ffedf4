#include "server/rpc/health.h"

#include "client/channel/channel.h"
#include "grpc/health/v1/health.pb.h"
#include "server/keys/key_files.h"

namespace equinode {

namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

}  // namespace

Method HealthMethod(std::function<bool()> serving) {
  Method method;
  method.path = kHealthCheck;
  method.max_request_bytes = 1024;
  method.deadline = std::chrono::seconds{5};
  method.audited = false;
  method.unary = BindUnary<HealthCheckRequest, HealthCheckResponse>(
      [serving = std::move(serving)](
          Call&, const HealthCheckRequest& request) -> Result<HealthCheckResponse> {
        if (!request.service().empty()) {
          return Error{Code::kNotFound, "NO_SUCH_SERVICE",
                       "only the node as a whole is reported: leave the service empty"};
        }
        HealthCheckResponse response;
        response.set_status(serving() ? HealthCheckResponse::SERVING
                                      : HealthCheckResponse::NOT_SERVING);
        return response;
      });
  return method;
}

Status SelfCall(const KeyRing& ring, const std::string& address, Millis deadline) {
  EQN_TRY(const std::unique_ptr<Channel> channel,
          Channel::Open(DialWith(ring), {address, ring.self.uri}));
  const auto answer =
      channel->CallBytes(kHealthCheck, HealthCheckRequest().SerializeAsString(), deadline);
  if (answer.ok()) return Ok();
  const Error& error = answer.error();
  // Refused by the gate: it has seen our certificate, and we have seen its own.
  const bool refused = error.code == Code::kPermissionDenied ||
                       (error.code == Code::kUnauthenticated && error.reason != "WRONG_PEER");
  if (refused) return Ok();
  return error;
}

}  // namespace equinode
