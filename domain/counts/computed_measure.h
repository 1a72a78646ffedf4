// A measure that was worked out for one question from what the columns do not hold.
#pragma once

#include <string>
#include <vector>

#include "domain/people/facts.h"

namespace equinode {

// Each person at most once in each list; who is in the numerator is in the denominator too. Where
// the denominator is the population (CountsPopulation) that list is empty. Who is not counted in
// the question's scope is passed over.
struct ComputedMeasure {
  std::string measure{};
  std::vector<PersonNo> denominator{};
  std::vector<PersonNo> numerator{};
};

}  // namespace equinode
