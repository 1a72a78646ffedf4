// Tables of so few people that hiding every count of them is not enough.
#pragma once

#include <vector>

#include "domain/privacy/release/family.h"
#include "domain/privacy/release/hiding.h"
#include "domain/report/raw_family.h"

namespace equinode {

// By the position in `raw`, which `family` was built from: whether the table must be withheld. For
// each equation that is TooFewToHide those go that have the cell which the fewest tables have:
// then the cell is not known any more, and the equation with it. The same for every order of
// tables.
std::vector<bool> TablesOfTooFew(const ReleaseFamily& family, const RawFamily& raw,
                                 const SuppressionRule& rule);

}  // namespace equinode
