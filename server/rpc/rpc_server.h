// The node's one port: mutual TLS 1.3, every call through the gate. Nothing of gRPC shows here.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "server/keys/key_ring.h"
#include "server/rpc/gate.h"
#include "server/rpc/method.h"
#include "server/rpc/options.h"

namespace equinode {

class RpcServer {
 public:
  // Listens and answers when it returns. `keys`, `clock`, `log` and what the hooks and methods use
  // must outlive the server. INVALID_ARGUMENT (BAD_LISTEN_ADDRESS, BAD_METHOD), UNAVAILABLE /
  // CANNOT_LISTEN, INTERNAL (TLS_CONFIGURATION, CANNOT_SERVE).
  static Result<std::unique_ptr<RpcServer>> Start(RpcOptions options, const CurrentKeyRing& keys,
                                                  std::vector<Method> methods, GateHooks hooks,
                                                  const Clock& clock, Log& log);
  // Drains with a short deadline if nobody did; then waits for handlers that still run.
  ~RpcServer();

  std::uint16_t port() const;

  // Takes no more connections and calls, lets short calls finish, ends streams with UNAVAILABLE /
  // DRAINING, and after `patience` cuts what is left. Returns when the transport is down; again, or
  // from a second thread, it returns when the first has. DEADLINE_EXCEEDED / HANDLERS_RUNNING when
  // a handler still runs then: what it acknowledges nobody hears.
  Status Drain(Millis patience);

  std::size_t open_calls() const;

 private:
  struct Impl;
  explicit RpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
