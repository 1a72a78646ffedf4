// Which cells hang together. What shares no block shares no secret: blocks are solved apart.
#pragma once

#include <cstdint>
#include <vector>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

inline constexpr std::uint32_t kNoBlock = ~std::uint32_t{0};

// Which block each cell is in: cells of `joins` that share an equation, or a rate printed before,
// are in one, and so on. Others are in none. Numbered in the order of the least cell.
std::vector<std::uint32_t> BlockOf(const Family& family, const std::vector<bool>& joins);

}  // namespace equinode::privacy
