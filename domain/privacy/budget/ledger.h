// The ledger of what noisy answers have cost, as a value: entries are judged, then appended; every
// rule is checked where an entry is appended, so that no ledger that breaks one can exist. Whoever
// keeps it commits an entry to the disk before acting on it.
//
// A request's way: Judge says kCharge -> Append(Charged), committed -> noise is drawn (answer.h) ->
// Append(Answered) with the answer's bytes stored beside it, committed -> the answer leaves. A
// crash in between leaves a charge without an answer; the same request then draws for that charge.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "domain/privacy/budget/balance.h"
#include "domain/privacy/budget/ledger_entry.h"

namespace equinode::budget {

enum class Next : std::uint8_t {
  kCharge,  // New: append `entry` first.
  kDraw,    // Charged and never answered: noise may be drawn.
  kStored,  // Answered: give the stored bytes, whose SHA-256 is `answer`, again.
};

struct Judgement {
  Next next = Next::kCharge;
  std::optional<LedgerEntry> entry{};
  std::optional<Digest> answer{};
};

struct StoredLedgerEntry {
  LedgerEntry entry{};
  Digest hash{};  // The chain's, after it.
};

// Not thread-safe; copies are independent.
class Ledger {
 public:
  Ledger() = default;
  // A ledger that was kept. DATA_LOSS / LEDGER_ALTERED naming the first entry that is not what it
  // was. That none is missing at the end only a head kept elsewhere can tell: CheckContains.
  static Result<Ledger> FromStored(std::span<const StoredLedgerEntry> stored);

  // What is to happen with a request. FAILED_PRECONDITION / NO_BUDGET; RESOURCE_EXHAUSTED /
  // BUDGET_SPENT. `peer`: the other party's head as of now, or an empty one.
  Result<Judgement> Judge(const CanonicalRequest& request, const LedgerHead& peer) const;
  // Entries to append, numbered as the next one.
  LedgerEntry BudgetEntry(int year, NanoRho rho, const LedgerHead& peer) const;
  LedgerEntry AnswerEntry(const Digest& request, ByteView answer, const LedgerHead& peer) const;

  // Appends, or changes nothing and says why: ABORTED / LEDGER_MOVED (another entry was appended
  // since: judge again); INVALID_ARGUMENT / BAD_LEDGER_ENTRY; FAILED_PRECONDITION: NO_BUDGET,
  // BUDGET_RAISED (a year's budget is set once and may only be lowered), ALREADY_CHARGED,
  // NOT_CHARGED, ALREADY_ANSWERED, PEER_WENT_BACK (the other party's head is older than, or another
  // one than, what an entry before it knew); RESOURCE_EXHAUSTED / BUDGET_SPENT; OUT_OF_RANGE /
  // RHO_OVERFLOW.
  Status Append(const LedgerEntry& entry);

  const LedgerHead& head() const { return head_; }
  // As it was when there were `count` entries; nothing when there have not been so many.
  std::optional<LedgerHead> HeadAt(std::uint64_t count) const;
  // Of a year; 0 for one without a budget. Spent is the loss of the person who lost most.
  NanoRho Budget(int year) const;
  NanoRho Spent(int year) const;
  // The charge for a request, if there is one; nothing for others.
  std::optional<NanoRho> ChargeFor(const Digest& request) const;
  std::optional<Digest> AnswerTo(const Digest& request) const;

 private:
  struct Year {
    NanoRho budget{};
    Balance balance{};
  };
  struct Request {
    NanoRho rho{};
    std::optional<Digest> answer{};
  };
  Status Apply(const BudgetSet& set);
  Status Apply(const Charged& charged);
  Status Apply(const Answered& answered);

  std::map<int, Year> years_{};
  std::map<Digest, Request> requests_{};
  LedgerHead head_{};
  LedgerHead peer_{};  // Of the last entry.
  std::vector<Digest> hashes_{};
};

}  // namespace equinode::budget
