// ReferralService and ConsentService: thin over the desks. For operators of the node's
// organisation, and of organisations that it hosts, who see their own referrals alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/audit/audit_log.h"
#include "server/referrals/capacity_desk.h"
#include "server/referrals/desk.h"
#include "server/referrals/watchers.h"
#include "server/rpc/method.h"
#include "server/services/requests.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the methods.
struct ReferralServiceDeps {
  Database& database;
  AuditLog& audit;
  const ReferralDesk& desk;
  const Clock& clock;
  Random& random;
  RequestMemory requests{};
  const CapacityDesk& capacity;
  ReferralWatchers& watchers;
  Enrolment& enrolment;
  const CurrentKeyRing& keys;
  // May this node's people be spoken of by that source_id? NOT_FOUND / NO_SUCH_PERSON.
  std::function<Status(std::string_view source_id)> check_person{};
};

// Errors of the handlers beside the desk's and the store's: INVALID_ARGUMENT / BAD_REFERRAL_ID,
// BAD_VERB, UNKNOWN_DOMAIN, BAD_PRIORITY, BAD_TIME, BAD_BOX, BAD_STATE, BAD_PAGE_SIZE,
// BAD_PAGE_TOKEN, BAD_REQUEST_ID, BAD_CONSENT, BAD_CAPACITY, BAD_SPLIT, BAD_HOST, BAD_OWNER;
// BAD_STATUS_DAY, CLOSURE_DISAGREES; NOT_FOUND / NO_SUCH_SYSTEM, NO_SUCH_STATUS;
// FAILED_PRECONDITION / CURSOR_AHEAD, ENDED_OTHERWISE, NO_WAY, NOT_YOUR_MOVE.
std::vector<Method> ReferralMethods(ReferralServiceDeps deps);
std::vector<Method> ConsentMethods(ReferralServiceDeps deps);

}  // namespace equinode
