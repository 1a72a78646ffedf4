// What a population holds, and how its codes read.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "domain/counts/columns.h"
#include "domain/counts/coverage_book.h"
#include "domain/counts/dictionary.h"
#include "domain/counts/measure_book.h"
#include "domain/counts/placement.h"
#include "domain/counts/population_limits.h"
#include "domain/counts/raw_table.h"

namespace equinode {

// Not thread-safe: guarded by its owner.
struct PopulationData {
  explicit PopulationData(PopulationLimits bounds);

  PopulationLimits limits;
  Dictionary languages;
  Dictionary counties;
  Dictionary zip3s;
  Dictionary owners;
  Dictionary payers;
  Dictionary lines_of_business;
  Columns columns{};
  CoverageBook coverages;
  MeasureBook measures;
  std::size_t people = 0;    // Present.
  bool out_of_step = false;  // Something was removed that was not there, or did not fit.

  // In the order of a snapshot.
  static constexpr std::size_t kDictionaries = 7;
  std::array<Dictionary*, kDictionaries> dictionaries();
  std::array<const Dictionary*, kDictionaries> dictionaries() const;
};

// The scope in codes, not yet knowing any coverage. A payer or owner that nobody has counts nobody;
// one that did not fit: RESOURCE_EXHAUSTED (TOO_MANY_PAYERS, TOO_MANY_OWNERS).
Result<Placement> PlacementOf(const PopulationData& data, const CountScope& scope);

// How many codes a stratifier has now, and what one says.
std::size_t StrataOf(const PopulationData& data, const Placement& placement, Stratifier stratifier);
std::string LabelOf(const PopulationData& data, const Placement& placement, Stratifier stratifier,
                    std::uint16_t code);
// Values of the stratifier went to OTHER_VALUES.
bool HasOtherValues(const PopulationData& data, Stratifier stratifier);

}  // namespace equinode
