#include "domain/privacy/protect/protect.h"

#include <algorithm>
#include <set>

#include "domain/privacy/family/blocks.h"

namespace equinode::privacy {
namespace {

// What is given up, step by step.
class Retreat {
 public:
  explicit Retreat(const Family& family) : family_(family), start_(EverythingShown(family)) {}

  const Pattern& start() const { return start_; }

  void DropAll(Protected* outcome) {
    for (Cell cell = 0; cell < family_.cells.size(); ++cell) {
      if (Drop(cell)) outcome->block_withheld = true;
    }
  }

  // Gives up something for each of these small counts. False when nothing is left to give up.
  bool GiveUpFor(const std::vector<Cell>& cells, Protected* outcome) {
    std::vector<bool> joins(family_.cells.size());
    for (Cell cell = 0; cell < joins.size(); ++cell) joins[cell] = Droppable(cell, false);
    const std::vector<std::uint32_t> block = BlockOf(family_, joins);
    std::set<std::size_t> coarsenings, tables;
    std::set<std::uint32_t> blocks;
    std::vector<Cell> details;
    bool all = false;
    for (const Cell cell : cells) {
      if (const auto step = Step(cell, block)) {
        coarsenings.insert(*step);
      } else if (HasDetail(cell)) {
        details.push_back(cell);
      } else if (const auto table = Table(cell, block)) {
        tables.insert(*table);
      } else if (block[cell] != kNoBlock && Drops(block, block[cell])) {
        blocks.insert(block[cell]);
      } else {
        all = true;
      }
    }
    bool changed = false;
    for (const std::size_t step : coarsenings) {
      for (const Cell cell : family_.coarsenings[step].drops) changed |= Drop(cell);
      for (const Cell cell : family_.coarsenings[step].shows) {
        start_.cells[cell] = CellState::kShown;
        changed = true;
      }
      used_.insert(step);
      outcome->coarsened.push_back(step);
    }
    for (const Cell cell : details) {
      if (DropDetail(cell)) changed = outcome->detail_withheld = true;
    }
    for (const std::size_t table : tables) {
      for (const Cell cell : family_.tables[table].cells) changed |= Drop(cell);
      outcome->withheld.push_back(table);
    }
    for (Cell cell = 0; cell < joins.size(); ++cell) {
      if (block[cell] != kNoBlock && blocks.count(block[cell]) && Drop(cell)) {
        changed = outcome->block_withheld = true;
      }
    }
    if (changed || !all) return changed;
    // Last: what the publisher would keep, in the blocks that these counts are in.
    for (Cell cell = 0; cell < joins.size(); ++cell) joins[cell] = Droppable(cell, true);
    const std::vector<std::uint32_t> whole = BlockOf(family_, joins);
    blocks.clear();
    for (const Cell cell : cells) blocks.insert(whole[cell]);
    blocks.erase(kNoBlock);
    for (Cell cell = 0; cell < joins.size(); ++cell) {
      if (blocks.count(whole[cell]) && Drop(cell)) changed = outcome->block_withheld = true;
    }
    return changed;
  }

 private:
  bool Droppable(Cell cell, bool kept_too) const {
    const CellKind kind = family_.cells[cell].kind;
    return kind != CellKind::kPublished && (kept_too || kind != CellKind::kKept);
  }

  bool Drop(Cell cell) {
    if (!Droppable(cell, true) || start_.cells[cell] == CellState::kDropped) return false;
    start_.cells[cell] = CellState::kDropped;
    return true;
  }

  // What a small total is the sum of. Where zeros are known a total is at least the number of its
  // parts that are not 0, so it cannot look like 1 unless they are not printed at all.
  bool HasDetail(Cell cell) const {
    for (const Equation& equation : family_.equations) {
      if (equation.total != cell) continue;
      for (const Cell part : equation.parts) {
        if (Droppable(part, false) && start_.cells[part] != CellState::kDropped) return true;
      }
    }
    return false;
  }
  bool DropDetail(Cell cell) {
    std::vector<Cell> totals = {cell};
    bool changed = false;
    for (std::size_t i = 0; i < totals.size(); ++i) {
      for (const Equation& equation : family_.equations) {
        if (equation.total != totals[i]) continue;
        for (const Cell part : equation.parts) {
          if (!Droppable(part, false) || !Drop(part)) continue;
          changed = true;
          totals.push_back(part);
        }
      }
    }
    return changed;
  }

