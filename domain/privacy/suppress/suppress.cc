#include "domain/privacy/suppress/suppress.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "domain/privacy/family/blocks.h"
#include "domain/privacy/suppress/moves.h"

namespace equinode::privacy {
namespace {

// Small counts are dear to nobody: few people's counts are lost when they are hidden.
double CostOf(const FamilyCell& cell) {
  return 1 + std::log1p(static_cast<double>(cell.count)) + (cell.important ? 1000 : 0);
}

// What a small count must be free to do.
struct Demand {
  Cell cell = 0;
  bool up = true;
  bool either = false;  // Level exact: any change, either way.
  std::int64_t least = 0;
  std::optional<std::size_t> move{};  // By which it is met.
};

bool Meets(const Demand& demand, const Move& move) {
  const auto found = move.find(demand.cell);
  if (found == move.end()) return false;
  if (demand.either) return found->second != 0;
  return (demand.up ? found->second : -found->second) >= demand.least;
}

// The family with cells and equations in an order that does not depend on how they were listed.
struct Canonical {
  explicit Canonical(const Family& original) : rank(original.cells.size()) {
    order.resize(original.cells.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](Cell a, Cell b) { return original.cells[a].name < original.cells[b].name; });
    for (Cell at = 0; at < order.size(); ++at) rank[order[at]] = at;
    family.zeros_printed = original.zeros_printed;
    for (const Cell cell : order) family.cells.push_back(original.cells[cell]);
    for (const Equation& equation : original.equations) {
      Equation moved{rank[equation.total], {}};
      for (const Cell part : equation.parts) moved.parts.push_back(rank[part]);
      std::sort(moved.parts.begin(), moved.parts.end());
      family.equations.push_back(std::move(moved));
    }
    std::sort(family.equations.begin(), family.equations.end(),
              [](const Equation& a, const Equation& b) {
                return a.total != b.total ? a.total < b.total : a.parts < b.parts;
              });
    for (const Rate& rate : original.rates) {
      Rate moved = rate;
      moved.numerator = rank[rate.numerator];
      moved.denominator = rank[rate.denominator];
      family.rates.push_back(moved);
    }
    std::sort(family.rates.begin(), family.rates.end(), [](const Rate& a, const Rate& b) {
      return std::tie(a.numerator, a.denominator, a.decimals, a.published) <
             std::tie(b.numerator, b.denominator, b.decimals, b.published);
    });
  }
  std::vector<Cell> order{};  // From rank to cell.
  std::vector<Cell> rank;     // From cell to rank.
  Family family{};
};

class BlockSuppressor {
 public:
  BlockSuppressor(const Family& family, const SuppressOptions& options, std::vector<Cell> members,
                  Pattern& pattern)
      : family_(family), options_(options), members_(std::move(members)), pattern_(pattern) {}

  // Hides until every demand is met; returns the small counts for which that cannot be done.
  std::vector<Cell> Run() {
    MakeDemands();
    std::vector<Cell> failed;
    const bool some_shown = std::any_of(members_.begin(), members_.end(), [&](Cell cell) {
      return pattern_.cells[cell] == CellState::kShown;
    });
    if (demands_.empty() || !some_shown) return failed;  // Nothing to choose: the audit judges.
    MoveFinder finder(family_, Mobiles(members_));
    for (Demand& demand : demands_) {
      if (Met(demand)) continue;
      std::optional<Move> move = Cheapest(finder, demand);
      if (!move) {
        failed.push_back(demand.cell);
        continue;
      }
      for (const auto& [cell, by] : *move) {
        if (pattern_.cells[cell] == CellState::kShown) {
          pattern_.cells[cell] = CellState::kHidden;
          finder.Free(cell);
        }
      }
      demand.move = moves_.size();
      moves_.push_back(std::move(move));
    }
    std::sort(failed.begin(), failed.end());
    failed.erase(std::unique(failed.begin(), failed.end()), failed.end());
    if (failed.empty()) ShowAgain();  // Else nobody will use the pattern.
    return failed;
  }

 private:
  bool Small(Cell cell) const { return options_.small.Has(family_.cells[cell].count); }

