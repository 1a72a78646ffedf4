// One table of counts as people write it, for looking at what noise does to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode::cli {

// Cells that exclude each other: each person is in one of them.
struct CountTable {
  std::vector<std::string> cells{};
  std::vector<std::int64_t> counts{};  // As `cells`; 0..2^40.
};

inline constexpr std::size_t kMostTableBytes = 16u << 20;

// CSV with the columns `cell` and `count` (others are not read), or JSON {"cells": {"name":
// count}}. INVALID_ARGUMENT / BAD_TABLE with the line, or BAD_FAMILY with the place, and what to
// write. A family with equations is refused: totals have the noise of their parts.
Result<CountTable> ParseTable(std::string_view text);

}  // namespace equinode::cli
