#include "domain/privacy/budget/peer_ledger.h"

namespace equinode::budget {
namespace {

Error RolledBack() {
  return Error{Code::kDataLoss, "LEDGER_ROLLED_BACK",
               "the privacy ledger is older than it was: an old copy was put back"};
}

Error Forked(std::uint64_t entry) {
  return Error{
      Code::kDataLoss, "LEDGER_FORKED",
      "the privacy ledger is another one than it was, up to entry " + std::to_string(entry)};
}

}  // namespace

Status CheckContains(const Ledger& ledger, const LedgerHead& known) {
  const auto there = ledger.HeadAt(known.count);
  if (!there) return RolledBack();
  if (*there != known) return Forked(known.count);
  return Ok();
}

Result<Ledger> Follow(const Ledger& own, Ledger known, const LedgerHead& claimed,
                      std::span<const LedgerEntry> since) {
  if (claimed.count < known.head().count) return RolledBack();
  for (const LedgerEntry& entry : since) {
    if (!CheckContains(own, entry.peer).ok()) {
      return Error{Code::kDataLoss, "OWN_LEDGER_ROLLED_BACK",
                   "the other party has seen more of this node's privacy ledger than there is, or "
                   "another one: an old copy was put back here"};
    }
    if (!known.Append(entry).ok()) return Forked(entry.number);
  }
  if (known.head() != claimed) return Forked(claimed.count);
  return known;
}

}  // namespace equinode::budget
