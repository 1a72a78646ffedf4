// The reader who wants to know: whole-number programs by GLPK over what was printed, written from
// the reference's README and from nothing of ours. GLPK is GPL: in the tests alone, never in a
// product.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

struct Attack {
  std::int64_t low = 0, high = 0;
  bool open = false;  // No end above, or one past any count of the test.
};

// What `cell` can be. Nothing when GLPK did not come to an end.
std::optional<Attack> AttackCell(const Family& family, const Pattern& pattern, Cell cell);

}  // namespace equinode::privacy
