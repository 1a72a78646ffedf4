// What a reader does not have, as unknown whole numbers between bounds, tied by equations over
// them alone; cut into blocks that share no unknown.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

inline constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

struct Unknown {
  std::optional<Cell> cell{};  // Nothing: the slack of a rate's inequality.
  std::int64_t low = 0;
  std::int64_t high = kNoEnd;
  std::int64_t truth = 0;
};

struct Term {
  std::uint32_t unknown = 0;
  std::int64_t factor = 0;  // Not 0.
};

// The sum of factor times unknown is `sum`.
struct Row {
  std::vector<Term> terms{};
  std::int64_t sum = 0;
};

struct System {
  std::vector<Unknown> unknowns{};
  std::vector<Row> rows{};
};

// Unknowns and rows of everything that the reader has of a checked family and pattern.
System SystemOf(const Family& family, const Pattern& pattern);

// Narrows the bounds of the unknowns by each row in turn, as whole numbers, until nothing changes
// or 64 rounds are over. Sound at any end: a value outside the bounds fits no table.
void Tighten(System& system);

// The system without the unknowns whose bounds meet, in parts that share no unknown, in the order
// of their first unknown. An unknown that no row holds is a block of its own.
std::vector<System> Blocks(const System& system);

}  // namespace equinode::privacy
