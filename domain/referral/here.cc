#include "domain/referral/here.h"

#include "domain/referral/clocks.h"

namespace equinode::referral {
namespace {

Error NotSettled(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}
Error BadSettling(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}

bool IsSilent(const View& view, Instant now) {
  return view.here.role == Role::kRequester && IsOpen(view) && now >= ExpiresAt(view);
}

}  // namespace

Instant LostAt(const View& view) {
  const Instant expires = ExpiresAt(view);
  return expires == Instant::max() ? expires
                                   : DueAt(ClockKind::kGrace, view.opening.priority, expires);
}

std::optional<Instant> LooksAgainAt(const View& view, Instant now) {
  if (!IsOpen(view) || view.here.fault_since) return std::nullopt;
  const Instant expires = ExpiresAt(view);
  if (expires == Instant::max()) return std::nullopt;
  if (view.here.role != Role::kRequester || now < expires) return expires;
  return LostAt(view);
}

Result<EndHere> SettledBy(const View& view, std::string_view actor, Grade grade,
                          std::string_view note, Instant now) {
  if (view.here.end) {
    return NotSettled("ENDED_HERE", "this end has closed its copy before, as " +
                                        std::string(Name(view.here.end->grade)));
  }
  if (!view.here.fault_since && !IsSilent(view, now)) {
    return NotSettled("NOTHING_TO_SETTLE",
                      "the two ends agree, and the other one may still answer: settle is for what "
                      "it will not, or cannot, end");
  }
  if (grade != Grade::kLost && grade != Grade::kVoid) {
    return BadSettling("BAD_GRADE", "a copy is closed as lost or as void");
  }
  if (note.empty()) {
    return BadSettling("NOTE_REQUIRED", "say in a note what the two organisations agreed on");
  }
  EQN_CHECK(CheckNote(note));
  EndHere end;
  end.grade = grade;
  end.reason = view.here.fault_since ? kDisagree : kSilent;
  end.actor = actor;
  end.note = note;
  end.at = now;
  end.seen = now;
  return end;
}

Result<EndHere> LostOfSilence(const View& view, Instant now) {
  if (!IsSilent(view, now) || view.here.fault_since || now < LostAt(view)) {
    return NotSettled("NOT_LOST", "the other end may still answer");
  }
  EndHere end;
  end.grade = Grade::kLost;
  end.reason = kSilent;
  end.actor = view.opening.requester_node;
  end.at = now;
  return end;
}

bool HoldsWhenHeard(const EndHere& end) { return end.reason != kSilent; }

}  // namespace equinode::referral
