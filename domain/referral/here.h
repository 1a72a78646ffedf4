// What one end does with its copy alone when the other end cannot be reached or tells another
// story. Nothing of it enters the chain: the chain is what both have said.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "domain/referral/view.h"

namespace equinode::referral {

inline constexpr std::string_view kSilent = "expired";          // EndHere::reason
inline constexpr std::string_view kDisagree = "ends-disagree";  // EndHere::reason

// From when the requester's node ends a silent referral by itself: the grace (data/clocks.csv)
// after ExpiresAt(). The end of time where nothing expires.
Instant LostAt(const View& view);

// When this end's node has to look again, since its clock alone changes whose turn it is or ends
// what is open; nothing when only an event or a person can.
std::optional<Instant> LooksAgainAt(const View& view, Instant now);

// This end closes its copy because its people say so: either end when the chains do not agree, the
// requester's also once the other end is silent (ExpiresAt()). `grade` is kLost or kVoid.
//   FAILED_PRECONDITION / ENDED_HERE         it did so before.
//                         NOTHING_TO_SETTLE  it is not silent and the ends agree.
//   INVALID_ARGUMENT    / BAD_GRADE, NOTE_REQUIRED, BAD_EVENT (a note that no event could have).
Result<EndHere> SettledBy(const View& view, std::string_view actor, Grade grade,
                          std::string_view note, Instant now);

// The requester's node closes its copy as lost, of itself. A person has yet to see it.
// FAILED_PRECONDITION / NOT_LOST before LostAt(), when the ends disagree, and at the target's end.
Result<EndHere> LostOfSilence(const View& view, Instant now);

// Whether that end still holds when the other end has been heard: one for its silence does not.
bool HoldsWhenHeard(const EndHere& end);

}  // namespace equinode::referral
