// An Error as it travels (google.rpc.Status in the trailer grpc-status-details-bin) and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace equinode {

// The bytes of google.rpc.Status with ErrorInfo (domain "equinode") and, when given, RetryInfo.
std::string ErrorDetails(const Error& error, std::optional<Millis> retry_after);

// What the other side said, or as much of it as can be believed: `code` outside the canonical ones
// is UNKNOWN / BAD_STATUS; without readable details the reason is NO_REASON. Reason and message
// come from the network: printable ASCII only, cut at 64 and 512 bytes.
Error ErrorFromPeer(int code, std::string_view message, std::string_view details);

// How long the other side wants us to wait; nothing when it did not say. At most one hour.
std::optional<Millis> RetryAfter(std::string_view details);

}  // namespace equinode
