// The lines of a ledger and the hash chain over them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "domain/privacy/budget/request.h"

namespace equinode::budget {

// How far a ledger has come.
struct LedgerHead {
  std::uint64_t count = 0;
  Digest hash{};  // Zeros when empty.
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

// What each person may lose in a calendar year.
struct BudgetSet {
  int year = 0;
  NanoRho rho{};
  friend bool operator==(const BudgetSet&, const BudgetSet&) = default;
};

// Before any noise is drawn.
struct Charged {
  Digest request{};  // CanonicalRequest::hash().
  Period period{};
  Digest partition{};
  std::vector<std::string> parts{};  // Sorted.
  NanoRho rho{};
  friend bool operator==(const Charged&, const Charged&) = default;
};

// The one answer that was given; before it leaves.
struct Answered {
  Digest request{};
  Digest answer{};  // SHA-256 of its bytes.
  friend bool operator==(const Answered&, const Answered&) = default;
};

struct LedgerEntry {
  std::uint64_t number = 0;  // From 1, gapless.
  std::variant<BudgetSet, Charged, Answered> what{};
  LedgerHead peer{};  // The other party's head as it was known here; empty where there is none.
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// The bytes that are stored, sent and hashed.
Bytes EncodeEntry(const LedgerEntry& entry);
// Exactly what EncodeEntry gives. DATA_LOSS / BAD_LEDGER_ENTRY for anything else.
Result<LedgerEntry> DecodeEntry(ByteView bytes);

// SHA-256(before || EncodeEntry(entry)).
Digest NextLedgerHash(const Digest& before, const LedgerEntry& entry);

}  // namespace equinode::budget
