#include "domain/audit/chain.h"

#include <algorithm>
#include <utility>

namespace equinode {

namespace {

bool TouchedAgree(const StoredAuditEntry& stored) {
  if (stored.entry.touched == 0) {
    return stored.touched.empty() && stored.entry.touched_digest == Digest{};
  }
  const auto ids = TouchedFrom(stored.touched);
  return ids.ok() && ids->size() == stored.entry.touched &&
         Sha256(stored.touched) == stored.entry.touched_digest;
}

}  // namespace

ChainCheck::ChainCheck(std::vector<KnownHead> known) : known_(std::move(known)) {
  std::erase_if(known_, [](const KnownHead& k) { return k.head.count == 0; });
  std::ranges::stable_sort(known_, {}, [](const KnownHead& k) { return k.head.count; });
}

std::optional<AuditFault> ChainCheck::Next(const StoredAuditEntry& stored) {
  const std::uint64_t expected = head_.count + 1;
  if (stored.entry.number != expected) {
    return AuditFault{expected, "AUDIT_GAP",
                      "entry " + std::to_string(expected) + " is missing; entry " +
                          std::to_string(stored.entry.number) + " stands in its place"};
  }
  const Digest hash = NextAuditHash(head_.hash, stored.entry);
  if (hash != stored.hash) {
    return AuditFault{expected, "AUDIT_ALTERED",
                      "entry " + std::to_string(expected) +
                          " does not follow from the one before it: it, or its place, was changed"};
  }
  if (!TouchedAgree(stored)) {
    return AuditFault{expected, "AUDIT_TOUCHED",
                      "the ids kept for entry " + std::to_string(expected) +
                          " are not those that it was made with"};
  }
  for (; next_known_ < known_.size() && known_[next_known_].head.count == expected; ++next_known_) {
    const KnownHead& known = known_[next_known_];
    if (known.head.hash != hash) {
      return AuditFault{matched_ + 1, "AUDIT_REPLACED",
                        "the log was written anew: of the entries " + std::to_string(matched_ + 1) +
                            " to " + std::to_string(expected) +
                            " at least one is not what it was when their hash was kept by " +
                            known.held_by};
    }
    matched_ = expected;
  }
  head_ = {expected, hash};
  return std::nullopt;
}

std::optional<AuditFault> ChainCheck::Finish() const {
  if (next_known_ == known_.size()) return std::nullopt;
  const KnownHead& furthest = known_.back();
  return AuditFault{head_.count + 1, "AUDIT_CUT",
                    "the log ends after entry " + std::to_string(head_.count) + ", but " +
                        furthest.held_by + " knows of " + std::to_string(furthest.head.count) +
                        ": it was cut short or an older copy was put back"};
}

Result<AuditVerdict> VerifyChain(const AuditSource& source, std::vector<KnownHead> known) {
  ChainCheck check(std::move(known));
  for (;;) {
    EQN_TRY(const std::optional<StoredAuditEntry> stored, source());
    if (!stored) return AuditVerdict{check.head(), check.Finish()};
    if (auto fault = check.Next(*stored)) return AuditVerdict{check.head(), std::move(fault)};
  }
}

}  // namespace equinode
