// Taking over revocation lists of the network's authority.
#pragma once

#include <cstdint>
#include <filesystem>
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

// Looks at the revocation list's file and takes it over when it has changed. One step a call; not
// thread-safe. An absent file is no list; a bad one is reported each time it changes, and what was
// taken over before stays in force.
class CrlFile {
 public:
  // All must outlive it. An empty `file` never does anything.
  CrlFile(std::filesystem::path file, Database& database, AuditLog& audit, Enrolment& enrolment,
          const CurrentKeyRing& keys, const Clock& clock, Log& log);

  // How many certificates were newly revoked. The errors of ReadCrl, logged too.
  Result<std::uint32_t> Step();

 private:
  Result<std::uint32_t> Take();

  const std::filesystem::path file_;
  Database& database_;
  AuditLog& audit_;
  Enrolment& enrolment_;
  const CurrentKeyRing& keys_;
  const Clock& clock_;
  Log& log_;
  std::string seen_{};  // Size, time and inode of what was looked at last.
};

}  // namespace equinode
