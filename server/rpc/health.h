// grpc.health.v1.Health/Check as an ordinary method behind the gate: gRPC's built-in service would
// answer whoever asks.
#pragma once

#include <functional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "server/keys/key_ring.h"
#include "server/rpc/method.h"

namespace equinode {

inline constexpr std::string_view kHealthCheck = "/grpc.health.v1.Health/Check";

// `serving` is asked at each check, from any thread. No audit entry: it tells nothing of anybody.
Method HealthMethod(std::function<bool()> serving);

// Calls the node's own port with the node's own certificate, as a peer would. Ok when the gate
// behind it has answered, even with a refusal; else the port is open and answers no one, as gRPC
// leaves it after a bad pair of keys. Not before it, the node is ready (THREATS R8).
Status SelfCall(const KeyRing& ring, const std::string& address, Millis deadline);

}  // namespace equinode
