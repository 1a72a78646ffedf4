#include "domain/referral/view.h"

#include "domain/referral/moves.h"

namespace equinode::referral {

bool IsOpen(const View& view) {
  return view.state != State::kNone && !IsFinal(view.state) && !view.here.end;
}

Grade GradeOf(const View& view) {
  if (view.here.end) return view.here.end->grade;
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

std::optional<Instant> EndedAt(const View& view) {
  return view.here.end ? view.here.end->at : view.ended;
}

std::optional<Instant> SeenAt(const View& view) {
  return view.here.end ? view.here.end->seen : view.acknowledged;
}

bool IsLoopClosed(const View& view) {
  if (view.here.end) return view.here.end->grade != Grade::kVoid && view.here.end->seen;
  return IsFinal(view.state) && view.state != State::kEnteredInError && view.acknowledged;
}

}  // namespace equinode::referral
