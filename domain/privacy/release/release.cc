#include "domain/privacy/release/release.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "domain/privacy/release/family.h"
#include "domain/privacy/release/too_few.h"

namespace equinode {
namespace {

// By table: why it is withheld; empty where it is not.
using Reasons = std::vector<std::string>;

constexpr const char* kTooFew = "TOO_FEW";
constexpr const char* kNotDecided = "NOT_DECIDED";

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

std::vector<AnswerTable> ShowAll(const RawFamily& raw, const Reasons& withheld,
                                 const ReleaseFamily& family, const CellStatuses& statuses) {
  std::vector<AnswerTable> tables;
  std::size_t next = 0;  // Of the family, which has the others only.
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    const RawTable& counts = raw.tables[i].counts;
    if (!withheld[i].empty()) {
      tables.push_back(
          {raw.tables[i].id, counts.measure, counts.stratifier, {}, true, withheld[i]});
    } else {
      tables.push_back(Show(raw.tables[i], family.tables()[next++], family, statuses));
    }
  }
  return tables;
}

// The tables that are not withheld, and where they stand in the whole family.
struct Left {
  RawFamily family{};
  std::vector<std::size_t> at{};
};
Left LeftOf(const RawFamily& raw, const Reasons& withheld) {
  Left left;
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    if (!withheld[i].empty()) continue;
    left.family.tables.push_back(raw.tables[i]);
    left.at.push_back(i);
  }
  return left;
}

// Half of what is left, those with the most cells first: a family that is too large is soon small
// enough, or empty.
void WithholdHalf(const Left& left, Reasons& withheld) {
  std::vector<std::size_t> order(left.at.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) {
    return left.family.tables[i].counts.cells.size();
  });
  order.resize((order.size() + 1) / 2);
  for (const std::size_t i : order) withheld[left.at[i]] = kNotDecided;
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
  Reasons withheld(raw.tables.size());
  for (;;) {
    // What is withheld is not counted at all: its cells are in no other table, and its equations
    // say of the others only what theirs say.
    const Left left = LeftOf(raw, withheld);
    EQN_TRY(const ReleaseFamily family, ReleaseFamily::Build(left.family));
    const std::vector<bool> too_few = TablesOfTooFew(family, left.family, rule);
    if (std::ranges::count(too_few, true) > 0) {
      for (std::size_t i = 0; i < too_few.size(); ++i) {
        if (too_few[i]) withheld[left.at[i]] = kTooFew;
      }
      continue;
    }
    const HidingPattern pattern = Hide(family.cells(), rule);
    if (pattern.decided || left.at.empty()) {
      return ReleasedFamily(ShowAll(raw, withheld, family, pattern.statuses));
    }
    WithholdHalf(left, withheld);
  }
}

}  // namespace equinode
