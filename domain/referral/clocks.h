// By when somebody has to act (data/clocks.csv), and who acts next. Days are whole UTC days and
// inclusive: of a clock of 30 days that starts on day 0, day 30 is still in and day 31 is out.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "domain/referral/event.h"
#include "domain/referral/view.h"
#include "domain/referral/words.h"

namespace equinode::referral {

enum class ClockKind : std::uint8_t {
  kRespond = 1,
  kExpire,
  kContact,
  kAppointment,
  kCancel,
  kReview,
  kUpdate,
  kSilence,
  kAcknowledge,
  kIntervene,
  kGrace,   // After an expiry that the target's node never made.
  kSettle,  // The two ends disagree.
};
std::string_view Name(ClockKind clock);

// The first moment that is too late.
Instant DueAt(ClockKind clock, Priority priority, Instant start);

// The opening's clocks for a referral that is sent now.
void StartClocks(Opening& opening, Instant sent);

// From when `expire` is a move: while requested, the opening's; once accepted, after the target's
// long silence. Never (the end of time) in other states.
Instant ExpiresAt(const View& view);

// Who acts next, what, by when. Nothing for a loop that is closed. Where the ends disagree each has
// to settle it; what this end closed of itself a person has yet to see.
struct NextAction {
  Role who = Role::kTarget;
  ClockKind clock = ClockKind::kRespond;
  std::string_view what{};
  Instant by{};  // The first moment that is too late.
  bool overdue = false;
  friend bool operator==(const NextAction&, const NextAction&) = default;
};
std::optional<NextAction> NextActionOf(const View& view, Instant now);

// HEDIS SNS-E: an action of the same domain on or within 30 days after the first positive screen.
bool WithinIntervention(Instant first_positive, Instant action);

}  // namespace equinode::referral
