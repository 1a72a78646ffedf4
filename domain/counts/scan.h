// A table from the columns, for questions without a panel: linear in the people, no hashing.
#pragma once

#include <cstdint>

#include "domain/counts/columns.h"
#include "domain/counts/placement.h"
#include "domain/counts/tally.h"

namespace equinode {

// Counts by `stratifier` into `tally`, which must have room for every code of it.
void ScanColumns(const Columns& columns, const CoverageBook& book, const Placement& placement,
                 Stratifier stratifier, Tally& tally);

}  // namespace equinode
