// The whole of what a verdict "safe" rests on: a table that is not the true one and yet fits
// everything printed. Looks at the family itself, not at the system the search works on.
#pragma once

#include <cstdint>
#include <span>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

// Could these be the counts, for a reader of the family printed as in `pattern`? One value a cell.
bool Fits(const Family& family, const Pattern& pattern, std::span<const std::int64_t> counts);

}  // namespace equinode::privacy