  bool Drops(const std::vector<std::uint32_t>& block, std::uint32_t of) const {
    for (Cell cell = 0; cell < block.size(); ++cell) {
      if (block[cell] == of && start_.cells[cell] != CellState::kDropped) return true;
    }
    return false;
  }

  // The first step not yet taken that touches the cell's block.
  std::optional<std::size_t> Step(Cell cell, const std::vector<std::uint32_t>& block) const {
    for (std::size_t i = 0; i < family_.coarsenings.size(); ++i) {
      if (used_.count(i)) continue;
      const Coarsening& step = family_.coarsenings[i];
      const auto touches = [&](Cell other) {
        return other == cell || (block[cell] != kNoBlock && block[other] == block[cell]);
      };
      if (std::any_of(step.drops.begin(), step.drops.end(), touches) ||
          std::any_of(step.shows.begin(), step.shows.end(), touches)) {
        return i;
      }
    }
    return std::nullopt;
  }

  // The first table with the cell that still prints something; else, of those in its block, the one
  // that prints most.
  std::optional<std::size_t> Table(Cell cell, const std::vector<std::uint32_t>& block) const {
    std::optional<std::size_t> largest;
    std::size_t most = 0;
    for (std::size_t i = 0; i < family_.tables.size(); ++i) {
      std::size_t shown = 0;
      bool tied = false, holds = false;
      for (const Cell other : family_.tables[i].cells) {
        holds |= other == cell;
        tied |= block[cell] != kNoBlock && block[other] == block[cell];
        shown += Droppable(other, true) && start_.cells[other] != CellState::kDropped;
      }
      if (shown == 0) continue;
      if (holds) return i;
      if (tied && shown > most) {
        most = shown;
        largest = i;
      }
    }
    return largest;
  }

  const Family& family_;
  Pattern start_;
  std::set<std::size_t> used_{};
};

std::vector<RateMark> Marks(const Family& family, const Pattern& pattern) {
  std::vector<RateMark> marks;
  for (std::size_t i = 0; i < family.rates.size(); ++i) {
    const Rate& rate = family.rates[i];
    const bool both =
        ReaderHas(family, pattern, rate.numerator) && ReaderHas(family, pattern, rate.denominator);
    marks.push_back(pattern.rates_shown[i] ? RateMark::kShown
                    : both                 ? RateMark::kFew
                                           : RateMark::kHidden);
  }
  return marks;
}

}  // namespace

Result<Protected> Protect(const Family& family, const ProtectOptions& options) {
  EQN_CHECK(Check(family));
  AuditOptions audit;
  audit.small = options.rules.small;
  audit.level = options.rules.level;
  audit.max_effort = options.max_effort;
  Retreat retreat(family);
  Protected outcome;
  for (;;) {
    Proposal proposal = Suppress(family, retreat.start(), options.rules);
    std::vector<Cell> failed = proposal.out_of_reach;
    outcome.pattern = std::move(proposal.pattern);
    if (failed.empty()) {
      EQN_TRY(outcome.audit, Audit(family, outcome.pattern, audit));
      outcome.safe = outcome.audit.verdict == Verdict::kSafe;
      if (outcome.safe) break;
      for (const Finding& finding : outcome.audit.findings) {
        if (!finding.safe) failed.push_back(finding.cell);
      }
    }
    if (!retreat.GiveUpFor(failed, &outcome)) {
      retreat.DropAll(&outcome);
      outcome.pattern = retreat.start();
      outcome.pattern.rates_shown.assign(family.rates.size(), 0);
      EQN_TRY(outcome.audit, Audit(family, outcome.pattern, audit));
      outcome.safe = outcome.audit.verdict == Verdict::kSafe;
      break;
    }
  }
  outcome.rates = Marks(family, outcome.pattern);
  return outcome;
}

}  // namespace equinode::privacy
