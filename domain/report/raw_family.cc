#include "domain/report/raw_family.h"

#include <set>
#include <utility>

#include "domain/report/answer.h"

namespace equinode {

CountScope ScopeOf(const ReportDefinition& definition, std::string owner) {
  return {.payer = definition.payer,
          .day = definition.period_end,
          .measure_period = definition.measure_period,
          .age_band_starts = definition.age_band_starts,
          .owner = std::move(owner)};
}

Result<RawFamily> CountFamily(const Population& population, const ReportDefinition& definition,
                              std::string owner, std::span<const ComputedMeasure> computed) {
  const CountScope scope = ScopeOf(definition, std::move(owner));
  std::vector<TableQuery> queries;
  for (const TableDefinition& table : definition.tables) {
    queries.push_back({scope, table.stratifiers.front(), table.measures});
  }
  EQN_TRY(RawCounts counts, population.Count(queries, computed));
  const std::vector<AskedTable> asked = AskedTables(definition);
  RawFamily family;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    family.tables.push_back({asked[i].table_id, std::move(counts[i])});
  }
  return family;
}

std::vector<std::string> ComputedMeasuresOf(const ReportDefinition& definition) {
  std::set<std::string> computed;
  for (const TableDefinition& table : definition.tables) {
    for (const std::string& measure : table.measures) {
      if (IsComputedMeasure(measure)) computed.insert(measure);
    }
  }
  return {computed.begin(), computed.end()};
}

}  // namespace equinode
