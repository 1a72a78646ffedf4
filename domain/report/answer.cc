#include "domain/report/answer.h"

namespace equinode {
namespace {

constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 53;
constexpr std::size_t kMaxCells = 70'000;
constexpr std::size_t kMaxStratum = 512;

bool GoodValue(const ShownValue& value, bool expected) {
  if ((value.kind != ShownKind::kNone) != expected) return false;
  return value.kind == ShownKind::kCount ? value.count < kMaxCount : value.count == 0;
}

bool GoodCells(const AnswerTable& table) {
  if (table.withheld) return table.cells.empty();
  if (table.cells.empty() || table.cells.size() > kMaxCells) return false;
  const bool has_numerator = table.measure != kMeasurePopulation;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const AnswerCell& cell = table.cells[i];
    const bool last = i + 1 == table.cells.size();
    if (cell.stratum.empty() != last || cell.stratum.size() > kMaxStratum) return false;
    if (i > 0 && !last && table.cells[i - 1].stratum >= cell.stratum) return false;
    if (!GoodValue(cell.denominator, true) || !GoodValue(cell.numerator, has_numerator))
      return false;
  }
  return true;
}

}  // namespace

std::vector<AskedTable> AskedTables(const ReportDefinition& definition) {
  std::vector<AskedTable> asked;
  for (const TableDefinition& table : definition.tables) {
    for (const std::string& measure : table.measures) {
      asked.push_back({table.id, measure, table.stratifiers.front()});
    }
  }
  return asked;
}

Status CheckAnswer(const NodeAnswer& answer, const ReportDefinition& definition) {
  const Error bad{Code::kInvalidArgument, "BAD_ANSWER",
                  "the answer does not have the form that the report definition asks for"};
  const std::vector<AskedTable> asked = AskedTables(definition);
  if (answer.tables.size() != asked.size()) return bad;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const AnswerTable& table = answer.tables[i];
    if (table.table_id != asked[i].table_id || table.measure != asked[i].measure ||
        table.stratifier != asked[i].stratifier || !GoodCells(table)) {
      return bad;
    }
  }
  return Ok();
}

}  // namespace equinode
