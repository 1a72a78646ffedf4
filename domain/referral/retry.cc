#include "domain/referral/retry.h"

#include "domain/referral/here.h"

namespace equinode::referral {
namespace {

Error Refused(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

// Counts toward the need: it was sent, and not in error.
bool Counts(const View& view) {
  return view.state != State::kNone && GradeOf(view) != Grade::kVoid;
}

bool TurnedDown(const View& view) {
  if (view.here.end) return view.here.end->reason == kSilent;
  // What the requester took back itself was not turned down.
  if (view.state == State::kCancelled && view.reason == "requester-withdrew") return false;
  const Grade grade = GradeOf(view);
  return grade == Grade::kUnmet || grade == Grade::kLost;
}

// What no way to ask again goes round.
Status CheckCommon(std::span<const View> earlier, std::string_view next) {
  std::size_t made = 0;
  for (const View& each : earlier) {
    if (!Counts(each)) continue;
    ++made;
    if (AskedOf(each) == next && IsOpen(each)) {
      return Refused("STILL_OPEN", "a referral of this need is open at that organisation");
    }
  }
  if (made >= kMaxReferralsOfNeed) {
    return Refused("TOO_MANY", "this need was referred " + std::to_string(made) +
                                   " times; close it with a reason or open a new need");
  }
  return Ok();
}

}  // namespace

std::string_view AskedOf(const View& view) {
  return view.owner.empty() ? std::string_view(view.opening.target_node)
                            : std::string_view(view.owner);
}

Status MayRefer(std::span<const View> earlier, const Uuid& need, std::string_view next) {
  for (const View& each : earlier) {
    if (each.opening.need != need) {
      return Error{Code::kInvalidArgument, "OTHER_NEED", "that referral is of another need"};
    }
    if (!Counts(each) || AskedOf(each) != next || IsOpen(each) || !TurnedDown(each)) continue;
    const std::string& reason = each.here.end ? each.here.end->reason : each.reason;
    return Refused("ASKED_BEFORE", "that organisation could not meet this need (" +
                                       (reason.empty() ? std::string("other") : reason) +
                                       "); ask another one, or reopen that referral with a reason");
  }
  return CheckCommon(earlier, next);
}

Status MayFollow(const View& ended) {
  if (!IsOpen(ended)) return Ok();
  return Refused("STILL_OPEN", "the referral that this one would follow is still open");
}

Status MayReopen(const View& closed, std::span<const View> earlier, std::string_view next,
                 std::string_view reason) {
  if (!Counts(closed) || closed.state == State::kDraft) {
    return Refused("NOT_REOPENED", "a draft or what was entered in error is not reopened");
  }
  if (IsOpen(closed)) return Refused("STILL_OPEN", "the referral is still open");
  if (AskedOf(closed) != next) {
    return Refused(
        "OTHER_ORGANISATION",
        "a referral is reopened at the organisation that closed it; another one is asked "
        "by a referral that follows it");
  }
  for (const View& each : earlier) {
    if (Counts(each) && each.opening.reopens == closed.id) {
      return Refused(
          "REOPENED_BEFORE",
          "that referral was reopened before: what came of it is referral " + each.id.ToString());
    }
  }
  if (reason.empty()) {
    return Error{Code::kInvalidArgument, "REASON_REQUIRED",
                 "say why it is reopened: `equinode referral reasons` lists those for create"};
  }
  return CheckCommon(earlier, next);
}

}  // namespace equinode::referral
