#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

Pattern EverythingShown(const Family& family) {
  Pattern pattern;
  pattern.cells.reserve(family.cells.size());
  for (const FamilyCell& cell : family.cells) {
    pattern.cells.push_back(cell.kind == CellKind::kUnprinted ? CellState::kDropped
                                                              : CellState::kShown);
  }
  pattern.rates_shown.assign(family.rates.size(), 1);
  return pattern;
}

Status CheckPattern(const Family& family, const Pattern& pattern) {
  if (pattern.cells.size() != family.cells.size() ||
      pattern.rates_shown.size() != family.rates.size()) {
    return Error{Code::kInvalidArgument, "BAD_PATTERN", "the pattern is not of this family"};
  }
  if (!family.zeros_printed) return Ok();
  for (std::size_t i = 0; i < family.cells.size(); ++i) {
    const bool marked =
        pattern.cells[i] == CellState::kHidden || family.cells[i].kind == CellKind::kHiddenBefore;
    if (marked && family.cells[i].count == 0) {
      return Error{Code::kInvalidArgument, "ZERO_HIDDEN",
                   "cell '" + family.cells[i].name +
                       "' is 0 and hidden, but this family always prints its zeros"};
    }
  }
  return Ok();
}

}  // namespace equinode::privacy
