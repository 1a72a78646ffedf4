// Report requests of payers, as they arrive at a node that may answer.
#pragma once

#include <functional>

#include "base/clock.h"
#include "server/access/enrolment.h"
#include "server/exchange/payload_applier.h"
#include "server/keys/key_ring.h"
#include "storage/sqlite/database.h"

namespace equinode {

// All that is referred to must outlive the applier.
struct ReportRequestDeps {
  const Clock& clock;
  const Enrolment& enrolment;
  const CurrentKeyRing& keys;
  // Called when the transaction is durable that a request came with: the answerer has work. May be
  // null.
  std::function<void()> wake{};
  // Called in a transaction that queued a payload (ExchangeEngine::NudgeAfter). May be null.
  std::function<void(Tx&)> queued{};
};

// Refuses what is no request (BAD_REPORT_REQUEST, BAD_DEFINITION and Validate's), a definition that
// is not its sender's (PERMISSION_DENIED / WRONG_PAYER), and one that an enrolled certificate of
// the sender has not signed (BAD_SIGNATURE, SIGNATURE_SHAPE, CERTIFICATE_..., UNKNOWN_SIGNER,
// REVOKED). Then keeps the request. The answer, or why there is none, is ReportAnswerer's; only a
// version that came with other content before is refused here (DEFINITION_CHANGED).
PayloadApplier ReportRequestApplier(ReportRequestDeps deps);

}  // namespace equinode
