// The data dictionary beside a release's cells: what each column, measure and code means.
#pragma once

#include <string>

#include "equinode/v1/report.pb.h"

namespace equinode {

// CSV `kind,name,type,meaning`: the columns of the cells' file, in their order; then the measures,
// stratifiers and strata that are in the release; then its notes. Cells that a spreadsheet would
// run begin with an apostrophe.
std::string DataDictionary(const v1::Release& release);

}  // namespace equinode
