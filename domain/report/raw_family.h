// The raw counts of a whole definition, from one state of the population: the input of the release
// gate and of nothing else.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/counts/population.h"
#include "domain/counts/raw_table.h"
#include "domain/report/definition.h"

namespace equinode {

struct RawFamily {
  struct Table {
    std::string id{};
    RawTable counts{};
  };
  std::vector<Table> tables{};  // In the order of AskedTables.
};

// The population of a definition. `owner` = URI of the node whose records count; empty = all.
CountScope ScopeOf(const ReportDefinition& definition, std::string owner);

// Counts every table of a definition that Validate let pass. Fails as Population::Count.
Result<RawFamily> CountFamily(const Population& population, const ReportDefinition& definition,
                              std::string owner);

}  // namespace equinode
