// Taking over revocation lists of the network's authority.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/crypto/certificate.h"
#include "base/log.h"
#include "base/result.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/keys/key_ring.h"
#include "storage/sqlite/database.h"

namespace equinode {

// Adds what `list` revokes, inside the caller's transaction, which calls ReloadAfter. How many were
// new. What earlier lists revoked stays, also when this one has forgotten it.
Result<std::uint32_t> AddCrl(Tx& tx, const Crl& list, Instant now);

// Looks at the revocation list's file and takes it over when it has changed. One step a call; only
// fault() may be called by other threads. A file that is absent, bad or past its next update is an
// error each time that it becomes so, and a fault as long as it is (THREATS R8: the node says so);
// what was taken over before stays in force.
class CrlFile {
 public:
  // All must outlive it. An empty `file` never does anything.
  CrlFile(std::filesystem::path file, Database& database, AuditLog& audit, Enrolment& enrolment,
          const CurrentKeyRing& keys, const Clock& clock, Log& log);

  // Before anybody is let in. FAILED_PRECONDITION / NO_REVOCATION_LIST when a file is configured
  // and not there, and the errors of ReadCrl. A list past its next update is a fault, not an error:
  // the authority may be late, and what the list says holds.
  Status Begin();
  // How many certificates were newly revoked. The errors of Begin, logged too.
  Result<std::uint32_t> Step();
  // Why the list cannot be relied on: NO_REVOCATION_LIST, CRL_EXPIRED, a reason of ReadCrl; or
  // empty.
  std::string fault() const;

 private:
  Result<std::uint32_t> Look();
  Result<std::uint32_t> Take();
  void SetFault(std::string reason);

  const std::filesystem::path file_;
  Database& database_;
  AuditLog& audit_;
  Enrolment& enrolment_;
  const CurrentKeyRing& keys_;
  const Clock& clock_;
  Log& log_;
  std::string seen_{};  // Size, time and inode of what was looked at last; empty: none was there.
  Instant next_update_{};
  mutable std::mutex mutex_{};
  std::string fault_{};
};

}  // namespace equinode
