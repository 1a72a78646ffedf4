// The audit: what can a reader work out of a small count from everything printed? It shares nothing
// with what chose the pattern but the family, and audits a pattern made by anyone.
//
// The reader is given: every printed number, every equation, the rule, and that counts are whole
// numbers; a hidden one is at least 1 where zeros are always printed. Not the knowledge that the
// pattern hides as little as it can (docs/suppression.md).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

struct AuditOptions {
  SmallCounts small{};
  Level level = Level::kLabel;
  // Both ends of every count that the reader has not; else only as much as the verdict needs.
  bool intervals = false;
  // Elementary steps, about a nanosecond each.
  std::uint64_t max_effort = 20'000'000'000;
};

// A table that fits everything printed, as the cells in which it is not the true one.
using OtherTable = std::vector<std::pair<Cell, std::int64_t>>;

// What one count can be, for the reader.
struct Finding {
  Cell cell = 0;
  bool small = false;
  // Both can be, a table for each was found and checked. Nothing beyond can, where proven.
  std::int64_t low = 0, high = 0;
  bool open = false;  // No end above.
  bool low_proven = false, high_proven = false;
  bool safe = true;  // Of a small count: at the level asked.
  // Of a small count: two tables that show it, the low and the high one. One of them may be the
  // true one, and is empty then.
  OtherTable low_table{}, high_table{};
};

enum class Verdict : std::uint8_t {
  kSafe,
  kUnsafe,     // A small count is proven to be narrowed below the level.
  kUndecided,  // Effort ran out before two tables were found. Counts as unsafe.
};

struct AuditReport {
  Verdict verdict = Verdict::kSafe;
  // Every count that the reader has not, and every small one that it has; by cell. Only small ones
  // where intervals were not asked for.
  std::vector<Finding> findings{};
  std::uint64_t effort = 0;
};

// INVALID_ARGUMENT as Check and CheckPattern, INTERNAL (TABLE_DOES_NOT_FIT) when a table found by
// the search is refused by the check, which would be a fault of ours.
Result<AuditReport> Audit(const Family& family, const Pattern& pattern,
                          const AuditOptions& options);

// Is [low, high] wide enough for a small count?
bool WideEnough(const Finding& finding, Level level, const SmallCounts& small);

}  // namespace equinode::privacy
