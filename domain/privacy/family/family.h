// A release family: everything published, or to be published, about one population, as one linear
// system over counts. Margins, hierarchies, linked tables, complements (denominator less
// numerator), running totals, sets of practices and earlier releases are all written the same way:
// a cell, and an equation that ties it to others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace equinode::privacy {

using Cell = std::uint32_t;  // Position in Family::cells.

enum class CellKind : std::uint8_t {
  kFree,  // Shown unless a rule hides it.
  kKept,  // Not hidden for another's sake: the publisher needs it. A small one is hidden still.
  kPublished,     // Printed before: whatever is decided now, the reader has it.
  kHiddenBefore,  // Marked as hidden before: where zeros are printed the reader knows it is not 0.
  kUnprinted,     // Not printed unless a coarsening step shows it.
};

struct FamilyCell {
  std::string name{};      // Unique.
  std::int64_t count = 0;  // 0..kMostCount.
  CellKind kind = CellKind::kFree;
  bool important = false;  // Hidden for another's sake only where that saves several others.
};

// The count of `total` is the sum of the counts of `parts`.
struct Equation {
  Cell total = 0;
  std::vector<Cell> parts{};
};

// A published percentage, 100 numerator / denominator rounded half up. As good as an inequality
// each way for who reads it.
struct Rate {
  Cell numerator = 0;
  Cell denominator = 0;       // Its count is not 0.
  std::uint8_t decimals = 1;  // 0..kMostDecimals.
  std::int64_t scaled = 0;    // The percentage times 10^decimals: 891 = 89.1 %.
  bool published = false;     // Printed before.
};

// One step by which the definition's own hierarchy gives up detail: cells that are printed no
// longer, and coarser ones that are printed instead.
struct Coarsening {
  std::string name{};
  std::vector<Cell> drops{};
  std::vector<Cell> shows{};
};

// Cells that are withheld together when nothing else helps.
struct FamilyTable {
  std::string name{};
  std::vector<Cell> cells{};
};

struct Family {
  // Every zero of a table is printed, and the reader knows it: what is hidden is at least 1.
  bool zeros_printed = true;
  std::vector<FamilyCell> cells{};
  std::vector<Equation> equations{};
  std::vector<Rate> rates{};
  std::vector<Coarsening> coarsenings{};  // In the order in which they are tried.
  std::vector<FamilyTable> tables{};
};

inline constexpr std::int64_t kMostCount = std::int64_t{1} << 40;
inline constexpr std::size_t kMostCells = 100'000;
inline constexpr std::size_t kMostTerms = 1'000'000;  // Of all equations together.
inline constexpr std::uint8_t kMostDecimals = 4;

// Which counts are small (CMS cell-size policy: 1 to 10).
struct SmallCounts {
  std::int64_t from = 1;
  std::int64_t to = 10;
  bool Has(std::int64_t count) const { return count >= from && count <= to; }
};

// What no reader may be able to do to a small count.
enum class Level : std::uint8_t {
  kExact,  // Tell it from every other value: at least two whole numbers fit.
  kLabel,  // Learn more than "small": the numbers that fit reach from `from` to `to`.
};

// Nothing, or INVALID_ARGUMENT with one of: TOO_MANY_CELLS, BAD_CELL_NAME, CELL_TWICE, BAD_COUNT,
// UNKNOWN_CELL (a position past the end), TOO_MANY_TERMS, BAD_EQUATION (no part, a part twice, the
// total among its parts), EQUATION_WRONG (the counts do not add up), BAD_RATE, RATE_WRONG (not what
// numerator and denominator round to). The message names the cell, never a count.
Status Check(const Family& family);

// 100 numerator / denominator, rounded half up, times 10^decimals. denominator > 0.
std::int64_t ScaledPercent(std::int64_t numerator, std::int64_t denominator, std::uint8_t decimals);

}  // namespace equinode::privacy
