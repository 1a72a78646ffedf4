// What is left for a peer that is not enrolled any more.
#pragma once

#include <cstdint>
#include <string>

#include "server/exchange/context.h"

namespace equinode {

// Nothing that was meant for a peer goes to who is enrolled under its name later: what waits is
// dropped, what is sealed and not receipted becomes a void of its number (REVOKED). Nothing is lost
// by it: records and report answers go out again when a new enrolment and its sharing rule say so,
// a hub asks anew, and who queued something else is told (PayloadWatch::dropped). One audit entry
// PEER_PAYLOADS_DROPPED says how many. Returns that number.
Result<std::uint64_t> DropForDeparted(ExchangeContext& context, Tx& tx, const std::string& peer);

// The same for every peer that is not enrolled and for whom something was queued since.
Status DropForAllDeparted(ExchangeContext& context, Tx& tx);

}  // namespace equinode
