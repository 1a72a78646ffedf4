// What has become of a need. Its state is its own, apart from that of any referral: a referral that
// ends does not end the need. Moves are data (data/need_states.csv).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode {

enum class NeedState : std::uint8_t {
  kOpen = 1,
  kInService = 2,
  kMet = 3,
  kUnmet = 4,      // With a reason: work, not an end.
  kNotWanted = 5,  // The person wants no help with it.
  kOver = 6,       // The chart says that it is past; by what, it does not.
  kVoid = 7,       // It never was: entered in error.
};
enum class NeedEvent : std::uint8_t {
  kFound = 1,  // A positive answer, or a problem in the chart.
  kStart = 2,  // Service began.
  kMeet = 3,
  kUnmet = 4,
  kDecline = 5,
  kEnd = 6,
  kReopen = 7,
  kVoid = 8,
};
std::string_view NeedStateName(NeedState state);  // "open", "in-service", ...
std::string_view NeedEventName(NeedEvent event);  // "found", "start", ...
std::optional<NeedState> NeedStateNamed(std::string_view word);
std::optional<NeedEvent> NeedEventNamed(std::string_view word);

// Why a need stayed unmet: client-declined, unreachable, not-eligible, no-capacity, no-funds,
// other.
bool IsUnmetReason(std::string_view word);

// FAILED_PRECONDITION / NEED_MOVE_NOT_ALLOWED; INVALID_ARGUMENT / REASON_REQUIRED where the move
// asks for one, UNMET_REASON for a word that is none of the list.
Result<NeedState> NextNeedState(std::optional<NeedState> from, NeedEvent event,
                                std::string_view reason);

}  // namespace equinode
