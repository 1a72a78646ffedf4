// Bounds of one unknown from the bounds of the others in its row.
#include <algorithm>

#include "domain/privacy/audit/system.h"

namespace equinode::privacy {
namespace {

__extension__ typedef __int128 Wide;

constexpr int kRounds = 64;

Wide FloorOf(Wide a, Wide b) {  // b > 0.
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// One end of a sum; `open` terms of it have no end.
struct End {
  Wide sum = 0;
  std::size_t open = 0;
};

// factor times unknown is least at its low end for a positive factor, else at its high end.
void AddLeast(End& end, const Unknown& unknown, std::int64_t factor, int sign) {
  const std::int64_t at = factor > 0 ? unknown.low : unknown.high;
  if (at == kNoEnd) {
    end.open = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(end.open) + sign);
  } else {
    end.sum += sign * static_cast<Wide>(factor) * at;
  }
}

void AddMost(End& end, const Unknown& unknown, std::int64_t factor, int sign) {
  const std::int64_t at = factor > 0 ? unknown.high : unknown.low;
  if (at == kNoEnd) {
    end.open = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(end.open) + sign);
  } else {
    end.sum += sign * static_cast<Wide>(factor) * at;
  }
}

bool TightenBy(const Row& row, std::vector<Unknown>& unknowns) {
  End least, most;
  for (const Term& term : row.terms) {
    AddLeast(least, unknowns[term.unknown], term.factor, 1);
    AddMost(most, unknowns[term.unknown], term.factor, 1);
  }
  bool changed = false;
  for (const Term& term : row.terms) {
    Unknown& unknown = unknowns[term.unknown];
    AddLeast(least, unknown, term.factor, -1);
    AddMost(most, unknown, term.factor, -1);
    // factor x lies between sum - most and sum - least of the others.
    const Wide size = term.factor > 0 ? term.factor : -static_cast<Wide>(term.factor);
    const End& lifts = term.factor > 0 ? most : least;  // Gives the low end of x.
    const End& caps = term.factor > 0 ? least : most;   // Gives the high end.
    if (lifts.open == 0) {
      const Wide over = term.factor > 0 ? row.sum - lifts.sum : lifts.sum - row.sum;
      const Wide low = -FloorOf(-over, size);
      if (low > unknown.low) {
        unknown.low = static_cast<std::int64_t>(low);
        changed = true;
      }
    }
    if (caps.open == 0) {
      const Wide over = term.factor > 0 ? row.sum - caps.sum : caps.sum - row.sum;
      const Wide high = FloorOf(over, size);
      if (high < unknown.high) {
        unknown.high = static_cast<std::int64_t>(high);
        changed = true;
      }
    }
    AddLeast(least, unknown, term.factor, 1);
    AddMost(most, unknown, term.factor, 1);
  }
  return changed;
}

}  // namespace

void Tighten(System& system) {
  for (int round = 0; round < kRounds; ++round) {
    bool changed = false;
    for (const Row& row : system.rows) changed |= TightenBy(row, system.unknowns);
    if (!changed) return;
  }
}

}  // namespace equinode::privacy
