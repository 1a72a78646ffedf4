// Checking a whole audit chain (THREATS TL01): pure, over any source of entries, against the heads
// that were kept elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/audit/entry.h"

namespace equinode {

// An entry as it is stored, with the chain's hash after it.
struct StoredAuditEntry {
  AuditEntry entry{};
  Digest hash{};
  // TouchedIds::bytes() as stored beside the entry.
  Bytes touched{};
};

// A head that was kept outside of the log, and by whom.
struct KnownHead {
  std::string held_by{};  // "anchor", or a peer's URI.
  AuditHead head{};
};

// The first entry that is not what it was.
struct AuditFault {
  std::uint64_t entry = 0;  // Its number; one past the last for entries that are missing.
  // AUDIT_GAP: a number is missing or twice; AUDIT_ALTERED: its hash does not follow;
  // AUDIT_TOUCHED: its list of ids is not the one; AUDIT_REPLACED: the chain is sound but another
  // one than what was known; AUDIT_CUT: the end is missing.
  std::string reason{};
  std::string message{};
  friend bool operator==(const AuditFault&, const AuditFault&) = default;
};

// Takes entries one after another; remembers the last hash only.
class ChainCheck {
 public:
  explicit ChainCheck(std::vector<KnownHead> known);
  // Nothing while all is well. After a fault no more entries may be handed in.
  std::optional<AuditFault> Next(const StoredAuditEntry& stored);
  // After the last entry.
  std::optional<AuditFault> Finish() const;
  const AuditHead& head() const { return head_; }  // As far as it is good.

 private:
  std::vector<KnownHead> known_;  // By count, rising.
  std::size_t next_known_ = 0;
  std::uint64_t matched_ = 0;  // Up to this entry a head kept elsewhere agrees.
  AuditHead head_{};
};

struct AuditVerdict {
  AuditHead head{};  // How far the chain is good.
  std::optional<AuditFault> fault{};
};

// The next entry in the order of the store; nothing at the end.
using AuditSource = std::function<Result<std::optional<StoredAuditEntry>>()>;
// An error is the source's.
Result<AuditVerdict> VerifyChain(const AuditSource& source, std::vector<KnownHead> known);

}  // namespace equinode
