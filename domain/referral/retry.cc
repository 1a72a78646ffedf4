#include "domain/referral/retry.h"

namespace equinode::referral {
namespace {

Error Refused(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

// Who was asked: the organisation, or for an open request that nobody claimed its node.
std::string_view AskedOf(const View& view) {
  return view.owner.empty() ? std::string_view(view.opening.target_node)
                            : std::string_view(view.owner);
}

}  // namespace

Status MayRefer(std::span<const View> earlier, const Uuid& need, std::string_view next) {
  std::size_t made = 0;
  for (const View& each : earlier) {
    if (each.opening.need != need) {
      return Error{Code::kInvalidArgument, "OTHER_NEED", "that referral is of another need"};
    }
    if (each.state == State::kEnteredInError || each.state == State::kNone) continue;
    ++made;
    if (AskedOf(each) != next) continue;
    if (!IsFinal(each.state)) {
      return Refused("STILL_OPEN", "a referral of this need is open at that organisation");
    }
    const Grade grade = GradeOf(each);
    // What the requester took back itself was not turned down.
    const bool withdrawn = each.state == State::kCancelled && each.reason == "requester-withdrew";
    if ((grade == Grade::kUnmet && !withdrawn) || grade == Grade::kLost) {
      return Refused("ASKED_BEFORE",
                     "that organisation could not meet this need (" +
                         (each.reason.empty() ? std::string("other") : each.reason) +
                         "); ask another one, or reopen that referral with a reason");
    }
  }
  if (made >= kMaxReferralsOfNeed) {
    return Refused("TOO_MANY", "this need was referred " + std::to_string(made) +
                                   " times; close it with a reason or open a new need");
  }
  return Ok();
}

Status MayReopen(const View& closed) {
  if (closed.state == State::kEnteredInError || closed.state == State::kNone ||
      closed.state == State::kDraft) {
    return Refused("NOT_REOPENED", "a draft or what was entered in error is not reopened");
  }
  if (!IsFinal(closed.state)) return Refused("STILL_OPEN", "the referral is still open");
  return Ok();
}

}  // namespace equinode::referral
