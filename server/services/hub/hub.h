// HubService: the payer asks every node, pools what they answer, keeps the releases. Handlers of
// every method, for operators of the payer.
#pragma once

#include <functional>
#include <vector>

#include "base/random.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods.
struct HubDeps {
  Database& database;
  AuditLog& audit;
  const Enrolment& enrolment;
  const CurrentKeyRing& keys;
  Random& random;
  RequestMemory requests{};
  // Called in a transaction that queued payloads (ExchangeEngine::NudgeAfter). May be null.
  std::function<void(Tx&)> queued{};
};

// Asked are the enrolled practices and QHIOs that are not revoked. A node's answer to a definition
// is its only one: in a later collection it counts at once, and only who was silent, refused or is
// new is asked again.
//
// Errors of the handlers, beside those of the store:
//   StartCollect: NOT_FOUND / NO_SUCH_REPORT; FAILED_PRECONDITION / NO_NODES, PERIOD_NOT_OVER
//   FinishCollect: FAILED_PRECONDITION / NOBODY_ANSWERED (some are silent: the collection stays
//   open),
//     NOBODY_GIVES_COUNTS (all refused); no release is made
//   GetCollect, FinishCollect: INVALID_ARGUMENT / BAD_COLLECT_ID, NOT_FOUND / NO_SUCH_COLLECTION
//   GetRelease: NOT_FOUND / NO_SUCH_RELEASE
//   ListReleases: INVALID_ARGUMENT / BAD_PAGE_SIZE, BAD_PAGE_TOKEN; writes: BAD_REQUEST_ID,
//     REQUEST_ID_REUSED
std::vector<Method> HubMethods(HubDeps deps);

}  // namespace equinode
