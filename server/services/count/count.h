// CountService: report definitions, and a node's own counts. Handlers of every method, for
// operators of the node's organisation.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "domain/counts/population.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods.
struct CountDeps {
  Database& database;
  AuditLog& audit;
  const CurrentKeyRing& keys;
  // RecordKeeper::population: UNAVAILABLE / NOT_READY while counts are rebuilt.
  std::function<Result<const Population*>()> population{};
  RequestMemory requests{};
};

// Errors of the handlers, beside those of the store:
//   CreateReportDefinition: INVALID_ARGUMENT / WRONG_PAYER, BAD_DEFINITION, BAD_REQUEST_ID and
//     Validate's (domain/report/definition.h); ALREADY_EXISTS / DEFINITION_CHANGED,
//     REQUEST_ID_REUSED
//   ListReportDefinitions: INVALID_ARGUMENT / BAD_PAGE_SIZE, BAD_PAGE_TOKEN
//   GetLocalCounts: INVALID_ARGUMENT / BAD_QUERY, UNKNOWN_MEASURE and Population::OneWay's
std::vector<Method> CountMethods(CountDeps deps);

}  // namespace equinode
