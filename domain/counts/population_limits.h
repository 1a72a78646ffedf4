// Bounds of the memory that counts take.
#pragma once

#include <cstddef>

#include "domain/people/facts.h"

namespace equinode {

// A value past its bound is never counted as another one: strata go to OTHER_VALUES; payers,
// owners and measures make the questions about them fail.
struct PopulationLimits {
  PersonNo max_person = 64'000'000;
  std::size_t languages = 4'096;
  std::size_t counties = 8'192;
  std::size_t zip3s = 2'048;
  std::size_t owners = 65'535;
  std::size_t payers = 4'096;
  std::size_t lines_of_business = 1'024;
  std::size_t measures = 512;  // Measure and period.
  std::size_t panels = 64;
  std::size_t shared_coverages = 65'534;
};

}  // namespace equinode
