// The words of a referral's life. States are FHIR Task.status as Gravity SDOH-CC 3.0 binds it
// (SDOHCCValueSetReferralTaskStatus: no `received`, no `ready`); what Gravity has no state for is a
// sub-state (Task.businessStatus) or a fact beside the state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace equinode::referral {

enum class State : std::uint8_t {
  kNone = 0,  // Before the first event.
  kDraft,
  kRequested,
  kAccepted,
  kRejected,
  kInProgress,
  kOnHold,
  kCompleted,
  kCancelled,
  kFailed,
  kEnteredInError,
};
inline constexpr std::array<State, 11> kStates = {
    State::kNone,      State::kDraft,      State::kRequested,     State::kAccepted,
    State::kRejected,  State::kInProgress, State::kOnHold,        State::kCompleted,
    State::kCancelled, State::kFailed,     State::kEnteredInError};

// Where a state leaves open what happened last.
enum class SubState : std::uint8_t {
  kNone = 0,
  kReceived,    // The target's node holds it. Seen by a person only when they act.
  kScheduled,   // An appointment is made.
  kUnattended,  // The client did not come.
  kAppointmentCancelled,
  kNoted,  // An interim note is the last word.
};
inline constexpr std::array<SubState, 6> kSubStates = {SubState::kNone,
                                                       SubState::kReceived,
                                                       SubState::kScheduled,
                                                       SubState::kUnattended,
                                                       SubState::kAppointmentCancelled,
                                                       SubState::kNoted};

enum class EventKind : std::uint8_t {
  kCreateDraft = 1,
  kCreate,
  kSend,
  kReceive,
  kClaim,
  kAccept,
  kReject,
  kCancel,
  kConfirmCancel,
  kStart,
  kSchedule,
  kReschedule,
  kNoShow,
  kCancelAppointment,
  kInterimNote,
  kHold,
  kResume,
  kComplete,
  kFail,
  kExpire,
  kMarkError,
  kAcknowledge,
};
inline constexpr std::array<EventKind, 22> kEventKinds = {
    EventKind::kCreateDraft,   EventKind::kCreate,
    EventKind::kSend,          EventKind::kReceive,
    EventKind::kClaim,         EventKind::kAccept,
    EventKind::kReject,        EventKind::kCancel,
    EventKind::kConfirmCancel, EventKind::kStart,
    EventKind::kSchedule,      EventKind::kReschedule,
    EventKind::kNoShow,        EventKind::kCancelAppointment,
    EventKind::kInterimNote,   EventKind::kHold,
    EventKind::kResume,        EventKind::kComplete,
    EventKind::kFail,          EventKind::kExpire,
    EventKind::kMarkError,     EventKind::kAcknowledge};

// In which part somebody acts. A node acts of itself on a clock or an arrival, people never.
enum class Role : std::uint8_t {
  kRequester = 1,  // Staff of the organisation that asks.
  kTarget = 2,     // Staff of the organisation that is asked.
  kRequesterNode = 3,
  kTargetNode = 4,
};
inline constexpr std::array<Role, 4> kRoles = {Role::kRequester, Role::kTarget,
                                               Role::kRequesterNode, Role::kTargetNode};

// How it ended, for counting and for the plan.
enum class Grade : std::uint8_t {
  kOpen = 0,
  kServedWithEvidence,  // Completed, and a Procedure or service record stands behind it.
  kServedAsReported,    // Completed on somebody's word, who is named.
  kUnmet,               // Ended without the service, with a coded reason.
  kLost,                // Nobody answered in time.
  kVoid,                // Entered in error: never happened, never counted.
};
inline constexpr std::array<Grade, 6> kGrades = {
    Grade::kOpen, Grade::kServedWithEvidence, Grade::kServedAsReported, Grade::kUnmet, Grade::kLost,
    Grade::kVoid};

// The names in tables, on the wire and on the screen: FHIR's codes for states ("in-progress"), the
// table's for the rest ("no-show"). The state before the first event is "".
std::string_view Name(State state);
std::string_view Name(SubState sub);  // "" for none.
std::string_view Name(EventKind event);
std::string_view Name(Role role);  // "requester", "target", "requester-node", "target-node".
std::string_view Name(Grade grade);

// Nothing for a word that is none.
std::optional<State> StateNamed(std::string_view name);
std::optional<SubState> SubStateNamed(std::string_view name);
std::optional<EventKind> EventKindNamed(std::string_view name);
std::optional<Role> RoleNamed(std::string_view name);

// A need's domain as a word of a table: a Gravity category such as "food-insecurity", 1..64 of
// [a-z0-9-].
bool IsDomainWord(std::string_view text);

// Nothing leads on from here but an acknowledgement or entered-in-error.
bool IsFinal(State state);
// The target has taken it on and not ended it.
bool IsActive(State state);

}  // namespace equinode::referral
