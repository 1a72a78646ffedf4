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
  // Compares the stored chain with `anchor`, a file outside the database that is made at the first
  // start (server/audit/anchor.h says how it is kept). DATA_LOSS / AUDIT_CUT when the anchor is
  // ahead of the store, AUDIT_ALTERED when the entry at the anchor's count has another hash or the
  // entries after it do not follow, AUDIT_ANCHOR_DAMAGED, AUDIT_ANCHOR_MISSING when there are
  // entries but no anchor. A store ahead of its anchor is what a kill leaves, and fine.
  static Result<std::unique_ptr<AuditLog>> Open(Database& database, std::filesystem::path anchor,
                                                const Clock& clock);
  ~AuditLog();

  // Gives `entry` its number, its time and the count and digest of `touched`, escapes its texts,
  // and appends it inside the caller's transaction. The anchor is written after the commit.
  Result<AuditHead> Append(Tx& tx, AuditEntry entry, const TouchedIds& touched = {});
  // The same in a transaction of its own; durable on return.
  Result<AuditHead> Append(AuditEntry entry, const TouchedIds& touched = {});

  AuditHead head() const;  // Of what is durable.

  // Why nothing more can be appended: the anchor could not be written after a commit. Appends fail
  // with it until a write of the anchor succeeds (THREATS R5, R8).
  Status health() const;

 private:
  struct Impl;
  explicit AuditLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Makes the anchor anew from what the store holds now, after an operator has looked into why it
// did not agree, and says so in the log (AUDIT_ACCEPTED). Refused while the chain itself is bad:
// DATA_LOSS with the fault's reason. Offline: nobody else may have the database open.
Status AcceptAudit(Database& database, const std::filesystem::path& anchor, const Clock& clock);

}  // namespace equinode
