// Where a referral stands: what follows from its events, nothing of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "domain/referral/event.h"
#include "domain/referral/words.h"

namespace equinode::referral {

struct View {
  Uuid id{};
  Opening opening{};
  State state = State::kNone;
  SubState sub = SubState::kNone;
  std::string owner{};  // Who answers for it; empty while nobody claimed it.
  // Since when the requester wants it to end and the target has not answered; and why.
  std::optional<Instant> cancel_asked{};
  std::string cancel_reason{};
  std::string reason{};  // Of the last event that gave one and changed the state.
  // The moments of the events, by the clocks of their actors.
  std::optional<Instant> created{};
  std::optional<Instant> sent{};
  std::optional<Instant> received{};
  std::optional<Instant> accepted{};
  std::optional<Instant>
      first_contact{};  // The first start, schedule, note or end after acceptance.
  std::optional<Instant> ended{};
  std::optional<Instant> acknowledged{};  // The loop is closed: the requester has seen the end.
  std::optional<Instant> appointment{};
  std::optional<Instant> review{};  // While on hold.
  Instant last_by_target{};         // The target's last sign of life.
  bool evidence = false;
  std::string reported_by{};
  std::uint32_t no_shows = 0;
  friend bool operator==(const View&, const View&) = default;
};

// How it ended, or kOpen.
Grade GradeOf(const View& view);
// The category of an end without the service, e.g. "unreachable" (reasons.csv); empty otherwise.
std::string_view UnmetBecause(const View& view);
// Closed: it has ended and the requester has seen it.
bool IsLoopClosed(const View& view);

}  // namespace equinode::referral