  std::vector<Mobile> Mobiles(const std::vector<Cell>& cells) const {
    std::vector<Mobile> mobiles;
    for (const Cell cell : cells) {
      const FamilyCell& one = family_.cells[cell];
      const bool shown = pattern_.cells[cell] == CellState::kShown;
      const bool marked =
          pattern_.cells[cell] != CellState::kDropped || one.kind == CellKind::kHiddenBefore;
      // A little more for each later one, so that of two equal ways one is the cheaper.
      const double tie =
          1 + 1e-5 * static_cast<double>(mobiles.size()) / static_cast<double>(cells.size());
      mobiles.push_back({cell, one.count, marked && family_.zeros_printed ? 1 : 0,
                         shown ? CostOf(one) * tie : 0});
    }
    return mobiles;
  }

  void MakeDemands() {
    std::vector<Cell> small;
    for (const Cell cell : members_) {
      if (Small(cell)) small.push_back(cell);
    }
    std::stable_sort(small.begin(), small.end(), [&](Cell a, Cell b) {
      return family_.cells[a].count > family_.cells[b].count;
    });
    for (const Cell cell : small) {
      const std::int64_t count = family_.cells[cell].count;
      if (options_.level == Level::kExact) {
        demands_.push_back({cell, true, true, 1});
        continue;
      }
      if (count < options_.small.to) {
        demands_.push_back({cell, true, false, options_.small.to - count});
      }
      if (count > options_.small.from) {
        demands_.push_back({cell, false, false, count - options_.small.from});
      }
    }
  }

  bool Met(Demand& demand) const {
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (!Meets(demand, *moves_[i])) continue;
      demand.move = i;
      return true;
    }
    return false;
  }

  double CostOfMove(const Move& move) const {
    double cost = 0;
    for (const auto& [cell, by] : move) {
      if (pattern_.cells[cell] == CellState::kShown) cost += CostOf(family_.cells[cell]);
    }
    return cost;
  }

  std::optional<Move> Cheapest(MoveFinder& finder, const Demand& demand) const {
    std::optional<Move> move = finder.Find(demand.cell, demand.up, demand.least);
    if (!demand.either) return move;
    std::optional<Move> other = finder.Find(demand.cell, !demand.up, demand.least);
    if (!move || (other && CostOfMove(*other) < CostOfMove(*move))) return other;
    return move;
  }

  // Shows again what the moves can do without, the dearest first. Each cell once: what was needed
  // stays needed when less is hidden.
  void ShowAgain() {
    std::vector<Cell> hidden, spare;
    for (const Cell cell : members_) {
      if (pattern_.cells[cell] == CellState::kShown) continue;
      hidden.push_back(cell);
      if (pattern_.cells[cell] == CellState::kHidden && !Small(cell)) spare.push_back(cell);
    }
    std::stable_sort(spare.begin(), spare.end(), [&](Cell a, Cell b) {
      return CostOf(family_.cells[a]) > CostOf(family_.cells[b]);
    });
    if (spare.empty()) return;
    IndexEquations();
    MoveFinder finder(family_, Mobiles(hidden));
    for (const Cell cell : spare) {
      if (GivesAway(cell)) continue;
      finder.Pin(cell, true);
      if (DoWithout(finder, cell)) {
        pattern_.cells[cell] = CellState::kShown;
      } else {
        finder.Pin(cell, false);
      }
    }
  }

  bool DoWithout(MoveFinder& finder, Cell cell) {
    const auto usable = [&](const std::optional<Move>& move) { return move && !move->count(cell); };
    const std::size_t before = moves_.size();
    std::vector<std::pair<std::size_t, std::size_t>> met;  // Demand and its other move.
    for (const std::size_t d : ByNearness(cell)) {
      const Demand& demand = demands_[d];
      if (!demand.move || usable(moves_[*demand.move])) continue;
      std::size_t i = 0;
      while (i < moves_.size() && !(usable(moves_[i]) && Meets(demand, *moves_[i]))) ++i;
      if (i == moves_.size()) {
        std::optional<Move> move = Cheapest(finder, demand);
        if (!move) {
          moves_.resize(before);
          return false;
        }
        moves_.push_back(std::move(move));
      }
      met.emplace_back(d, i);
    }
    for (std::optional<Move>& move : moves_) {
      if (!usable(move)) move.reset();
    }
    for (const auto& [demand, move] : met) demands_[demand].move = move;
    return true;
  }

