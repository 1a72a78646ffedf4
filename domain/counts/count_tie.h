// Counts that an outsider can add and subtract, because the people of one are among those of
// another.
#pragma once

#include <string>
#include <vector>

namespace equinode {

// One count of each cell: a measure's denominator or numerator; "population" has no numerator.
struct CountName {
  std::string measure{};
  bool numerator = false;
  friend auto operator<=>(const CountName&, const CountName&) = default;
};

// In each stratum, `whole` is the sum of `parts`, which share nobody, and of those in none of
// them, who are counted under `rest`. Without a `rest` everybody of the whole is in a part. A whole
// that no table shows is made of its parts; then there is no `rest`.
struct CountTie {
  CountName whole{};
  std::vector<CountName> parts{};
  std::string rest{};
  friend bool operator==(const CountTie&, const CountTie&) = default;
};

}  // namespace equinode
