// The last word of the gate: is there, for each small cell, another whole-number table that fits
// everything shown? Found and checked by the audit, which knows nothing of how cells were chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/privacy/release/linked_cells.h"

namespace equinode {

// The small cells (counts in [from, to]) without a second table: they can be told, or nobody knows
// within `max_work` steps. Nothing when the cells are no family that the audit takes (counts past
// 2^40, over 100,000 cells).
std::optional<std::vector<CellIndex>> WithoutProof(const LinkedCells& cells,
                                                   const CellStatuses& statuses, std::uint64_t from,
                                                   std::uint64_t to, std::uint64_t max_work);

}  // namespace equinode
