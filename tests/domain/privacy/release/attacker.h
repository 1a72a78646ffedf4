// An outsider who knows every shown cell, every equation, and that a hidden cell is a whole number
// of at least 1. Written apart from the gate: dense elimination modulo a prime, and a search for
// another solution in whole numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/privacy/release/linked_cells.h"

namespace equinode::attacker {

using Values = std::vector<std::int64_t>;

inline std::vector<CellIndex> Unknown(const CellStatuses& statuses) {
  std::vector<CellIndex> unknown;
  for (CellIndex i = 0; i < statuses.size(); ++i) {
    if (statuses[i] != CellStatus::kShown) unknown.push_back(i);
  }
  return unknown;
}

// Modulo 2^31 - 1, so that products fit. The matrices have entries -1, 0, 1: their rank modulo a
// large prime is their rank, but for a chance of no account.
class Matrix {
 public:
  static constexpr std::int64_t kPrime = 2147483647;
  std::vector<std::vector<std::int64_t>> rows{};

  std::size_t Rank(std::optional<std::size_t> without = {}) const {
    std::vector<std::vector<std::int64_t>> m = rows;
    const std::size_t columns = m.empty() ? 0 : m.front().size();
    std::size_t rank = 0;
    for (std::size_t column = 0; column < columns && rank < m.size(); ++column) {
      if (without == column) continue;
      std::size_t pivot = rank;
      while (pivot < m.size() && m[pivot][column] == 0) ++pivot;
      if (pivot == m.size()) continue;
      std::swap(m[pivot], m[rank]);
      const std::int64_t inverse = Power(m[rank][column], kPrime - 2);
      for (std::size_t i = rank + 1; i < m.size(); ++i) {
        const std::int64_t times = m[i][column] * inverse % kPrime;
        if (times == 0) continue;
        for (std::size_t j = column; j < columns; ++j) {
          m[i][j] = (m[i][j] - times * m[rank][j] % kPrime + kPrime) % kPrime;
        }
      }
      ++rank;
    }
    return rank;
  }

 private:
  static std::int64_t Power(std::int64_t base, std::int64_t exponent) {
    std::int64_t result = 1;
    for (; exponent > 0; exponent >>= 1, base = base * base % kPrime) {
      if ((exponent & 1) != 0) result = result * base % kPrime;
    }
    return result;
  }
};

// Cells that follow from the shown ones by adding and subtracting equations.
inline std::vector<CellIndex> DeterminedByElimination(const LinkedCells& cells,
                                                      const CellStatuses& statuses) {
  const std::vector<CellIndex> unknown = Unknown(statuses);
  Matrix matrix;
  for (const CellEquation& equation : cells.equations) {
    std::vector<std::int64_t> row(unknown.size());
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      row[i] += std::ranges::count(equation.parts, unknown[i]);
      if (equation.total == unknown[i]) row[i] += Matrix::kPrime - 1;
      row[i] %= Matrix::kPrime;
    }
    if (std::ranges::any_of(row, [](std::int64_t x) { return x != 0; })) matrix.rows.push_back(row);
  }
  const std::size_t rank = matrix.Rank();
  std::vector<CellIndex> determined;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (matrix.Rank(i) < rank) determined.push_back(unknown[i]);
  }
  return determined;
}

// Searches whole-number solutions. `most` bounds the value of cells that no equation bounds.
class Search {
 public:
  Search(const LinkedCells& cells, const CellStatuses& statuses, std::int64_t most,
         std::uint64_t budget, std::int64_t least = 1)
      : cells_(cells), low_(cells.values.size()), high_(cells.values.size()), budget_(budget) {
    for (CellIndex i = 0; i < cells.values.size(); ++i) {
      const bool shown = statuses[i] == CellStatus::kShown;
      const auto value = static_cast<std::int64_t>(cells.values[i]);
      low_[i] = shown ? value : least;
      high_[i] = shown ? value : most;
    }
  }

  enum class Outcome { kYes, kNo, kGaveUp };
  // Is there a solution with low <= cell <= high?
  Outcome Exists(CellIndex cell, std::int64_t low, std::int64_t high) {
    Values from = low_;
    Values to = high_;
    from[cell] = std::max(from[cell], low);
    to[cell] = std::min(to[cell], high);
    steps_ = 0;
    return Solve(from, to);
  }

 private:
  bool Propagate(Values& low, Values& high) const {
    for (bool moved = true; moved;) {
      moved = false;
      for (const CellEquation& equation : cells_.equations) {
        std::int64_t sum_low = 0;
        std::int64_t sum_high = 0;
        for (const CellIndex part : equation.parts) {
          sum_low += low[part];
          sum_high += high[part];
        }
        moved = Narrow(low, high, equation.total, sum_low, sum_high) || moved;
        for (const CellIndex part : equation.parts) {
          moved = Narrow(low, high, part, low[equation.total] - (sum_high - high[part]),
                         high[equation.total] - (sum_low - low[part])) ||
                  moved;
          if (moved) break;  // The sums are stale; begin again.
        }
        if (low[equation.total] > high[equation.total]) return false;
        for (const CellIndex part : equation.parts) {
          if (low[part] > high[part]) return false;
        }
      }
    }
    return true;
  }

  static bool Narrow(Values& low, Values& high, CellIndex cell, std::int64_t from,
                     std::int64_t to) {
    bool moved = false;
    if (from > low[cell]) low[cell] = from, moved = true;
    if (to < high[cell]) high[cell] = to, moved = true;
    return moved && low[cell] <= high[cell];
  }

  Outcome Solve(Values low, Values high) {
    if (++steps_ > budget_) return Outcome::kGaveUp;
    if (!Propagate(low, high)) return Outcome::kNo;
    std::optional<CellIndex> open;
    for (CellIndex i = 0; i < low.size(); ++i) {
      if (low[i] > high[i]) return Outcome::kNo;
      if (low[i] < high[i] && (!open || high[i] - low[i] < high[*open] - low[*open])) open = i;
    }
    if (!open) return Outcome::kYes;
    Outcome outcome = Outcome::kNo;
    for (std::int64_t value = low[*open]; value <= high[*open]; ++value) {
      Values from = low;
      Values to = high;
      from[*open] = to[*open] = value;
      const Outcome one = Solve(std::move(from), std::move(to));
      if (one == Outcome::kYes) return one;
      if (one == Outcome::kGaveUp) outcome = one;
    }
    return outcome;
  }

  const LinkedCells& cells_;
  Values low_;
  Values high_;
  std::uint64_t budget_;
  std::uint64_t steps_ = 0;
};

}  // namespace equinode::attacker
