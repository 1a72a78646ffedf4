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

std::vector<AnswerTable> ShowAll(const RawFamily& raw, const std::vector<bool>& withheld,
                                 const ReleaseFamily& family, const CellStatuses& statuses) {
  std::vector<AnswerTable> tables;
  std::size_t next = 0;  // Of the family, which has the others only.
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    const RawTable& counts = raw.tables[i].counts;
    if (withheld[i]) {
      tables.push_back(
          {raw.tables[i].id, counts.measure, counts.stratifier, {}, true, "NOT_DECIDED"});
    } else {
      tables.push_back(Show(raw.tables[i], family.tables()[next++], family, statuses));
    }
  }
  return tables;
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
  const std::vector<std::size_t> order = LargestFirst(raw);
  std::vector<bool> withheld(raw.tables.size());
  std::size_t gone = 0;
  for (;;) {
    // What is withheld is not counted at all: its cells are in no other table, and its equations
    // say of the others only what theirs say.
    RawFamily left;
    for (std::size_t i = 0; i < raw.tables.size(); ++i) {
      if (!withheld[i]) left.tables.push_back(raw.tables[i]);
    }
    EQN_TRY(const ReleaseFamily family, ReleaseFamily::Build(left));
    const HidingPattern pattern = Hide(family.cells(), rule);
    if (pattern.decided || left.tables.empty()) {
      return ReleasedFamily(ShowAll(raw, withheld, family, pattern.statuses));
    }
    // Half of what is left: a family that is too large is soon small enough, or empty.
    const std::size_t more = (order.size() - gone + 1) / 2;
    for (std::size_t i = 0; i < more; ++i) withheld[order[gone++]] = true;
  }
}

}  // namespace equinode
