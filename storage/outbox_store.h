// Payloads that wait to be sealed for a peer. Record batches are not here: the record log itself is
// their queue, read by a position for each sharing rule.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

class OutboxStore {
 public:
  // Queues `payload` for `to` inside the transaction of the change that it tells. It gets its
  // number, and is sealed, when it is about to be sent.
  static Status Queue(Tx& tx, std::string_view to, exchange::Lane lane, exchange::PayloadKind kind,
                      ByteView payload, Instant now);
};

}  // namespace equinode
