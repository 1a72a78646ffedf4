// RecordService: a node's own records. Handlers of every method, for operators of the node's
// organisation.
#pragma once

#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "equinode/v1/record_service.pb.h"
#include "server/audit/audit_log.h"
#include "server/records/record_keeper.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods and their streams.
struct RecordDeps {
  Database& database;
  RecordKeeper& keeper;
  AuditLog& audit;
  const Clock& clock;
  RequestMemory requests{};
  // What one sees of a person with this body (domain/people) at a time; `out` has the record. Null:
  // GetPerson shows the record only.
  std::function<Status(ByteView body, Instant now, v1::GetPersonResponse& out)> project{};
};

// Errors of the handlers, beside those of the store:
//   ImportRecords: a record that is refused is told in the answer to its frame (BAD_RECORD and its
//     like, NO_SUCH_PERSON, AMBIGUOUS_PERSON); the stream ends with INVALID_ARGUMENT / BAD_FRAME,
//     BAD_CURSOR, UNAVAILABLE / NOT_READY, or the store's error, and no frame after it takes effect
//   GetImportCursor: NOT_FOUND / NO_SUCH_CURSOR
//   GetPerson: NOT_FOUND / NO_SUCH_RECORD
//   ListPersons, ListCoverages: INVALID_ARGUMENT / BAD_PAGE_SIZE, BAD_PAGE_TOKEN
//   DeleteRecord: NOT_FOUND / NO_SUCH_RECORD, INVALID_ARGUMENT / BAD_REQUEST_ID, ALREADY_EXISTS /
//     REQUEST_ID_REUSED
std::vector<Method> RecordMethods(RecordDeps deps);

}  // namespace equinode
