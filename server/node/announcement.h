// A node's own new certificate, told to its peers before it is used.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "storage/sqlite/database.h"

namespace equinode {

struct AnnouncementLimits {
  // Peers that are away do not hold a renewal up for longer. They hear of it when they come (the
  // notice was sealed with the old key), or from their operator.
  Millis longest = std::chrono::hours{24};
  // When the old certificate has no longer to live, the new one is used at once.
  Millis last_moment = std::chrono::minutes{10};
};

// For one thread. All that is referred to must outlive it.
class Announcement {
 public:
  // `queued` is called in a transaction that queued payloads (ExchangeEngine::NudgeAfter).
  Announcement(Database& database, AuditLog& audit, const Enrolment& enrolment,
               const CurrentKeyRing& keys, const Clock& clock, Log& log,
               std::function<void(Tx&)> queued, AnnouncementLimits limits = {});

  // KeyWatcher::MayTakeOver. The first time that it sees a certificate it queues a notice for every
  // peer, with the audit entry KEYS_ANNOUNCED; yes once all have receipted it, or a limit is
  // reached, and at once where there is nothing to tell: no peer, or only the authorities changed.
  bool MayTakeOver(const KeyRing& next);

 private:
  Status Announce(const Certificate& next, Instant now);
  Result<bool> AllKnow();

  Database& database_;
  AuditLog& audit_;
  const Enrolment& enrolment_;
  const CurrentKeyRing& keys_;
  const Clock& clock_;
  Log& log_;
  const std::function<void(Tx&)> queued_;
  const AnnouncementLimits limits_;
  std::string announced_{};  // Its fingerprint; empty while nothing is being announced.
  Instant since_{};
};

}  // namespace equinode
