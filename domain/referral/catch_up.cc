#include "domain/referral/catch_up.h"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/referral/moves.h"

namespace equinode::referral {
namespace {

// A closure category as a reason of ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kReasons = {{
    {"unable-to-reach", "unreachable"},
    {"client-declined", "client-declined"},
    {"not-eligible", "not-eligible"},
    {"no-capacity", "no-capacity"},
    {"provider-declined", "provider-declined"},
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

Result<std::vector<CatchUpStep>> CatchUp(State from, const StatusWord& word) {
  std::vector<CatchUpStep> steps;
  if (from == word.state) return steps;
  if (IsFinal(from)) {
    // A word that is not the end may be older than our end.
    if (!IsFinal(word.state)) return steps;
    // What was accepted here first has failed where the other system rejected it.
    if (from == State::kFailed && word.state == State::kRejected) return steps;
    return CannotCatchUp("ENDED_OTHERWISE",
                         "here it is " + std::string(Name(from)) + ", and that is final");
  }
  const int stage = StageOf(from);
  if (stage < 0) return CannotCatchUp("NO_WAY", "it has not been sent");
  const auto accept = [&] {
    if (stage == 0) steps.push_back({EventKind::kAccept, ""});
  };
  const auto end = [&](EventKind verb) { steps.push_back({verb, ReasonOf(word.closure, verb)}); };
  switch (word.state) {
    case State::kRequested:
      return steps;
    case State::kAccepted:
      accept();
      return steps;
    case State::kInProgress:
      accept();
      if (stage < 2) steps.push_back({EventKind::kStart, ""});
      if (from == State::kOnHold) steps = {{EventKind::kResume, ""}};
      return steps;
    case State::kCompleted:
      accept();
      steps.push_back({EventKind::kComplete, ""});
      return steps;
    case State::kRejected:
      end(stage == 0 ? EventKind::kReject : EventKind::kFail);
      return steps;
    case State::kFailed:
      if (word.closure == "expired") break;
      accept();
      end(EventKind::kFail);
      return steps;
    case State::kCancelled:
      end(EventKind::kCancel);
      return steps;
    case State::kOnHold:
    case State::kNone:
    case State::kDraft:
    case State::kEnteredInError:
      break;
  }
  return CannotCatchUp("NO_WAY", std::string(word.word) +
                                     " is nothing that people say with a verb alone: "
                                     "a hold wants its day, an expiry comes by itself");
}

}  // namespace equinode::referral