  // Demands in the order in which they most likely fail without `cell`: those of cells that share
  // an equation with it first.
  std::vector<std::size_t> ByNearness(Cell cell) const {
    std::vector<bool> near(family_.cells.size(), false);
    for (const std::size_t e : equations_of_[cell]) {
      near[family_.equations[e].total] = true;
      for (const Cell part : family_.equations[e].parts) near[part] = true;
    }
    std::vector<std::size_t> order(demands_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t d) { return near[demands_[d].cell]; });
    return order;
  }

  // Would showing `cell` leave a small count alone among the unseen of some equation, at once or
  // after others were worked out so? Quick, and enough for most.
  bool GivesAway(Cell cell) const {
    std::vector<Cell> known = {cell};
    std::vector<bool> seen(family_.cells.size(), false);
    seen[cell] = true;
    for (std::size_t i = 0; i < known.size(); ++i) {
      for (const std::size_t e : equations_of_[known[i]]) {
        Cell alone = kNoBlock;
        std::size_t unseen = 0;
        const auto look = [&](Cell each) {
          if (!in_block_[each] || pattern_.cells[each] == CellState::kShown || seen[each]) return;
          alone = each;
          ++unseen;
        };
        look(family_.equations[e].total);
        for (const Cell part : family_.equations[e].parts) {
          if (unseen > 1) break;
          look(part);
        }
        if (unseen != 1) continue;
        if (Demanded(alone)) return true;
        seen[alone] = true;
        known.push_back(alone);
      }
    }
    return false;
  }

  bool Demanded(Cell cell) const {
    return std::any_of(demands_.begin(), demands_.end(),
                       [&](const Demand& demand) { return demand.cell == cell && demand.move; });
  }

  void IndexEquations() {
    equations_of_.resize(family_.cells.size());
    in_block_.resize(family_.cells.size(), false);
    for (const Cell cell : members_) in_block_[cell] = true;
    for (std::size_t e = 0; e < family_.equations.size(); ++e) {
      equations_of_[family_.equations[e].total].push_back(e);
      for (const Cell part : family_.equations[e].parts) equations_of_[part].push_back(e);
    }
  }

  const Family& family_;
  const SuppressOptions& options_;
  const std::vector<Cell> members_;
  Pattern& pattern_;
  std::vector<Demand> demands_{};
  std::vector<std::optional<Move>> moves_{};  // Nothing where one was given up.
  std::vector<std::vector<std::size_t>> equations_of_{};
  std::vector<bool> in_block_{};
};

// May a move change this cell at all?
bool Movable(const Family& family, const Pattern& pattern, Cell cell, const SmallCounts& small) {
  const FamilyCell& one = family.cells[cell];
  if (one.kind == CellKind::kPublished) return false;
  if (pattern.cells[cell] != CellState::kShown) return true;
  return one.count > 0 && (one.kind != CellKind::kKept || small.Has(one.count));
}

}  // namespace

Proposal Suppress(const Family& family, const Pattern& start, const SuppressOptions& options) {
  const Canonical canonical(family);
  Pattern pattern;
  for (const Cell cell : canonical.order) pattern.cells.push_back(start.cells[cell]);
  std::vector<bool> movable;
  for (Cell at = 0; at < canonical.order.size(); ++at) {
    movable.push_back(Movable(canonical.family, pattern, at, options.small));
    if (movable[at] && pattern.cells[at] == CellState::kShown &&
        options.small.Has(canonical.family.cells[at].count)) {
      pattern.cells[at] = CellState::kHidden;
    }
  }
  const std::vector<std::uint32_t> block = BlockOf(canonical.family, movable);
  std::vector<std::vector<Cell>> members;
  for (Cell at = 0; at < block.size(); ++at) {
    if (block[at] == kNoBlock) continue;
    if (members.size() <= block[at]) members.resize(block[at] + 1);
    members[block[at]].push_back(at);
  }
  Proposal proposal;
  for (std::vector<Cell>& each : members) {
    for (const Cell at :
         BlockSuppressor(canonical.family, options, std::move(each), pattern).Run()) {
      proposal.out_of_reach.push_back(canonical.order[at]);
    }
  }
  proposal.pattern.cells.resize(family.cells.size());
  for (Cell at = 0; at < canonical.order.size(); ++at) {
    proposal.pattern.cells[canonical.order[at]] = pattern.cells[at];
  }
  for (const Rate& rate : family.rates) {
    const bool both = ReaderHas(family, proposal.pattern, rate.numerator) &&
                      ReaderHas(family, proposal.pattern, rate.denominator);
    proposal.pattern.rates_shown.push_back(both && family.cells[rate.denominator].count >=
                                                       options.least_denominator);
  }
  std::sort(proposal.out_of_reach.begin(), proposal.out_of_reach.end());
  return proposal;
}

}  // namespace equinode::privacy
