#include "domain/referral/catch_up.h"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/referral/clocks.h"
#include "domain/referral/moves.h"

namespace equinode::referral {
namespace {

// A closure category as a reason of ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kReasons = {{
    {"unable-to-reach", "unreachable"},
    {"client-declined", "client-declined"},
    {"not-eligible", "not-eligible"},
    {"no-capacity", "no-capacity"},
    {"provider-declined", "provider-declined"},
    {"waiting-on-client", "waiting-on-client"},
}};

// "other" for a category that we have no reason for, or one that this verb may not give.
std::string ReasonOf(std::string_view closure, EventKind verb) {
  for (const auto& [category, code] : kReasons) {
    if (category != closure) continue;
    const Reason* reason = FindReason(code);
    if (reason == nullptr) continue;
    if (std::ranges::find(reason->events, verb) != reason->events.end()) return std::string(code);
  }
  return "other";
}

Error CannotCatchUp(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

Error Disagrees(std::string message) {
  return Error{Code::kInvalidArgument, "CLOSURE_DISAGREES", std::move(message)};
}

// The category of the word, or of what was said beside it where the word leaves it open.
Result<std::string> ClosureOf(const StatusWord& word, std::string_view said) {
  const std::string own(word.closure);
  if (said.empty() || said == word.closure || said == "none") return own;
  const bool ends_unserved = word.state == State::kRejected || word.state == State::kFailed ||
                             word.state == State::kCancelled;
  const bool may =
      said == "other" || (IsSpecific(said) && said != "service-received" && said != "expired");
  if (ends_unserved && may && !IsSpecific(own)) return std::string(said);
  // Where nothing ended, or the service was given, there is one category or none.
  if (!ends_unserved) {
    return Disagrees(std::string(word.word) + " is no end without the service: " +
                     (word.state == State::kCompleted ? "leave the reason empty or service-received"
                                                      : "leave the reason empty"));
  }
  return Disagrees(IsSpecific(own)
                       ? std::string(word.word) + " says " + own + " already: write that or nothing"
                       : "a reason is one of unable-to-reach, client-declined, not-eligible, "
                         "no-capacity, provider-declined, other, or what [closure_words] makes of "
                         "them");
}

// Whether a referral that has ended has ended so.
bool SameEnd(const View& view, State end, std::string_view closure) {
  const std::string_view ours = ClosureCategory(view);
  // What was accepted here first has failed where the other system rejected it.
  const bool same = view.state == end || (view.state == State::kFailed && end == State::kRejected);
  return same && (!IsSpecific(closure) || closure == ours);
}

// How far on the way of a referral that is served.
int StageOf(State state) {
  switch (state) {
    case State::kRequested:
      return 0;
    case State::kAccepted:
      return 1;
    case State::kInProgress:
    case State::kOnHold:
      return 2;
    case State::kNone:
    case State::kDraft:
    case State::kRejected:
    case State::kCompleted:
    case State::kCancelled:
    case State::kFailed:
    case State::kEnteredInError:
      return -1;
  }
  return -1;
}

}  // namespace

Result<CatchUpWay> CatchUp(const View& view, const StatusWord& word, std::string_view said) {
  const State from = view.state;
  EQN_TRY(const std::string closure, ClosureOf(word, said));
  CatchUpWay way;
  std::vector<CatchUpStep>& steps = way.steps;
  if (IsFinal(from)) {
    // A word that is not the end may be older than our end.
    way.behind = !IsFinal(word.state);
    if (way.behind || SameEnd(view, word.state, closure)) return way;
    return CannotCatchUp("ENDED_OTHERWISE",
                         "here it is " + std::string(Name(from)) + " (" +
                             std::string(ClosureCategory(view)) +
                             "), and that is final: `equinode referral show` tells how it came to "
                             "that; the requester can take it up again with --reopens");
  }
  if (from == word.state) return way;
  const int stage = StageOf(from);
  if (stage < 0) {
    return CannotCatchUp("NO_WAY", "it has not been sent: its requester sends it or gives it up");
  }
  const auto accept = [&] {
    if (stage == 0) steps.push_back({EventKind::kAccept, "", false});
  };
  const auto end = [&](EventKind verb) { steps.push_back({verb, ReasonOf(closure, verb), false}); };
  switch (word.state) {
    case State::kRequested:
      way.behind = true;
      return way;
    case State::kAccepted:
    case State::kInProgress:
      if (from == State::kOnHold) {
        steps.push_back({EventKind::kResume, "", false});
        return way;
      }
      way.behind = StageOf(word.state) < stage;
      if (way.behind) return way;
      accept();
      if (word.state == State::kInProgress) steps.push_back({EventKind::kStart, "", false});
      return way;
    case State::kOnHold:
      accept();
      steps.push_back({EventKind::kHold, ReasonOf(closure, EventKind::kHold), true});
      return way;
    case State::kCompleted:
      accept();
      steps.push_back({EventKind::kComplete, "", false});
      return way;
    case State::kRejected:
      end(stage == 0 ? EventKind::kReject : EventKind::kFail);
      return way;
    case State::kFailed:
      if (closure == "expired") break;
      accept();
      end(EventKind::kFail);
      return way;
    case State::kCancelled:
      end(EventKind::kCancel);
      return way;
    case State::kNone:
    case State::kDraft:
    case State::kEnteredInError:
      break;
  }
  return CannotCatchUp(
      "NO_WAY", std::string(word.word) +
                    " is nothing that people say: only the clock of this node expires a referral, "
                    "on " +
                    FormatInstant(ExpiresAt(view)).substr(0, 10) +
                    ". If nobody will act on it, end it by its own name: equinode referral " +
                    (stage == 0 ? "reject" : "fail") + " ID --reason CODE");
}

Instant ReviewOf(const View& view, Instant now) {
  return DueAt(ClockKind::kUpdate, view.opening.priority, now);
}

}  // namespace equinode::referral
