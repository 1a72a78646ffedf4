// Which counts a figure is made from: for the audit trail of a row, and for simulations.
#include <algorithm>

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

// Oldest period first; within one, the group before whom it is compared with.
void Scorer::ListUsed() {
  const auto& periods = programme_->periods;
  for (const Figure* figure : figures_) {
    std::vector<Used>& used = used_[static_cast<std::size_t>(figure->level)];
    ForEachName(figure->rule, [&](std::string_view name) {
      const auto cell = CellNameOf(name);
      if (!cell) return;
      const bool there = std::ranges::any_of(used, [&](const Used& each) {
        return each.who == cell->who && each.period == cell->period;
      });
      if (!there) used.push_back({cell->who, std::string(cell->period), kNowhere});
    });
    std::ranges::stable_sort(used, {}, [&](const Used& each) {
      return std::pair{std::ranges::find(periods, each.period) - periods.begin(), each.who};
    });
  }
}

std::vector<Scorer::Used> Scorer::UsedBy(std::size_t row) const {
  std::vector<Used> out;
  for (const Used& each : used_[static_cast<std::size_t>(rows_[row].level)]) {
    const std::size_t cell = CellAt(row, each.who, each.period);
    if (cell != kNowhere) out.push_back({each.who, each.period, cell});
  }
  return out;
}

std::set<std::size_t> Scorer::CellsOf(std::size_t row, std::size_t figure) const {
  std::set<std::size_t> cells;
  std::set<std::pair<std::size_t, std::size_t>> seen{{row, figure}};
  Collect(row, figures_[figure]->rule, cells, seen);
  return cells;
}

void Scorer::Collect(std::size_t row, const Expression& rule, std::set<std::size_t>& cells,
                     std::set<std::pair<std::size_t, std::size_t>>& seen) const {
  if (rule.kind == Expression::Kind::kCall && rule.word == "none") return;
  if (rule.kind == Expression::Kind::kCall && ArgumentsOf(rule.word) < 0) {
    std::vector<std::size_t> rows;
    if (rule.word == "place") {
      rows = rows_[rows_[row].parent].below;
    } else {
      rows = RowsBelow(row, LevelBelow(row, rule.parts[0]));
    }
    for (const std::size_t each : rows) {
      for (const Expression& part : rule.parts) Collect(each, part, cells, seen);
    }
    return;
  }
  for (const Expression& part : rule.parts) Collect(row, part, cells, seen);
  if (rule.kind != Expression::Kind::kName) return;
  if (const auto name = CellNameOf(rule.word)) {
    const std::size_t cell = CellAt(row, name->who, name->period);
    if (cell != kNowhere) cells.insert(cell);
    const ProgrammeMeasure* measure = rows_[row].listed;
    if (measure == nullptr) return;
    for (const std::string& part : measure->mean_of) {
      const std::size_t at =
          FindCell({rows_[row].organisation, part, std::string(name->period), rows_[row].group});
      if (at != kNowhere) cells.insert(at);
    }
    return;
  }
  if (rule.word.starts_with("pool_") && pool_ != nullptr) {
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) cells.insert(cell);
    return;
  }
  const std::size_t figure = FigureAt(rule.word);
  if (figure == kNowhere) return;
  const std::size_t at = Above(row, figures_[figure]->level);
  if (at != kNowhere && seen.insert({at, figure}).second) {
    Collect(at, figures_[figure]->rule, cells, seen);
  }
}

}  // namespace equinode::equity::programs
