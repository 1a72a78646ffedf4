#include "domain/privacy/family/blocks.h"

#include <numeric>

namespace equinode::privacy {

std::vector<std::uint32_t> BlockOf(const Family& family, const std::vector<bool>& joins) {
  std::vector<Cell> leader(family.cells.size());
  std::iota(leader.begin(), leader.end(), 0u);
  const auto find = [&](Cell cell) {
    while (leader[cell] != cell) cell = leader[cell] = leader[leader[cell]];
    return cell;
  };
  const auto unite = [&](Cell& first, Cell other) {
    if (!joins[other]) return;
    const Cell root = find(other);
    if (first == kNoBlock) {
      first = root;
    } else {
      first = find(first);
      const Cell least = std::min(first, root);
      leader[std::max(first, root)] = least;
      first = least;
    }
  };
  for (const Equation& equation : family.equations) {
    Cell first = kNoBlock;
    unite(first, equation.total);
    for (const Cell part : equation.parts) unite(first, part);
  }
  for (const Rate& rate : family.rates) {
    if (!rate.published) continue;
    Cell first = kNoBlock;
    unite(first, rate.numerator);
    unite(first, rate.denominator);
  }
  std::vector<std::uint32_t> block(family.cells.size(), kNoBlock);
  std::uint32_t next = 0;
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    if (!joins[cell]) continue;
    const Cell root = find(cell);  // Never above its members.
    block[cell] = root == cell ? next++ : block[root];
  }
  return block;
}

}  // namespace equinode::privacy
