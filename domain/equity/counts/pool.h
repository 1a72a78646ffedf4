// Many organisations as one. Counts are added, never rates averaged (Simpson's paradox).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/equity/counts/count_table.h"

namespace equinode::equity {

// Adds cells of one set of series as they come, organisation by organisation, in memory that
// depends on the number of series alone. One thread a pool; pools of parts are merged.
class Pool {
 public:
  explicit Pool(std::size_t series) : sums_(series), organisations_(series) {}

  // OUT_OF_RANGE / COUNT_TOO_LARGE, and then the pool is of no more use. Each cell's series is
  // below the number given. Constant work a cell; an organisation's cell of a series comes once.
  Status Add(std::span<const Cell> cells);
  // `other` is of the same series.
  Status Merge(const Pool& other);

  const CellCounts& sum(std::uint32_t series) const { return sums_[series]; }
  // How many cells were added to the sum.
  std::uint32_t organisations(std::uint32_t series) const { return organisations_[series]; }
  friend bool operator==(const Pool&, const Pool&) = default;

 private:
  std::vector<CellCounts> sums_;
  std::vector<std::uint32_t> organisations_;
};

// The table with all organisations as one, named "". Series without a cell are left out.
Result<CountTable> PoolOrganisations(const CountTable& table);

}  // namespace equinode::equity
