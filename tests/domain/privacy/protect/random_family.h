// Families of every shape that a release can have, with many small counts, from a seed.
#pragma once

#include <string>

#include "base/random.h"
#include "domain/privacy/family/family.h"

namespace equinode::privacy {

struct RandomShape {
  std::size_t most_cells = 120;
  bool rates = true;
  bool published_rates = true;  // Some were printed before.
};

// A family that Check lets pass. What it is made of is said in `*what`: "3-way, tree, months".
Family RandomFamily(SeededRandom& random, const RandomShape& shape, std::string* what);

}  // namespace equinode::privacy
