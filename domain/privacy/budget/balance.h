// What the answers of one year have cost the person whom they cost most.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/privacy/budget/request.h"

namespace equinode::budget {

// Within one period and one division a person is in one part, so charges to different parts do not
// add up: the greatest counts (parallel composition). From one period or division to another people
// move, so these always add.
class Balance {
 public:
  // What is spent once `parts` have been charged. OUT_OF_RANGE / RHO_OVERFLOW.
  Result<NanoRho> After(const Period& period, const Digest& partition,
                        const std::vector<std::string>& parts, NanoRho cost) const;
  // Charges. As After; nothing is changed by an error.
  Status Charge(const Period& period, const Digest& partition,
                const std::vector<std::string>& parts, NanoRho cost);
  NanoRho spent() const { return spent_; }

 private:
  struct Division {
    std::map<std::string, NanoRho, std::less<>> parts{};
    NanoRho greatest{};
  };
  std::map<std::pair<Period, Digest>, Division> divisions_{};
  NanoRho spent_{};  // Sum of the greatest.
};

}  // namespace equinode::budget
