// The reader who wants to know: whole-number programs by GLPK over what was printed, written from
// the reference's README and from nothing of ours. GLPK is GPL: in the tests alone, never in a
// product.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

struct Attack {
  std::int64_t low = 0, high = 0;
  bool open = false;  // No end above, or one past any count of the test.
};

class Attacker {
 public:
  Attacker(const Family& family, const Pattern& pattern);
  ~Attacker();
  Attacker(const Attacker&) = delete;
  Attacker& operator=(const Attacker&) = delete;

  // What `cell` can be. Nothing when GLPK did not come to an end.
  std::optional<Attack> Interval(Cell cell);

  // Does a table that fits everything printed have `cell` at `least` or above, or at `most` or
  // below? Quicker than its interval. Nothing when GLPK did not come to an end.
  std::optional<bool> CanReach(Cell cell, std::int64_t least);
  std::optional<bool> CanFallTo(Cell cell, std::int64_t most);

 private:
  struct Problem;
  std::unique_ptr<Problem> problem_;
};

}  // namespace equinode::privacy
