#include "domain/referral/split.h"

namespace equinode::referral {

Child ChildOf(const View& view) {
  const Grade grade = GradeOf(view);
  if (!view.here.end) return {view.state, grade, view.reason};
  const State ended = grade == Grade::kVoid ? State::kEnteredInError : State::kFailed;
  return {ended, grade, view.here.end->reason};
}

Parent ParentOf(std::span<const Child> children) {
  Parent parent;
  std::uint32_t taken_on = 0;
  std::uint32_t on_hold = 0;
  std::uint32_t cancelled = 0;
  std::uint32_t lost = 0;
  bool evidence = true;
  bool one_reason = true;
  const std::string* reason = nullptr;
  for (const Child& child : children) {
    switch (child.state) {
      case State::kNone:
      case State::kDraft:
      case State::kEnteredInError:
        continue;
      case State::kRequested:
        ++parent.open;
        continue;
      case State::kOnHold:
        ++on_hold;
        [[fallthrough]];
      case State::kAccepted:
      case State::kInProgress:
        ++taken_on;
        ++parent.open;
        continue;
      case State::kCompleted:
        ++parent.served;
        evidence = evidence && child.grade == Grade::kServedWithEvidence;
        continue;
      case State::kCancelled:
        ++cancelled;
        break;
      case State::kRejected:
      case State::kFailed:
        break;
    }
    ++parent.unserved;
    if (child.grade == Grade::kLost) ++lost;
    if (reason != nullptr && *reason != child.reason) one_reason = false;
    reason = &child.reason;
  }

  if (parent.open > 0) {
    if (on_hold == parent.open) {
      parent.state = State::kOnHold;
    } else {
      parent.state = taken_on == 0 && parent.served == 0 ? State::kRequested : State::kInProgress;
    }
    return parent;
  }
  if (parent.served == 0 && parent.unserved == 0) return parent;
  if (parent.served > 0) {
    parent.state = State::kCompleted;
    parent.grade = evidence ? Grade::kServedWithEvidence : Grade::kServedAsReported;
    return parent;
  }
  parent.state = cancelled == parent.unserved ? State::kCancelled : State::kFailed;
  parent.grade = lost == parent.unserved ? Grade::kLost : Grade::kUnmet;
  parent.reason = one_reason ? *reason : "other";
  return parent;
}

}  // namespace equinode::referral
