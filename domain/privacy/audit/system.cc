#include "domain/privacy/audit/system.h"

#include <map>
#include <numeric>

namespace equinode::privacy {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

// A row with what is known moved to its sum.
class RowMaker {
 public:
  RowMaker(const Family& family, const std::vector<std::uint32_t>& unknown_of)
      : family_(family), unknown_of_(unknown_of) {}
  void Add(Cell cell, std::int64_t factor) {
    if (unknown_of_[cell] == kNone) {
      row.sum -= factor * family_.cells[cell].count;
    } else {
      row.terms.push_back({unknown_of_[cell], factor});
    }
  }
  Row row{};

 private:
  const Family& family_;
  const std::vector<std::uint32_t>& unknown_of_;
};

std::int64_t TruthOf(const System& system, const Row& row) {
  std::int64_t sum = 0;
  for (const Term& term : row.terms) sum += term.factor * system.unknowns[term.unknown].truth;
  return sum;
}

// `slack` is the rest that makes the row an equation.
void AddAtMost(System& system, Row row) {
  if (row.terms.empty()) return;
  Unknown slack;
  slack.truth = row.sum - TruthOf(system, row);
  row.terms.push_back({static_cast<std::uint32_t>(system.unknowns.size()), 1});
  system.unknowns.push_back(slack);
  system.rows.push_back(std::move(row));
}

}  // namespace

System SystemOf(const Family& family, const Pattern& pattern) {
  System system;
  std::vector<std::uint32_t> unknown_of(family.cells.size(), kNone);
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    if (ReaderHas(family, pattern, cell)) continue;
    unknown_of[cell] = static_cast<std::uint32_t>(system.unknowns.size());
    system.unknowns.push_back(
        {cell, LeastUnseen(family, pattern, cell), kNoEnd, family.cells[cell].count});
  }
  for (const Equation& equation : family.equations) {
    RowMaker maker(family, unknown_of);
    maker.Add(equation.total, -1);
    for (const Cell part : equation.parts) maker.Add(part, 1);
    if (!maker.row.terms.empty()) system.rows.push_back(std::move(maker.row));
  }
  for (std::size_t i = 0; i < family.rates.size(); ++i) {
    if (!ReaderHasRate(family, pattern, i)) continue;
    // p = percentage x 10^d: p - 1/2 <= 100 10^d n / m < p + 1/2, so
    // (2p - 1) m <= 200 10^d n <= (2p + 1) m - 1.
    const Rate& rate = family.rates[i];
    std::int64_t scale = 200;
    for (std::uint8_t d = 0; d < rate.decimals; ++d) scale *= 10;
    RowMaker below(family, unknown_of);
    below.Add(rate.denominator, 2 * rate.scaled - 1);
    below.Add(rate.numerator, -scale);
    AddAtMost(system, std::move(below.row));
    RowMaker above(family, unknown_of);
    above.Add(rate.numerator, scale);
    above.Add(rate.denominator, -(2 * rate.scaled + 1));
    above.row.sum -= 1;
    AddAtMost(system, std::move(above.row));
    if (unknown_of[rate.denominator] != kNone) {  // A rate over nobody would not be printed.
      Unknown& denominator = system.unknowns[unknown_of[rate.denominator]];
      if (denominator.low < 1) denominator.low = 1;
    }
  }
  return system;
}

std::vector<System> Blocks(const System& system) {
  const std::size_t count = system.unknowns.size();
  const auto settled = [&](std::uint32_t unknown) {
    return system.unknowns[unknown].low == system.unknowns[unknown].high;
  };
  std::vector<std::uint32_t> leader(count);
  std::iota(leader.begin(), leader.end(), 0u);
  const auto find = [&](std::uint32_t unknown) {
    while (leader[unknown] != unknown) unknown = leader[unknown] = leader[leader[unknown]];
    return unknown;
  };
  for (const Row& row : system.rows) {
    std::uint32_t first = kNone;
    for (const Term& term : row.terms) {
      if (settled(term.unknown)) continue;
      if (first == kNone) first = find(term.unknown);
      const std::uint32_t other = find(term.unknown);
      leader[std::max(first, other)] = std::min(first, other);
      first = std::min(first, other);
    }
  }
  std::vector<System> blocks;
  std::map<std::uint32_t, std::size_t> block_of;
  std::vector<std::uint32_t> place(count, kNone);
  for (std::uint32_t unknown = 0; unknown < count; ++unknown) {
    if (settled(unknown)) continue;
    const auto [at, added] = block_of.try_emplace(find(unknown), blocks.size());
    if (added) blocks.emplace_back();
    System& block = blocks[at->second];
    place[unknown] = static_cast<std::uint32_t>(block.unknowns.size());
    block.unknowns.push_back(system.unknowns[unknown]);
  }
  for (const Row& row : system.rows) {
    Row moved{{}, row.sum};
    std::uint32_t of = kNone;
    for (const Term& term : row.terms) {
      if (settled(term.unknown)) {
        moved.sum -= term.factor * system.unknowns[term.unknown].low;
      } else {
        of = term.unknown;
        moved.terms.push_back({place[term.unknown], term.factor});
      }
    }
    if (of != kNone) blocks[block_of.at(find(of))].rows.push_back(std::move(moved));
  }
  return blocks;
}

}  // namespace equinode::privacy
