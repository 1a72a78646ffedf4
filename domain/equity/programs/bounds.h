// Figures of protected counts: of which only bounds are known, or that hold privacy noise.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "domain/equity/programs/scorer.h"

namespace equinode::equity::programs {

// A figure lies between these two; a truth is no and yes where it may be either.
using Bounds = std::pair<Value, Value>;

// Where the figure lies over all counts that are possible: every combination tried where these are
// at most 1,000, else by range arithmetic (value.h) over smaller and smaller parts until some
// counts reach the ends, or until it has cost enough; so it may give more than need be and never
// less. A numerator is at most its denominator.
//
// Noised counts lie within the noise's reach, chosen so that all those of the figure do at once
// with 95 %: sigma * ln(k / .05) / sqrt(2) for k of them, the tail of a Laplace, which is heavier
// than a normal's. So of noised counts the bounds hold with at least that chance; what chance did
// to the people themselves is told by the spread (spread.h).
//
// None where no bounds can be told: the figure has no value for some of the counts, or it is of a
// pool. Leaves the scorer as it was.
std::optional<Bounds> BoundsOf(Scorer& scorer, std::size_t row, std::size_t figure);

// People of one measure, period and dimension whose group is not known: up to so many of them are
// in the numerator, up to so many are not.
struct Unknowns {
  std::int64_t hits = 0;
  std::int64_t misses = 0;
};
// By the scorer's cells of the groups that they may belong to.
using UnknownsOfCells = std::map<std::size_t, Unknowns>;

// Where the figure would lie if any of the unknowns belonged to one group, whichever makes it worst
// or best: of a group's own row all that are of it, of a row above whole groups one after the
// other. Everybody's numbers stay as they are, for the unknowns are among them. As BoundsOf
// otherwise; none also where no unknown can belong to any group of it.
std::optional<Bounds> IfUnknowns(Scorer& scorer, std::size_t row, std::size_t figure,
                                 const UnknownsOfCells& unknowns);

}  // namespace equinode::equity::programs
