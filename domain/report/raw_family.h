// The raw counts of a whole definition, from one state of the population: the input of the release
// gate and of nothing else.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/counts/computed_measure.h"
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

// Counts every table of a definition that Validate let pass, with `computed` for its measures of
// needs and referrals. Fails as Population::Count.
Result<RawFamily> CountFamily(const Population& population, const ReportDefinition& definition,
                              std::string owner, std::span<const ComputedMeasure> computed = {});

// Those of a definition's measures that are computed from needs and referrals, each once, sorted.
std::vector<std::string> ComputedMeasuresOf(const ReportDefinition& definition);

}  // namespace equinode
