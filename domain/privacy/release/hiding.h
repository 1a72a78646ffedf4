// Which cells of a family are hidden so that no small one can be worked out.
#pragma once

#include <cstdint>

#include "domain/privacy/release/linked_cells.h"

namespace equinode {

struct SuppressionRule {
  std::uint64_t from = 1;
  std::uint64_t to = 10;  // Counts in [from, to] are small.
  // Steps a decision may take, about a nanosecond each; the audit may take as many again.
  std::uint64_t max_work = 1'000'000'000;
};

struct HidingPattern {
  CellStatuses statuses{};
  bool decided = false;  // False: no safe pattern in bounded work; the caller withholds.
};

// Hides
// 1. every small cell;
// 2. smallest first, further cells that are not zero, until in each equation either nothing is
//    hidden, or at least two cells are that add up to at least to - 1 plus their number (where the
//    total is shown, each of them may be any small count; a hidden total is one of them), or all
//    are, where the equation is within a stratum;
// 3. and until exact elimination over all equations determines no hidden cell, whole-number bounds
//    leave each small cell at least two values, and the audit (domain/privacy/audit) has found a
//    second table for each.
// A zero is never hidden. The same cells give the same pattern.
HidingPattern Hide(const LinkedCells& cells, const SuppressionRule& rule);

// The equation's total is small, and too small for rule 2 even with every cell hidden: a family
// that has it cannot be released whole.
bool TooFewToHide(const LinkedCells& cells, const CellEquation& equation,
                  const SuppressionRule& rule);

}  // namespace equinode
