// Record batches of peers into the store.
#pragma once

#include "server/exchange/payload_applier.h"
#include "server/records/record_keeper.h"

namespace equinode {

// A batch holds its sender's own records only, and takes effect whole or not at all: one that holds
// a record of another origin (PERMISSION_DENIED / FOREIGN_RECORD) or one that cannot be read
// (BAD_PAYLOAD, BAD_RECORD) is refused. While the keeper is loading, the second half says
// UNAVAILABLE / NOT_READY and the envelope waits. `keeper` must outlive what is returned.
PayloadApplier RecordBatchApplier(RecordKeeper& keeper);

}  // namespace equinode
