// Which counts are hidden beside the small ones, so that no small one can be worked out.
//
// For each small count and each way that it must be free to go, the cheapest move of the whole
// family is looked for by linear programming (Fischetti and Salazar's heuristic of cell
// suppression), and what it changes is hidden: the move is the other table that a reader cannot
// rule out. At the end what turns out not to be needed is shown again. Blocks that share no
// equation are done apart.
#pragma once

#include <cstdint>
#include <vector>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

struct SuppressOptions {
  SmallCounts small{};
  Level level = Level::kLabel;
  // A rate over fewer is not printed. A rule of quality, not of privacy.
  std::int64_t least_denominator = 30;
};

struct Proposal {
  Pattern pattern{};
  // Small counts for which no move was found: no pattern of this family protects them, or none that
  // could be found.
  std::vector<Cell> out_of_reach{};
};

// Of a checked family. `start` says what is dropped from the first; its kHidden cells stay hidden.
// A zero is never hidden; a cell that is kept only if it is small. A rate is printed where both its
// counts are. The same family gives the same pattern, in whatever order its cells and equations
// come.
Proposal Suppress(const Family& family, const Pattern& start, const SuppressOptions& options);

}  // namespace equinode::privacy
