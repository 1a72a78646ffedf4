// A table of counts as its figures want it: the strata of one measure, period and dimension side by
// side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/equity/counts/count_table.h"

namespace equinode::equity {

struct Stratum {
  std::string name{};
  std::uint32_t order = 0;  // As Series::order.
  CellCounts counts{};
  friend bool operator==(const Stratum&, const Stratum&) = default;
};

struct Stratification {
  std::string measure{};
  std::string period{};
  std::string organisation{};
  std::string frame{};
  std::string dimension{};
  std::string source{};
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;
  std::vector<Stratum> strata{};      // In the order of the series.
  std::optional<CellCounts> total{};  // Of the dimension's own total row, or else of the row of
                                      // all people of the same measure, period and organisation.
  bool ordered() const;               // Every stratum has an order.
};

// All the stratifications of a table, in the order in which their first cell comes. A row of all
// people is also one of its own, with no dimension and no strata.
std::vector<Stratification> Stratify(const CountTable& table);

// The sum of the strata: the total where none was given. Empty without strata.
Result<CellCounts> SumOfStrata(const Stratification& stratification);

}  // namespace equinode::equity
