// The second half of taking an envelope for this node: what happens in its transaction.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "server/exchange/opening.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct Arrived {
  std::uint64_t through = 0;  // The link's position now.
  bool took_number = false;
  std::optional<exchange::Refusal> refusal{};
};

// Judges the envelope against its link; gives it its effect, or notes why it has none: link, inbox
// row, change, audit entry, dead letter. An error is the store's and undoes all of it.
Result<Arrived> TakeArrival(ExchangeContext& context, Tx& tx, const OpenedEnvelope& opened,
                            ByteView sealed, Instant now);

}  // namespace equinode
