// Figures of counts of which only bounds are known.
#pragma once

#include <optional>
#include <utility>

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

// The least and the greatest value of the figure over the counts that the bounds allow: every
// combination where there are at most 20,000 of them, else those of the ends. None when more than
// eight cells are hidden or the figure has no value for one of the combinations. A numerator is not
// supposed above its denominator. Leaves the scorer as it was.
std::optional<std::pair<Value, Value>> BoundsOf(Scorer& scorer, std::size_t row,
                                                std::size_t figure);

}  // namespace equinode::equity::programs
