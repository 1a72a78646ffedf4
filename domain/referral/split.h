// One order split over several organisations: where the parent stands follows from the children.
// Gravity leaves this open ("how the parent's status follows is not said"); this is our rule.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/referral/view.h"
#include "domain/referral/words.h"

namespace equinode::referral {

// What counts of a child.
struct Child {
  State state = State::kRequested;
  Grade grade = Grade::kOpen;
  std::string reason{};  // Of an end.
};
Child ChildOf(const View& view);

struct Parent {
  State state = State::kAccepted;
  Grade grade = Grade::kOpen;
  std::string reason{};        // Of failed or cancelled.
  std::uint32_t served = 0;    // Children that completed.
  std::uint32_t unserved = 0;  // Children that ended in another way.
  std::uint32_t open = 0;
  // Some were served and some were not: completed, and what was not is not forgotten.
  bool partial() const { return served > 0 && unserved > 0; }
  friend bool operator==(const Parent&, const Parent&) = default;
};

// The rule, for an order that its intermediary has accepted by splitting it:
//   children in draft or entered in error do not count;
//   no child counts                       accepted (the intermediary still looks for somebody);
//   something is open, none taken on yet,
//     and none completed                  accepted;
//   all that is open is on hold           on-hold;
//   otherwise, something open             in-progress;
//   all ended, at least one completed     completed (partial() when others did not), graded
//                                         with evidence only when each completed one has it;
//   all ended, all cancelled              cancelled;
//   all ended otherwise                   failed.
// The reason of a failed or cancelled parent is the children's where they agree, else "other".
// The order of the children does not matter.
Parent ParentOf(std::span<const Child> children);

}  // namespace equinode::referral
