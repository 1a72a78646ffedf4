#include "domain/referral/words.h"

#include <span>
#include <utility>

namespace equinode::referral {
namespace {

template <typename T>
using Names = std::pair<T, std::string_view>;

constexpr std::array<Names<State>, 11> kStateNames = {{
    {State::kNone, ""},
    {State::kDraft, "draft"},
    {State::kRequested, "requested"},
    {State::kAccepted, "accepted"},
    {State::kRejected, "rejected"},
    {State::kInProgress, "in-progress"},
    {State::kOnHold, "on-hold"},
    {State::kCompleted, "completed"},
    {State::kCancelled, "cancelled"},
    {State::kFailed, "failed"},
    {State::kEnteredInError, "entered-in-error"},
}};

constexpr std::array<Names<SubState>, 6> kSubStateNames = {{
    {SubState::kNone, ""},
    {SubState::kReceived, "received"},
    {SubState::kScheduled, "scheduled"},
    {SubState::kUnattended, "unattended"},
    {SubState::kAppointmentCancelled, "appointment-cancelled"},
    {SubState::kNoted, "noted"},
}};

constexpr std::array<Names<EventKind>, 22> kEventNames = {{
    {EventKind::kCreateDraft, "create-draft"},
    {EventKind::kCreate, "create"},
    {EventKind::kSend, "send"},
    {EventKind::kReceive, "receive"},
    {EventKind::kClaim, "claim"},
    {EventKind::kAccept, "accept"},
    {EventKind::kReject, "reject"},
    {EventKind::kCancel, "cancel"},
    {EventKind::kConfirmCancel, "confirm-cancel"},
    {EventKind::kStart, "start"},
    {EventKind::kSchedule, "schedule"},
    {EventKind::kReschedule, "reschedule"},
    {EventKind::kNoShow, "no-show"},
    {EventKind::kCancelAppointment, "cancel-appointment"},
    {EventKind::kInterimNote, "interim-note"},
    {EventKind::kHold, "hold"},
    {EventKind::kResume, "resume"},
    {EventKind::kComplete, "complete"},
    {EventKind::kFail, "fail"},
    {EventKind::kExpire, "expire"},
    {EventKind::kMarkError, "mark-error"},
    {EventKind::kAcknowledge, "acknowledge"},
}};

constexpr std::array<Names<Role>, 4> kRoleNames = {{
    {Role::kRequester, "requester"},
    {Role::kTarget, "target"},
    {Role::kRequesterNode, "requester-node"},
    {Role::kTargetNode, "target-node"},
}};

constexpr std::array<Names<Grade>, 6> kGradeNames = {{
    {Grade::kOpen, "open"},
    {Grade::kServedWithEvidence, "served-with-evidence"},
    {Grade::kServedAsReported, "served-as-reported"},
    {Grade::kUnmet, "unmet"},
    {Grade::kLost, "lost"},
    {Grade::kVoid, "void"},
}};

template <typename T, std::size_t N>
std::string_view NameIn(const std::array<Names<T>, N>& names, T value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "?";
}

template <typename T, std::size_t N>
std::optional<T> FindIn(const std::array<Names<T>, N>& names, std::string_view name) {
  for (const auto& [each, known] : names) {
    if (known == name) return each;
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(State state) { return NameIn(kStateNames, state); }
std::string_view Name(SubState sub) { return NameIn(kSubStateNames, sub); }
std::string_view Name(EventKind event) { return NameIn(kEventNames, event); }
std::string_view Name(Role role) { return NameIn(kRoleNames, role); }
std::string_view Name(Grade grade) { return NameIn(kGradeNames, grade); }

std::optional<State> StateNamed(std::string_view name) { return FindIn(kStateNames, name); }
std::optional<SubState> SubStateNamed(std::string_view name) {
  return FindIn(kSubStateNames, name);
}
std::optional<EventKind> EventKindNamed(std::string_view name) { return FindIn(kEventNames, name); }
std::optional<Role> RoleNamed(std::string_view name) { return FindIn(kRoleNames, name); }

bool IsDomainWord(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool IsFinal(State state) {
  switch (state) {
    case State::kRejected:
    case State::kCompleted:
    case State::kCancelled:
    case State::kFailed:
    case State::kEnteredInError:
      return true;
    case State::kNone:
    case State::kDraft:
    case State::kRequested:
    case State::kAccepted:
    case State::kInProgress:
    case State::kOnHold:
      return false;
  }
  return false;
}

bool IsActive(State state) {
  return state == State::kAccepted || state == State::kInProgress || state == State::kOnHold;
}

}  // namespace equinode::referral
