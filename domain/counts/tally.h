// Counts by stratum code, before the codes become words.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/counts/computed_measure.h"
#include "domain/counts/dictionary.h"

namespace equinode {

// One measure of a question and what was counted of it.
struct MeasureTally {
  std::optional<std::size_t> availability{};  // Position in kAvailabilityMeasures.
  std::optional<Dictionary::Code> imported{};
  const ComputedMeasure* computed = nullptr;  // None of the three: the population, or nobody's.
  std::vector<std::uint64_t> denominator{};   // By stratum code; only for imported and computed.
  std::vector<std::uint64_t> numerator{};
};

struct Tally {
  std::vector<std::uint64_t> people{};  // By stratum code.
  std::vector<MeasureTally> measures{};

  // Room for `codes` strata.
  void Resize(std::size_t codes) {
    people.resize(codes);
    for (MeasureTally& measure : measures) {
      if (measure.imported.has_value() || measure.computed != nullptr)
        measure.denominator.resize(codes);
      measure.numerator.resize(codes);
    }
  }
};

}  // namespace equinode
