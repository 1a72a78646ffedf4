// The machine: which event may follow where, by whom, with what (data/moves.csv). The table is
// Gravity's Task machine (SDOHCCTaskForReferralManagement, state diagram) with a required reason,
// with 360X/BSeR's cancellation that is asked for after acceptance and that an outcome may beat,
// and with appointments, notes and expiry as events; each row names its source.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/referral/event.h"
#include "domain/referral/view.h"
#include "domain/referral/words.h"

namespace equinode::referral {

struct Move {
  State from = State::kNone;
  std::optional<SubState> from_sub{};  // Nothing: any.
  EventKind event = EventKind::kCreate;
  std::vector<Role> actors{};
  State to = State::kNone;
  std::optional<SubState> to_sub{};  // Nothing: as it was.
  // "reason", "note", "when", "result" (evidence, or the name of who reported), "opening", "owner",
  // "no-owner", "cancel-asked", "no-cancel-asked", "not-acknowledged", "expired".
  std::vector<std::string_view> requires_{};
  std::string_view source{};
};
// All rows of the table, in its order.
std::span<const Move> Moves();

struct Reason {
  std::string_view code{};
  std::string_view words{};
  std::vector<EventKind> events{};  // Where it may be given.
  std::string_view unmet{};         // The category under which an end with it is counted; or empty.
};
std::span<const Reason> Reasons();
const Reason* FindReason(std::string_view code);  // nullptr for none.

// The view after `event`, or why it may not happen:
//   FAILED_PRECONDITION / NO_SUCH_MOVE      the state takes no such event; says which it takes.
//   PERMISSION_DENIED   / NOT_YOUR_MOVE     it takes it from another role; says from whom.
//   FAILED_PRECONDITION / ALREADY_CLAIMED, CANCEL_ASKED_BEFORE, NO_CANCEL_ASKED,
//                         ALREADY_ACKNOWLEDGED, NOT_EXPIRED
//   INVALID_ARGUMENT    / REASON_REQUIRED, NOTE_REQUIRED, TIME_REQUIRED, RESULT_REQUIRED,
//                         OWNER_REQUIRED, BAD_REASON, BAD_EVENT
// `now` is the moment at which the event enters the chain, by the clock of the node that links it.
Result<View> Apply(const View& view, const Event& event, Instant now);

// What may happen next and who may do it, for a screen or an error.
std::vector<const Move*> NextMoves(const View& view);

}  // namespace equinode::referral
