#include "domain/report/pool.h"

#include <cassert>
#include <map>

namespace equinode {
namespace {

constexpr ShownValue kHiddenValue{ShownKind::kHidden, 0};

void Take(PooledValue& pooled, const ShownValue& value) {
  if (value.kind == ShownKind::kCount) pooled.shown_sum += value.count;
  if (value.kind == ShownKind::kHidden) ++pooled.nodes_hidden;
}

void Close(PooledValue& pooled, bool exists) {
  if (!exists) return;
  pooled.value =
      pooled.nodes_hidden > 0 ? kHiddenValue : ShownValue{ShownKind::kCount, pooled.shown_sum};
}

PooledTable PoolOne(const AskedTable& asked, std::size_t at, std::span<const NodeAnswer> answers) {
  PooledTable pooled{asked.table_id, asked.measure, asked.stratifier, {}, 0};
  const bool has_numerator = asked.measure != kMeasurePopulation;
  std::map<std::string, PooledCell> cells;  // The total, "", is the first.
  cells[""];
  for (const NodeAnswer& answer : answers) {
    assert(at < answer.tables.size());
    const AnswerTable& table = answer.tables[at];
    if (table.withheld) ++pooled.nodes_withheld;
    for (const AnswerCell& cell : table.cells) {
      Take(cells[cell.stratum].denominator, cell.denominator);
      Take(cells[cell.stratum].numerator, cell.numerator);
    }
  }
  for (auto& [stratum, cell] : cells) {
    cell.stratum = stratum;
    cell.denominator.nodes_hidden += pooled.nodes_withheld;
    if (has_numerator) cell.numerator.nodes_hidden += pooled.nodes_withheld;
    Close(cell.denominator, true);
    Close(cell.numerator, has_numerator);
    if (!stratum.empty()) pooled.cells.push_back(cell);
  }
  pooled.cells.push_back(cells[""]);
  return pooled;
}

}  // namespace

std::vector<PooledTable> Pool(const ReportDefinition& definition,
                              std::span<const NodeAnswer> answers) {
  std::vector<PooledTable> tables;
  if (answers.empty()) return tables;
  const std::vector<AskedTable> asked = AskedTables(definition);
  for (std::size_t i = 0; i < asked.size(); ++i) tables.push_back(PoolOne(asked[i], i, answers));
  return tables;
}

}  // namespace equinode
