// The slope and relative indices of inequality from a binomial logit over ranks.
#pragma once

#include <span>

#include "domain/equity/stats/figure.h"
#include "domain/equity/stats/groups.h"

namespace equinode::equity {

struct LogisticIndices {
  Figure sii{};  // Predicted at the most advantaged end minus at the least.
  Figure rii{};  // Their ratio.
};

// `groups` are proportions of an ordered dimension from the least advantaged, at least two, with
// denominators above 0. Each person weighs once: WHO's package weighs the groups again by their
// size. Hidden counts have no fit (kHiddenCounts); noise goes in through the slopes in each count.
// kNoFit when the groups are separated, as when all rates are 0 or 1.
LogisticIndices LogisticInequality(std::span<const GroupCounts> groups, const Level& level);

}  // namespace equinode::equity
