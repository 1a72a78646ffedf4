// How many members are missing to the next band.
#pragma once

#include <optional>

#include "domain/equity/programs/score.h"

namespace equinode::equity::programs {

// The least number of members of the row's own counts in the last period whose being in the
// numerator (or, where lower is better, no longer being in it) makes the figure better. They count
// in the overall numbers too. None when no number does, or when the row has no exact counts. Leaves
// the scorer as it was.
std::optional<Distance> DistanceOf(Scorer& scorer, std::size_t row, std::size_t figure,
                                   bool more_is_better);

}  // namespace equinode::equity::programs
