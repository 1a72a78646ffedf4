// Beginning the links with a peer anew (domain/exchange/anew).
#pragma once

#include <string>
#include <string_view>

#include "server/exchange/context.h"

namespace equinode {

// Takes this node's halves of all links with `peer` to the start of a new era: of `code`, or of one
// that is made here when it is empty. What was sealed and not receipted waits for a number again,
// and the record log goes out from its beginning: what the peer has takes no effect twice.
// INVALID_ARGUMENT / BAD_LINK_CODE; FAILED_PRECONDITION / OLD_LINK_CODE for an era that these links
// have behind them; NOT_FOUND / NO_SUCH_PEER.
Result<BegunLinks> BeginAnew(ExchangeContext& context, Tx& tx, const std::string& peer,
                             std::string_view code, Instant now);

}  // namespace equinode
