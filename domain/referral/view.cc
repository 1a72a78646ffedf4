#include "domain/referral/view.h"

#include "domain/referral/moves.h"

namespace equinode::referral {

Grade GradeOf(const View& view) {
  switch (view.state) {
    case State::kCompleted:
      return view.evidence ? Grade::kServedWithEvidence : Grade::kServedAsReported;
    case State::kRejected:
    case State::kCancelled:
      return Grade::kUnmet;
    case State::kFailed:
      return view.reason == "expired" ? Grade::kLost : Grade::kUnmet;
    case State::kEnteredInError:
      return Grade::kVoid;
    case State::kNone:
    case State::kDraft:
    case State::kRequested:
    case State::kAccepted:
    case State::kInProgress:
    case State::kOnHold:
      return Grade::kOpen;
  }
  return Grade::kOpen;
}

std::string_view UnmetBecause(const View& view) {
  if (GradeOf(view) != Grade::kUnmet) return "";
  const Reason* reason = FindReason(view.reason);
  return reason == nullptr || reason->unmet.empty() ? "other" : reason->unmet;
}

bool IsLoopClosed(const View& view) {
  return IsFinal(view.state) && view.state != State::kEnteredInError && view.acknowledged;
}

}  // namespace equinode::referral
