#include "domain/privacy/release/elimination.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>

namespace equinode {
namespace {

bool Unknown(const CellStatuses& statuses, const Term& term) {
  return statuses[term.cell] == CellStatus::kHidden;
}

std::size_t Unknowns(const Row& row, const CellStatuses& statuses) {
  return static_cast<std::size_t>(
      std::ranges::count_if(row, [&](const Term& term) { return Unknown(statuses, term); }));
}

const Term* Find(const Row& row, CellIndex cell) {
  const auto found = std::ranges::lower_bound(row, cell, {}, &Term::cell);
  return found != row.end() && found->cell == cell ? &*found : nullptr;
}

// Divides by what all factors share. False when one is too large to go on with.
bool Reduce(std::vector<std::pair<CellIndex, Wide>>& wide, Row& row) {
  Wide shared = 0;
  for (const auto& [cell, factor] : wide) {
    Wide a = shared < 0 ? -shared : shared;
    Wide b = factor < 0 ? -factor : factor;
    while (b != 0) {
      const Wide rest = a % b;
      a = b;
      b = rest;
    }
    shared = a;
    if (shared == 1) break;
  }
  row.clear();
  for (const auto& [cell, factor] : wide) {
    const Wide reduced = factor / shared;
    if (reduced > kMaxFactor || reduced < -kMaxFactor) return false;
    row.push_back({cell, static_cast<std::int64_t>(reduced)});
  }
  return true;
}

// row := row * a - pivot * b, with a and b such that `cell` goes.
bool Cancel(Row& row, const Row& pivot, CellIndex cell) {
  const std::int64_t in_row = Find(row, cell)->factor;
  const std::int64_t in_pivot = Find(pivot, cell)->factor;
  const std::int64_t shared = std::gcd(in_row, in_pivot);
  const Wide a = in_pivot / shared;
  const Wide b = in_row / shared;
  std::vector<std::pair<CellIndex, Wide>> wide;
  wide.reserve(row.size() + pivot.size());
  auto left = row.begin();
  auto right = pivot.begin();
  while (left != row.end() || right != pivot.end()) {
    const CellIndex at = std::min(left != row.end() ? left->cell : right->cell,
                                  right != pivot.end() ? right->cell : left->cell);
    Wide factor = 0;
    if (left != row.end() && left->cell == at) factor += a * (left++)->factor;
    if (right != pivot.end() && right->cell == at) factor -= b * (right++)->factor;
    if (factor != 0) wide.emplace_back(at, factor);
  }
  return Reduce(wide, row);
}

}  // namespace

std::vector<Row> RowsOf(const LinkedCells& cells, const CellStatuses& statuses) {
  std::vector<Row> rows;
  for (const CellEquation& equation : cells.equations) {
    std::map<CellIndex, std::int64_t> factors;
    factors[equation.total] -= 1;
    for (const CellIndex part : equation.parts) factors[part] += 1;
    Row row;
    for (const auto& [cell, factor] : factors) {
      if (factor != 0 && cells.values[cell] > 0) row.push_back({cell, factor});
    }
    if (Unknowns(row, statuses) > 0) rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::vector<Row>> Eliminate(std::vector<Row> rows, const CellStatuses& statuses,
                                          Work& work) {
  std::vector<bool> done(rows.size());
  for (;;) {
    // The row with the fewest unknowns first: it fills the others least.
    std::size_t best = rows.size();
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (done[i]) continue;
      const std::size_t unknowns = Unknowns(rows[i], statuses);
      if (unknowns == 0) done[i] = true;
      if (unknowns > 0 && unknowns < fewest) {
        best = i;
        fewest = unknowns;
      }
      if (!work.Spend(rows[i].size())) return std::nullopt;
    }
    if (best == rows.size()) return rows;
    done[best] = true;
    const Row& pivot = rows[best];
    const CellIndex cell = std::ranges::find_if(pivot, [&](const Term& term) {
                             return Unknown(statuses, term);
                           })->cell;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == best || Find(rows[i], cell) == nullptr) continue;
      if (!work.Spend(8 * (rows[i].size() + pivot.size()))) return std::nullopt;
      if (!Cancel(rows[i], pivot, cell)) return std::nullopt;
    }
  }
}

}  // namespace equinode
