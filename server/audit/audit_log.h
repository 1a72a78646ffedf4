// The node's audit log: entries in the store, hash-chained; the head also outside the database, so
// that a log cut short or put back is noticed (DESIGN section 5; THREATS R10, TL01).
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "domain/audit/entry.h"
#include "storage/sqlite/database.h"

namespace equinode {

// Thread-safe.
class AuditLog {
 public:
  // Compares the stored chain's end with `anchor`, a file outside the database that is made at the
  // first start. DATA_LOSS / AUDIT_CUT when the anchor is ahead of the store, DATA_LOSS /
  // AUDIT_ALTERED when the entry at the anchor's count has another hash. A store ahead of its
  // anchor is what a kill leaves, and fine.
  static Result<std::unique_ptr<AuditLog>> Open(Database& database, std::filesystem::path anchor,
                                                const Clock& clock);
  ~AuditLog();

  // Gives `entry` its number and time and appends it inside the caller's transaction. The anchor is
  // written after the commit.
  Result<AuditHead> Append(Tx& tx, AuditEntry entry);
  // The same in a transaction of its own; durable on return.
  Result<AuditHead> Append(AuditEntry entry);

  AuditHead head() const;  // Of what is durable.

 private:
  struct Impl;
  explicit AuditLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace equinode
