// Counts that are tied to each other: a cell each, and every equation an outsider knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace equinode {

using CellIndex = std::uint32_t;

// values[total] is the sum of values[part] over `parts`. Margins, complements and whatever else
// ties counts together are all written so.
struct CellEquation {
  CellIndex total = 0;
  std::vector<CellIndex> parts{};
  // The total is one stratum of a table and the parts divide it (numerator and complement). Where
  // all of them are hidden, no number of this equation is printed, and it says nothing.
  bool within_stratum = false;
};

struct LinkedCells {
  std::vector<std::uint64_t> values{};
  std::vector<CellEquation> equations{};
};

enum class CellStatus : std::uint8_t {
  kShown,
  kHidden,  // Not zero, and the outsider knows that: zeros are shown.
};
using CellStatuses = std::vector<CellStatus>;

}  // namespace equinode
