// What of a family is printed and what is not. There is one mark for what is hidden, whether it is
// small or protects another.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "domain/privacy/family/family.h"

namespace equinode::privacy {

enum class CellState : std::uint8_t {
  kShown,
  kHidden,   // Marked as hidden. Where zeros are printed the reader knows that it is not 0.
  kDropped,  // Not in what is printed at all: a table withheld, detail given up. May be 0.
};

struct Pattern {
  std::vector<CellState> cells{};           // As Family::cells.
  std::vector<std::uint8_t> rates_shown{};  // As Family::rates; 1 = printed.
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

// Everything shown but what is kUnprinted.
Pattern EverythingShown(const Family& family);

// INVALID_ARGUMENT: BAD_PATTERN (not of this family's size), ZERO_HIDDEN (a zero is hidden though
// zeros are always printed, so that the mark would lie).
Status CheckPattern(const Family& family, const Pattern& pattern);

// Does the reader have this count? Printed now, or printed before.
inline bool ReaderHas(const Family& family, const Pattern& pattern, Cell cell) {
  return pattern.cells[cell] == CellState::kShown ||
         family.cells[cell].kind == CellKind::kPublished;
}
inline bool ReaderHasRate(const Family& family, const Pattern& pattern, std::size_t rate) {
  return pattern.rates_shown[rate] != 0 || family.rates[rate].published;
}
// The least that a reader allows for a count that it has not got.
inline std::int64_t LeastUnseen(const Family& family, const Pattern& pattern, Cell cell) {
  const bool marked = pattern.cells[cell] == CellState::kHidden ||
                      family.cells[cell].kind == CellKind::kHiddenBefore;
  return marked && family.zeros_printed ? 1 : 0;
}

}  // namespace equinode::privacy
