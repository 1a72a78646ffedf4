// What a payload does to this node when its envelope takes effect. Each kind has one applier; the
// exchange calls it and knows nothing of what is inside.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
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

}  // namespace equinode
