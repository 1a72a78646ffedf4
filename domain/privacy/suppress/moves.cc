#include "domain/privacy/suppress/moves.h"

#include <algorithm>
#include <cmath>

namespace equinode::privacy {
namespace {

constexpr double kNearlyWhole = 1e-6;
constexpr int kMostDepth = 40;
// What is hidden already is used for next to nothing, so that moves do not wander.
constexpr double kHiddenCost = 1e-4;

}  // namespace

MoveFinder::MoveFinder(const Family& family, std::vector<Mobile> mobiles)
    : family_(family), mobiles_(std::move(mobiles)), pinned_(mobiles_.size(), 0) {
  for (std::size_t i = 0; i < mobiles_.size(); ++i) at_[mobiles_[i].cell] = i;
  std::vector<LpRow> rows;
  const auto add = [&](LpRow& row, Cell cell, double factor) {
    const auto found = at_.find(cell);
    if (found == at_.end()) return;
    row.terms.emplace_back(2 * found->second, factor);
    row.terms.emplace_back(2 * found->second + 1, -factor);
  };
  for (const Equation& equation : family.equations) {
    LpRow row;
    add(row, equation.total, -1);
    for (const Cell part : equation.parts) add(row, part, 1);
    if (row.terms.empty()) continue;
    rows.push_back(std::move(row));
    equations_.push_back(equation);
  }
  for (const Rate& rate : family.rates) {
    if (!rate.published || (!at_.count(rate.numerator) && !at_.count(rate.denominator))) continue;
    // (2p - 1) m <= 200 10^d n < (2p + 1) m, as changes from the true n and m.
    const double scale = 2 * std::pow(10.0, rate.decimals + 2);
    const double n = static_cast<double>(family.cells[rate.numerator].count);
    const double m = static_cast<double>(family.cells[rate.denominator].count);
    const double p = static_cast<double>(2 * rate.scaled);
    LpRow below, above;
    add(below, rate.numerator, scale);
    add(below, rate.denominator, -(p - 1));
    below.low = (p - 1) * m - scale * n;
    below.high = kLpOpen;
    add(above, rate.numerator, scale);
    add(above, rate.denominator, -(p + 1));
    above.low = -kLpOpen;
    above.high = (p + 1) * m - 1 - scale * n;
    rows.push_back(std::move(below));
    rows.push_back(std::move(above));
    rates_.push_back(rate);
  }
  lp_ = std::make_unique<LinearProgram>(2 * mobiles_.size(), rows);
  for (std::size_t i = 0; i < mobiles_.size(); ++i) {
    SetBounds(i);
    lp_->SetCost(2 * i, std::max(mobiles_[i].cost, kHiddenCost));
    lp_->SetCost(2 * i + 1, std::max(mobiles_[i].cost, kHiddenCost));
  }
}

void MoveFinder::SetBounds(std::size_t i) {
  const Mobile& mobile = mobiles_[i];
  lp_->SetBounds(2 * i, 0, pinned_[i] ? 0 : kLpOpen);
  lp_->SetBounds(
      2 * i + 1, 0,
      pinned_[i] ? 0 : static_cast<double>(std::max<std::int64_t>(0, mobile.count - mobile.least)));
}

void MoveFinder::Free(Cell cell) {
  const std::size_t i = at_.at(cell);
  lp_->SetCost(2 * i, kHiddenCost);
  lp_->SetCost(2 * i + 1, kHiddenCost);
}

void MoveFinder::Pin(Cell cell, bool pinned) {
  const std::size_t i = at_.at(cell);
  pinned_[i] = pinned;
  SetBounds(i);
}

std::optional<Move> MoveFinder::Find(Cell cell, bool up, std::int64_t least) {
  const std::size_t i = at_.at(cell);
  const std::size_t way = 2 * i + (up ? 0 : 1), other = 2 * i + (up ? 1 : 0);
  if (pinned_[i] || lp_->high(way) < static_cast<double>(least)) return std::nullopt;
  lp_->SetBounds(way, static_cast<double>(least), lp_->high(way));
  lp_->SetBounds(other, 0, 0);
  int nodes_left = kMostNodes;
  lp_->BeginAnew();
  std::optional<Move> move = Branch(&nodes_left, 0);
  if (!move && nodes_left < kMostNodes - 1) move = OneWay(up);
  SetBounds(i);
  if (!move) return std::nullopt;
  const auto found = move->find(cell);
  const std::int64_t by = found == move->end() ? 0 : found->second;
  if ((up ? by : -by) < least) return std::nullopt;
  return move;
}

std::optional<Move> MoveFinder::Branch(int* nodes_left, int depth) {
  if (--*nodes_left < 0 || depth > kMostDepth) return std::nullopt;
  const auto solution = lp_->Solve();
  if (!solution) return std::nullopt;
  // The column furthest from a whole number.
  std::size_t broken = mobiles_.size();
  double worst = kNearlyWhole;
  for (std::size_t i = 0; i < mobiles_.size(); ++i) {
    const double net = (*solution)[2 * i] - (*solution)[2 * i + 1];
    const double off = std::abs(net - std::round(net));
    if (off <= worst) continue;
    worst = off;
    broken = i;
  }
  if (broken == mobiles_.size()) return Checked(*solution);
  const double net = (*solution)[2 * broken] - (*solution)[2 * broken + 1];
  const std::size_t way = 2 * broken + (net > 0 ? 0 : 1), other = 2 * broken + (net > 0 ? 1 : 0);
  const double size = std::floor(std::abs(net));
  const double way_low = lp_->low(way), way_high = lp_->high(way);
  const double other_low = lp_->low(other), other_high = lp_->high(other);
  std::optional<Move> move;
  for (const bool further : {true, false}) {
    if (further) {
      if (way_high < size + 1 || other_low > 0) continue;
      lp_->SetBounds(way, size + 1, way_high);
      lp_->SetBounds(other, 0, 0);
    } else {
      if (way_low > size) continue;
      lp_->SetBounds(way, way_low, size);
    }
    move = Branch(nodes_left, depth + 1);
    lp_->SetBounds(way, way_low, way_high);
    lp_->SetBounds(other, other_low, other_high);
    if (move) break;
  }
  return move;
}

// Everything that holds the cell goes the same way: dear, but whole where margins may be hidden,
// since each total must go as far as its part.
std::optional<Move> MoveFinder::OneWay(bool up) {
  std::vector<std::pair<std::size_t, double>> closed;
  for (std::size_t i = 0; i < mobiles_.size(); ++i) {
    const std::size_t other = 2 * i + (up ? 1 : 0);
    closed.emplace_back(other, lp_->high(other));
    lp_->SetBounds(other, 0, 0);
  }
  int one = 1;
  lp_->BeginAnew();
  std::optional<Move> move = Branch(&one, 0);
  for (const auto& [column, high] : closed) lp_->SetBounds(column, 0, high);
  return move;
}

std::optional<Move> MoveFinder::Checked(const std::vector<double>& solution) const {
  Move move;
  for (std::size_t i = 0; i < mobiles_.size(); ++i) {
    const double net = std::round(solution[2 * i] - solution[2 * i + 1]);
    if (net == 0) continue;
    if (!(std::abs(net) < 1e15) || pinned_[i]) return std::nullopt;
    const auto by = static_cast<std::int64_t>(net);
    if (mobiles_[i].count + by < mobiles_[i].least) return std::nullopt;
    move[mobiles_[i].cell] = by;
  }
  const auto by = [&](Cell cell) {
    const auto found = move.find(cell);
    return found == move.end() ? std::int64_t{0} : found->second;
  };
  for (const Equation& equation : equations_) {
    std::int64_t sum = 0;
    for (const Cell part : equation.parts) {
      if (__builtin_add_overflow(sum, by(part), &sum)) return std::nullopt;
    }
    if (sum != by(equation.total)) return std::nullopt;
  }
  for (const Rate& rate : rates_) {
    const std::int64_t m = family_.cells[rate.denominator].count + by(rate.denominator);
    const std::int64_t n = family_.cells[rate.numerator].count + by(rate.numerator);
    if (m <= 0 || ScaledPercent(n, m, rate.decimals) != rate.scaled) return std::nullopt;
  }
  return move;
}

}  // namespace equinode::privacy
