// CountService: report definitions, and a node's own counts. Handlers of every method, for
// operators of the node's organisation.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/counts/computed_measure.h"
#include "domain/counts/population.h"
#include "domain/needs/measures/judge.h"
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
  // CareCounts::Count; null where there are no records of needs.
  std::function<Result<std::vector<ComputedMeasure>>(std::span<const std::string> names,
                                                     const CountPeriod& period)>
      care{};
};

// Errors of the handlers, beside those of the store:
//   CreateReportDefinition: INVALID_ARGUMENT / WRONG_PAYER, BAD_DEFINITION, BAD_REQUEST_ID and
//     Validate's (domain/report/definition.h); ALREADY_EXISTS / DEFINITION_CHANGED,
//     REQUEST_ID_REUSED
//   ListReportDefinitions: INVALID_ARGUMENT / BAD_PAGE_SIZE, BAD_PAGE_TOKEN
//   GetLocalCounts: INVALID_ARGUMENT / BAD_QUERY, UNKNOWN_MEASURE, PERIOD_START_MISSING, NOT_A_YEAR
//   and Population::OneWay's
std::vector<Method> CountMethods(CountDeps deps);

}  // namespace equinode
