// What time alone brings about: voids of what is too old, sending again, forgetting.
#pragma once

#include "server/exchange/context.h"

namespace equinode {

Status Sweep(ExchangeContext& context, Instant now);

// When the next link is sent again for want of a receipt.
Result<std::optional<Instant>> NextResend(const ExchangeContext& context, ReadTx& tx);

}  // namespace equinode
