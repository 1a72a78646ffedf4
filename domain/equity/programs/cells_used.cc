// Which counts a figure is made from: for the audit trail of a row, and for simulations.
#include <algorithm>

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

std::vector<Scorer::Used> Scorer::UsedBy(std::size_t row) const {
  std::vector<Used> out;
  for (const Figure* figure : figures_) {
    if (figure->level != rows_[row].level) continue;
    ForEachName(figure->rule, [&](std::string_view name) {
      const auto cell = CellNameOf(name);
      if (!cell) return;
      const bool there = std::ranges::any_of(out, [&](const Used& used) {
        return used.who == cell->who && used.period == cell->period;
      });
      const std::size_t at = CellAt(row, cell->who, cell->period);
      if (!there && at != kNowhere) out.push_back({cell->who, std::string(cell->period), at});
    });
  }
  // Oldest period first; within one, the group before whom it is compared with.
  const auto& periods = programme_->periods;
  std::ranges::stable_sort(out, {}, [&](const Used& used) {
    return std::pair{std::ranges::find(periods, used.period) - periods.begin(), used.who};
  });
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
    const ProgrammeMeasure* measure = MeasureOf(rows_[row].measure);
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
