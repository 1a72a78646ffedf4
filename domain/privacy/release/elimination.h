// What an outsider can work out from the shown cells by adding and subtracting equations: exact
// elimination over the rationals, in integers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/privacy/release/linked_cells.h"

namespace equinode {

// Wide enough for what two rows of factors within bounds can give.
__extension__ typedef __int128 Wide;
inline constexpr std::int64_t kMaxFactor = std::int64_t{1} << 40;

struct Term {
  CellIndex cell = 0;
  std::int64_t factor = 0;  // Not 0.
};
// The sum of factor times value over the terms is 0. Sorted by cell; zero cells left out.
using Row = std::vector<Term>;

// Elementary steps that a decision may take; it counts down. A decision that runs out is no
// decision: the caller withholds.
struct Work {
  std::uint64_t left = 0;
  bool Spend(std::uint64_t steps) {
    if (steps > left) return false;
    left -= steps;
    return true;
  }
};

// Every equation that has a hidden cell, as a row over the cells that are not zero.
std::vector<Row> RowsOf(const LinkedCells& cells, const CellStatuses& statuses);

// Gauss-Jordan elimination of the hidden cells. A hidden cell is determined exactly when it stands
// alone, among its like, in one of the rows returned. Shown cells are carried along: those in that
// row are what it was worked out from. Nothing when the work ran out or a factor went past
// kMaxFactor.
std::optional<std::vector<Row>> Eliminate(std::vector<Row> rows, const CellStatuses& statuses,
                                          Work& work);

}  // namespace equinode
