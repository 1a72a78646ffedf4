// What an outsider can work out from counts being whole numbers, at least 1 where hidden: the
// lowest and highest value of each cell, by bounding one term of a row by the others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "domain/privacy/release/elimination.h"
#include "domain/privacy/release/linked_cells.h"

namespace equinode {

struct Interval {
  static constexpr std::int64_t kNoEnd = std::int64_t{1} << 62;
  std::int64_t low = 0;
  std::int64_t high = kNoEnd;
  bool single() const { return low == high; }
};

// By cell. Never narrower than what is provable, and not always as narrow: the audit finds more.
// Nothing when the work ran out.
std::optional<std::vector<Interval>> Bounds(const LinkedCells& cells, const CellStatuses& statuses,
                                            std::span<const Row> rows, Work& work);

}  // namespace equinode
