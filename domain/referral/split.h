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
  State state = State::kRequested;
  Grade grade = Grade::kOpen;
  std::string reason{};        // Of failed or cancelled.
  std::uint32_t served = 0;    // Children that completed.
  std::uint32_t unserved = 0;  // Children that ended in another way.
  std::uint32_t open = 0;
  // Some were served and some were not: completed, and what was not is not forgotten.
  bool partial() const { return served > 0 && unserved > 0; }
  friend bool operator==(const Parent&, const Parent&) = default;
};

// The rule. Who asked has split it; nobody has accepted it by that.
//   children in draft, entered in error or closed at this end as void do not count;
//   no child counts                         requested (somebody is still to be asked);
//   something is open, none of it taken
//     on, and none completed                requested;
//   something is open, and all of it is
//     on hold                               on-hold;
//   otherwise, something open               in-progress;
//   all ended, at least one completed       completed (partial() when others did not), graded
//                                           with evidence only when each completed one has it;
//   all ended, all cancelled                cancelled, unmet;
//   all ended otherwise                     failed: lost when all of them were, else unmet.
// The reason of a failed or cancelled parent is the children's where they agree, else "other".
// The order of the children does not matter. One that this end has closed as lost counts as failed.
Parent ParentOf(std::span<const Child> children);

}  // namespace equinode::referral
