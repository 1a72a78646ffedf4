// What a payload does to this node when its envelope takes effect. Each kind has one applier; the
// exchange calls it and knows nothing of what is inside.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "domain/audit/entry.h"
#include "domain/exchange/envelope.h"
#include "storage/sqlite/tx.h"

namespace equinode {

struct Incoming {
  std::string from{};  // The verified sender.
  Uuid id{};
  exchange::Lane lane = exchange::Lane::kRecord;
  exchange::PayloadKind kind = exchange::PayloadKind::kRecordBatch;
  ByteView payload{};  // Lives until the applier's second half has run.
};

// The second half: inside the transaction that also moves the link on and writes `note` to the
// audit log. An error here is the store's, and the envelope is tried again.
using ApplyInTx = std::function<Status(Tx&, AuditNote& note)>;

// The first half: reads and judges the payload outside of any transaction. An error here is the
// payload's: the envelope becomes a dead letter with the error's reason, and the link goes on.
using PayloadApplier = std::function<Result<ApplyInTx>(const Incoming&)>;

// A last word on the outgoing payloads of a kind, for who queued them. Each may be null.
struct PayloadWatch {
  // Asked when a payload is about to get its number: may it leave at `now`? The question is asked
  // again in the transaction that gives the number.
  std::function<Result<bool>(ReadTx&, std::string_view to, ByteView payload, Instant now)>
      may_leave{};
  // In the transaction that took one that may not leave out of the outbox, for good.
  std::function<Status(Tx&, std::string_view to, ByteView payload)> kept_back{};
  // In the transaction that decided that a void takes the number of one that may not leave any more
  // and that its recipient has not receipted: it may have arrived all the same.
  std::function<Status(Tx&, std::string_view to, ByteView payload)> voided{};
  // In the transaction that dropped one, which waited or was not receipted, because its recipient
  // is not enrolled any more.
  std::function<Status(Tx&, std::string_view to, ByteView payload)> dropped{};
};

}  // namespace equinode
