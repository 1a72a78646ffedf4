// Private to server/rpc: what every call of gRPC's door needs, and how an Error becomes a status.
#pragma once

#include <grpcpp/support/status.h>

#include <optional>

#include "base/log.h"
#include "server/rpc/active_calls.h"
#include "server/rpc/gate.h"
#include "server/rpc/options.h"
#include "server/rpc/worker_pool.h"

namespace equinode {

// Outlives every call.
struct Door {
  Gate& gate;
  WorkerPool& pool;
  ActiveCalls& calls;
  const RpcOptions& options;
  Log& log;
};

// Code, message and google.rpc.Status details. What the caller should not see in text is not in an
// Error to begin with.
grpc::Status ToGrpc(const Error& error, std::optional<Millis> retry_after = std::nullopt);

}  // namespace equinode
