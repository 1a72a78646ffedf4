#include "domain/privacy/release/too_few.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace equinode {
namespace {

// Which tables tell a cell: those of its measure (of any that counts the population, for that) and,
// unless it is a total, of its stratifier. What only follows from others is in none.
using Tellers =
    std::map<std::pair<std::string, std::optional<Stratifier>>, std::vector<std::size_t>>;

Tellers TellersOf(const RawFamily& raw) {
  Tellers tellers;
  for (std::size_t i = 0; i < raw.tables.size(); ++i) {
    const RawTable& table = raw.tables[i].counts;
    for (const std::optional<Stratifier>& by :
         {std::optional<Stratifier>(), std::optional(table.stratifier)}) {
      tellers[{table.measure, by}].push_back(i);
      if (CountsPopulation(table.measure)) tellers[{"", by}].push_back(i);
    }
  }
  return tellers;
}

std::vector<const CellKey*> KeysByCell(const ReleaseFamily& family) {
  std::vector<const CellKey*> keys(family.cells().values.size());
  for (const auto& [key, cell] : family.keys()) keys[cell] = &key;
  return keys;
}

}  // namespace

std::vector<bool> TablesOfTooFew(const ReleaseFamily& family, const RawFamily& raw,
                                 const SuppressionRule& rule) {
  const Tellers tellers = TellersOf(raw);
  const std::vector<const CellKey*> keys = KeysByCell(family);
  std::vector<bool> withheld(raw.tables.size());
  for (const CellEquation& equation : family.cells().equations) {
    if (!TooFewToHide(family.cells(), equation, rule)) continue;
    std::vector<CellIndex> all = equation.parts;
    all.push_back(equation.total);
    const std::vector<std::size_t>* fewest = nullptr;
    bool gone = false;  // For another equation's sake.
    for (const CellIndex cell : all) {
      const auto found = tellers.find({keys[cell]->measure, keys[cell]->stratifier});
      if (found == tellers.end()) continue;
      const std::vector<std::size_t>& of = found->second;
      if (fewest == nullptr || of.size() < fewest->size()) fewest = &of;
      gone = gone || std::ranges::all_of(of, [&](std::size_t i) { return withheld[i]; });
    }
    if (gone || fewest == nullptr) continue;
    for (const std::size_t i : *fewest) withheld[i] = true;
  }
  return withheld;
}

}  // namespace equinode
