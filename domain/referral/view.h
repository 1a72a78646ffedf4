// Where a referral stands: what follows from its events, and, apart from them, what one end alone
// has decided about its copy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "domain/referral/event.h"
#include "domain/referral/words.h"

namespace equinode::referral {

// How this end has closed its copy without the other (domain/referral/here.h).
struct EndHere {
  Grade grade = Grade::kLost;  // kLost or kVoid.
  std::string reason{};        // Why: the other end is silent, or the ends disagree.
  std::string actor{};         // URI of the person whose decision it was, or of this node.
  std::string note{};          // Of the person.
  Instant at{};
  std::optional<Instant> seen{};  // When a person of this end has seen it.
  friend bool operator==(const EndHere&, const EndHere&) = default;
};

// What this end alone knows of its copy, beside the chain.
struct AtThisEnd {
  Role role = Role::kRequester;          // Whose end it is: kRequester or kTarget.
  std::optional<Instant> fault_since{};  // The two ends' chains do not agree.
  std::optional<EndHere> end{};
  friend bool operator==(const AtThisEnd&, const AtThisEnd&) = default;
};

struct View {
  Uuid id{};
  Opening opening{};
  State state = State::kNone;
  Instant since{};  // Of the event that led to the state.
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
  AtThisEnd here{};  // Not of the chain, and empty in what only a chain was asked.
  friend bool operator==(const View&, const View&) = default;
};

// It has been made and has not ended, neither for both nor at this end alone.
bool IsOpen(const View& view);
// How it ended, or kOpen. What this end has closed alone it grades alone.
Grade GradeOf(const View& view);
// The category of an end without the service, e.g. "unreachable" (reasons.csv); empty otherwise.
std::string_view UnmetBecause(const View& view);
// Closed: it has ended and the requester has seen it.
bool IsLoopClosed(const View& view);
// When it ended, and when that was seen: at this end alone, or for both.
std::optional<Instant> EndedAt(const View& view);
std::optional<Instant> SeenAt(const View& view);

}  // namespace equinode::referral
