// Answers of nodes, as they arrive at the hub that asked.
#pragma once

#include "base/clock.h"
#include "server/exchange/payload_applier.h"
#include "storage/sqlite/database.h"

namespace equinode {

// Refuses an answer that cannot be read or has another form than its definition asks for
// (BAD_ANSWER), whose counts cannot be counts of people (ANSWER_INCONSISTENT), to a collection that
// this hub did not start (UNKNOWN_COLLECTION), of a node that was not asked in it (NOT_ASKED), to
// another definition (OTHER_DEFINITION), and a second, different one (ANSWERED_BEFORE). An answer
// that comes after its collection was finished is kept for the next one. All that is referred to
// must outlive the applier.
PayloadApplier ReportAnswerApplier(Database& database, const Clock& clock);

}  // namespace equinode
