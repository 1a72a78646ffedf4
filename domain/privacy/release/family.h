// A family of tables as linked cells: every count that is shown or can be had by adding and
// subtracting what is shown, and every equation between them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "domain/privacy/release/linked_cells.h"
#include "domain/report/raw_family.h"

namespace equinode {

// What a cell counts.
enum class CellRole : std::uint8_t {
  kPopulation,   // The denominator of all that count the population: one cell, however many tables.
  kDenominator,  // Of another measure.
  kNumerator,
  kComplement,  // Denominator less numerator.
  kExcluded,    // Population less denominator.
  kNotSelf,     // Known but not self-reported.
  kMade,        // A sum of what is shown that is in no table: the whole of a tie.
  kRest,        // Of a tie's whole, who is in none of its parts.
};

// Cells of a total have no stratifier and no stratum: tables of one measure share them.
struct CellKey {
  CellRole role = CellRole::kPopulation;
  std::string measure{};  // "" for the population.
  std::optional<Stratifier> stratifier{};
  std::string stratum{};
  friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

// Where the values of one table stand among the linked cells.
struct TableCells {
  struct Pair {
    CellIndex denominator = 0;
    std::optional<CellIndex> numerator{};
  };
  std::vector<Pair> cells{};  // As in the raw table, the total last.
};

class ReleaseFamily {
 public:
  // INTERNAL (COUNTS_INCONSISTENT) when an equation that must hold does not: the counts are not of
  // one state, or not counts of people.
  static Result<ReleaseFamily> Build(const RawFamily& raw);

  const LinkedCells& cells() const { return cells_; }
  const std::vector<TableCells>& tables() const { return tables_; }
  const std::map<CellKey, CellIndex>& keys() const { return keys_; }

 private:
  friend class FamilyBuilder;
  LinkedCells cells_{};
  std::map<CellKey, CellIndex> keys_{};
  std::vector<TableCells> tables_{};
};

}  // namespace equinode
