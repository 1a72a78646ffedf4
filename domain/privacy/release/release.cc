#include "domain/privacy/release/release.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "domain/privacy/release/family.h"

namespace equinode {
namespace {

ShownValue Show(const ReleaseFamily& family, const CellStatuses& statuses, CellIndex cell) {
  if (statuses[cell] != CellStatus::kShown) return {ShownKind::kHidden, 0};
  return {ShownKind::kCount, family.cells().values[cell]};
}

AnswerTable Show(const RawFamily::Table& raw, const TableCells& cells, const ReleaseFamily& family,
                 const CellStatuses& statuses) {
  AnswerTable table{raw.id, raw.counts.measure, raw.counts.stratifier, {}, false, ""};
  for (std::size_t i = 0; i < cells.cells.size(); ++i) {
    const TableCells::Pair& pair = cells.cells[i];
    AnswerCell cell;
    if (i < raw.counts.cells.size()) cell.stratum = raw.counts.cells[i].stratum;
    cell.denominator = Show(family, statuses, pair.denominator);
    if (pair.numerator) cell.numerator = Show(family, statuses, *pair.numerator);
    table.cells.push_back(std::move(cell));
  }
  return table;
}

// Tables from the one with the most cells to the one with the fewest.
std::vector<std::size_t> LargestFirst(const RawFamily& raw) {
  std::vector<std::size_t> order(raw.tables.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::size_t i) { return raw.tables[i].counts.cells.size(); });
  return order;
}

}  // namespace

SuppressionRule RuleOf(const ReportDefinition& definition) {
  return {.from = definition.suppress_from, .to = definition.suppress_to};
}

Result<ReleasedFamily> Release(const RawFamily& raw, const SuppressionRule& rule) {
  if (rule.from != 1 || rule.to < 10) {
    return Error{Code::kInvalidArgument, "THRESHOLD_TOO_LOW",
                 "counts from 1 to at least 10 are hidden, and zeros are shown"};
  }
  EQN_TRY(const ReleaseFamily family, ReleaseFamily::Build(raw));
  const std::vector<std::size_t> order = LargestFirst(raw);
  std::vector<bool> withheld(raw.tables.size());
  std::size_t gone = 0;
  HidingPattern pattern = Hide(family.cells(), family.StatusesWithout(withheld), rule);
  while (!pattern.decided && gone < order.size()) {
    // Half of what is left: a family that is too large is soon small enough, or empty.
    const std::size_t more = (order.size() - gone + 1) / 2;
    for (std::size_t i = 0; i < more; ++i) withheld[order[gone++]] = true;
    if (gone < order.size()) {
      pattern = Hide(family.cells(), family.StatusesWithout(withheld), rule);
    }
  }
  std::vector<AnswerTable> tables;
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    if (!withheld[i]) {
      tables.push_back(Show(raw.tables[i], family.tables()[i], family, pattern.statuses));
      continue;
    }
    const RawTable& counts = raw.tables[i].counts;
    tables.push_back(
        {raw.tables[i].id, counts.measure, counts.stratifier, {}, true, "NOT_DECIDED"});
  }
  return ReleasedFamily(std::move(tables));
}

}  // namespace equinode
