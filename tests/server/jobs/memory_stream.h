// A stream of a real method without a transport: the handler runs on a thread of its own, as the
// port would run it. For the thread sanitizer, which gRPC would blind.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/channel/channel.h"
#include "server/rpc/method.h"

namespace equinode::testing {

// `caller` opens a stream of `method`. After `cut_after` messages to either side it breaks
// (UNAVAILABLE / CUT), as streams do; nothing = never.
Result<std::unique_ptr<MessageStream>> OpenInMemory(const Method& method, std::string_view caller,
                                                    Instant now,
                                                    std::optional<std::uint64_t> cut_after = {});

}  // namespace equinode::testing
