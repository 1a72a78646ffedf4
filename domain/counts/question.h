// One question to a population: from a panel's cells where one is kept, else from the columns.
#pragma once

#include <span>

#include "base/result.h"
#include "domain/counts/computed_measure.h"
#include "domain/counts/panel.h"
#include "domain/counts/population_data.h"
#include "domain/counts/raw_table.h"

namespace equinode {

inline constexpr std::size_t kMaxMeasuresAsked = 64;

// One table a measure. `panel` may be null; else its scope is the query's.
Result<RawCounts> Ask(const PopulationData& data, const Panel* panel, const TableQuery& query,
                      std::span<const ComputedMeasure> computed);

}  // namespace equinode
