// A scenario: what if a group had reached a benchmark, or some number.
#pragma once

#include <optional>
#include <string>

#include "domain/equity/programs/evidence.h"

namespace equinode::equity::programs {

struct WhatIf {
  std::string measure{};
  std::string group{};                      // "" = everybody.
  std::string benchmark{};                  // Its name; or
  std::optional<std::int64_t> numerator{};  // this many in the numerator.
};

// The evidence with the group's numbers of the last period so changed, in every organisation: the
// least numerator that is no worse than the benchmark (a group that is there already stays), and
// everybody's numbers with it. NO_SUCH_GROUP when there are no exact counts of it, NO_SUCH_NAME
// without that benchmark, OUT_OF_RANGE / BAD_COUNT for more hits than members.
Result<Evidence> Supposed(const Programme& programme, Evidence evidence, const WhatIf& what_if);

}  // namespace equinode::equity::programs
