// What of a family may be printed. Suppression proposes, the audit judges; where no safe pattern is
// found, detail is given up by the family's own coarsening steps, then the parts of small totals
// are withheld, then tables. Nothing leaves that the audit did not find safe.
#pragma once

#include <cstdint>
#include <vector>

#include "domain/privacy/audit/audit.h"
#include "domain/privacy/suppress/suppress.h"

namespace equinode::privacy {

struct ProtectOptions {
  SuppressOptions rules{};
  std::uint64_t max_effort = 20'000'000'000;  // Of each audit.
};

// Why a rate is not printed.
enum class RateMark : std::uint8_t {
  kShown,
  kHidden,  // It would tell of a hidden count; or its denominator, hidden too, is what it is.
  kFew,     // Its denominator, which is printed, is too small for a rate to mean anything.
};

struct Protected {
  // False: even with everything withheld a small count can be worked out from what was printed
  // before. Nothing new may be printed then, and `pattern` says so.
  bool safe = false;
  Pattern pattern{};
  std::vector<RateMark> rates{};         // As Family::rates.
  std::vector<std::size_t> coarsened{};  // Positions in Family::coarsenings, as applied.
  std::vector<std::size_t> withheld{};   // Positions in Family::tables.
  bool detail_withheld = false;          // The parts of some small totals are not printed.
  bool block_withheld = false;           // Cells of no table were withheld.
  AuditReport audit{};                   // Of the pattern. Private: never printed.
};

// As Check; INTERNAL as Audit.
Result<Protected> Protect(const Family& family, const ProtectOptions& options);

}  // namespace equinode::privacy
