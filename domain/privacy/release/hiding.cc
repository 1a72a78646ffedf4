#include "domain/privacy/release/hiding.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "domain/privacy/release/bounds.h"
#include "domain/privacy/release/elimination.h"
#include "domain/privacy/release/proof.h"

namespace equinode {
namespace {

class Hiding {
 public:
  Hiding(const LinkedCells& cells, const SuppressionRule& rule)
      : cells_(cells),
        rule_(rule),
        statuses_(cells.values.size(), CellStatus::kShown),
        work_{rule.max_work} {}

  HidingPattern Run() {
    for (CellIndex cell = 0; cell < cells_.values.size(); ++cell) {
      if (Small(cell)) statuses_[cell] = CellStatus::kHidden;
    }
    for (;;) {
      if (!BalanceEquations()) return {statuses_, false};
      const std::optional<bool> more = HideWhatBetrays();
      if (!more.has_value()) return {statuses_, false};
      if (!*more) return {statuses_, true};
    }
  }

 private:
  bool Small(CellIndex cell) const {
    return cells_.values[cell] >= rule_.from && cells_.values[cell] <= rule_.to;
  }
  bool Hidden(CellIndex cell) const { return statuses_[cell] == CellStatus::kHidden; }
  bool MayHide(CellIndex cell) const { return !Hidden(cell) && cells_.values[cell] > 0; }

  // Rule 2 for one equation.
  bool Balanced(const CellEquation& equation) const {
    std::uint64_t hidden = 0;
    std::uint64_t sum = 0;
    bool some_shown = false;
    const auto count = [&](CellIndex cell) {
      some_shown = some_shown || MayHide(cell);
      if (!Hidden(cell)) return;
      ++hidden;
      sum += cells_.values[cell];
    };
    for (const CellIndex part : equation.parts) count(part);
    count(equation.total);
    if (hidden == 0 || (equation.within_stratum && !some_shown)) return true;
    return hidden >= 2 && sum >= rule_.to - 1 + hidden;
  }

  template <typename Cells>
  std::optional<CellIndex> Smallest(const Cells& candidates) const {
    std::optional<CellIndex> best;
    for (const CellIndex cell : candidates) {
      if (!MayHide(cell)) continue;
      if (!best || std::pair(cells_.values[cell], cell) < std::pair(cells_.values[*best], *best)) {
        best = cell;
      }
    }
    return best;
  }

  bool HideSmallest(const std::vector<CellIndex>& candidates) {
    const std::optional<CellIndex> cell = Smallest(candidates);
    if (!cell) return false;
    statuses_[*cell] = CellStatus::kHidden;
    return true;
  }

  bool BalanceEquations() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (const CellEquation& equation : cells_.equations) {
        if (!work_.Spend(equation.parts.size() + 1)) return false;
        while (!Balanced(equation)) {
          std::vector<CellIndex> all = equation.parts;
          all.push_back(equation.total);
          if (!HideSmallest(all)) return false;
          changed = true;
        }
      }
    }
    return true;
  }

  // Rule 3. True when something more was hidden; nothing when undecided.
  std::optional<bool> HideWhatBetrays() {
    std::vector<Row> rows = RowsOf(cells_, statuses_);
    const auto eliminated = Eliminate(rows, statuses_, work_);
    if (!eliminated) return std::nullopt;
    bool hid = false;
    for (const Row& row : *eliminated) {
      const std::optional<CellIndex> alone = Alone(row);
      // Not alone any more when something of the row was hidden for a row before.
      if (!alone) continue;
      std::vector<CellIndex> from;
      for (const Term& term : row) from.push_back(term.cell);
      if (!HideSmallest(from)) return std::nullopt;
      hid = true;
    }
    if (hid) return true;

    rows.insert(rows.end(), eliminated->begin(), eliminated->end());
    const auto bounds = Bounds(cells_, statuses_, rows, work_);
    if (!bounds) return std::nullopt;
    for (CellIndex cell = 0; cell < cells_.values.size(); ++cell) {
      if (!Small(cell) || !(*bounds)[cell].single()) continue;
      if (!HideNear(cell)) return std::nullopt;
      return true;
    }
    // Bounds are quick and see most. What they do not see, the audit does.
    const auto without = WithoutProof(cells_, statuses_, rule_.from, rule_.to, rule_.max_work);
    if (!without) return std::nullopt;
    for (const CellIndex cell : *without) {
      if (!HideNear(cell)) return std::nullopt;
      hid = true;
    }
    return hid;
  }

  std::optional<CellIndex> Alone(const Row& row) const {
    std::optional<CellIndex> alone;
    for (const Term& term : row) {
      if (!Hidden(term.cell)) continue;
      if (alone) return std::nullopt;
      alone = term.cell;
    }
    return alone;
  }

  // Hides the smallest cell that shares an equation with `cell`, or with those that do, and so on
  // outwards until there is one.
  bool HideNear(CellIndex cell) {
    std::vector<CellIndex> near = {cell};
    std::vector<bool> seen(cells_.values.size());
    seen[cell] = true;
    for (;;) {
      const std::size_t before = near.size();
      std::vector<CellIndex> next;
      for (const CellEquation& equation : cells_.equations) {
        const bool touches =
            seen[equation.total] ||
            std::ranges::any_of(equation.parts, [&](CellIndex part) { return seen[part]; });
        if (!touches) continue;
        next.push_back(equation.total);
        next.insert(next.end(), equation.parts.begin(), equation.parts.end());
      }
      for (const CellIndex other : next) {
        if (seen[other]) continue;
        seen[other] = true;
        near.push_back(other);
      }
      if (HideSmallest(near)) return true;
      if (near.size() == before) return false;
    }
  }

  const LinkedCells& cells_;
  const SuppressionRule& rule_;
  CellStatuses statuses_;
  Work work_;
};

}  // namespace

HidingPattern Hide(const LinkedCells& cells, const SuppressionRule& rule) {
  return Hiding(cells, rule).Run();
}

bool TooFewToHide(const LinkedCells& cells, const CellEquation& equation,
                  const SuppressionRule& rule) {
  const std::uint64_t total = cells.values[equation.total];
  if (equation.within_stratum || total < rule.from || total > rule.to) return false;
  const auto parts = static_cast<std::uint64_t>(std::ranges::count_if(
      equation.parts, [&](CellIndex part) { return cells.values[part] > 0; }));
  // The total counts beside its parts, whose sum it is. Past `to` there are always enough.
  return 2 * total < rule.to - 1 + parts + 1;
}

}  // namespace equinode
