// NeedService. Handlers of every method, for operators of the node's own organisation.
#pragma once

#include <vector>

#include "base/clock.h"
#include "server/audit/audit_log.h"
#include "server/needs/code_tables.h"
#include "server/needs/need_reader.h"
#include "server/records/record_keeper.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods.
struct NeedDeps {
  Database& database;
  RecordKeeper& keeper;
  AuditLog& audit;
  CodeTables& codes;
  RequestMemory requests{};
};

// Errors of the handlers, beside those of the store and proto/equinode/v1/need_service.proto:
// UNAVAILABLE / NOT_READY while records are loaded; INVALID_ARGUMENT / BAD_PAGE_SIZE,
// BAD_PAGE_TOKEN, BAD_REQUEST_ID, BAD_DAY; NOT_FOUND / NO_SUCH_PERSON.
std::vector<Method> NeedMethods(NeedDeps deps);

}  // namespace equinode
