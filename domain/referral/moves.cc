#include "domain/referral/moves.h"

#include <algorithm>
#include <cassert>

#include "base/csv_rows.h"
#include "domain/referral/clocks.h"
#include "domain/referral/evidence.h"
#include "domain/referral/referral_tables.h"

namespace equinode::referral {
namespace {

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// The tables live as long as the program; what they point to is theirs.
struct Tables {
  std::vector<std::vector<std::string>> move_rows{};
  std::vector<std::vector<std::string>> reason_rows{};
  std::vector<Move> moves{};
  std::vector<Reason> reasons{};

  Tables() {
    ForEachRow(kMovesCsv, [&](const auto& row) { move_rows.push_back(row); });
    ForEachRow(kReasonsCsv, [&](const auto& row) { reason_rows.push_back(row); });
    for (const auto& row : move_rows) {
      Move move;
      move.from = *StateNamed(row[0]);
      if (row[1] != "*") move.from_sub = *SubStateNamed(row[1]);
      move.event = *EventKindNamed(row[2]);
      for (const std::string_view actor : Split(row[3], '|')) {
        move.actors.push_back(*RoleNamed(actor));
      }
      move.to = *StateNamed(row[4]);
      if (row[5] != "=") move.to_sub = *SubStateNamed(row[5]);
      move.requires_ = Split(row[6], ';');
      move.source = row[7];
      moves.push_back(std::move(move));
    }
    for (const auto& row : reason_rows) {
      Reason reason;
      reason.code = row[0];
      reason.words = row[1];
      for (const std::string_view event : Split(row[2], '|')) {
        reason.events.push_back(*EventKindNamed(event));
      }
      reason.unmet = row[3];
      reasons.push_back(std::move(reason));
    }
  }
};

const Tables& TheTables() {
  static const Tables tables;
  return tables;
}

bool Has(const std::vector<Role>& roles, Role role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool Fits(const Move& move, const View& view) {
  return move.from == view.state && (!move.from_sub || *move.from_sub == view.sub);
}

std::string StateWords(const View& view) {
  if (view.state == State::kNone) return "a referral that does not exist yet";
  std::string words = "a referral that is " + std::string(Name(view.state));
  if (view.sub != SubState::kNone) words += " (" + std::string(Name(view.sub)) + ")";
  return words;
}

std::string List(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (text.find(word) == std::string::npos || text.empty()) {
      text += (text.empty() ? "" : ", ") + std::string(word);
    }
  }
  return text.empty() ? "nothing" : text;
}

Error NoSuchMove(const View& view, const Event& event) {
  std::vector<std::string_view> takes;
  for (const Move* move : NextMoves(view)) {
    if (std::find(takes.begin(), takes.end(), Name(move->event)) == takes.end()) {
      takes.push_back(Name(move->event));
    }
  }
  return Error{Code::kFailedPrecondition, "NO_SUCH_MOVE",
               StateWords(view) + " takes no " + std::string(Name(event.kind)) + "; it takes " +
                   List(takes)};
}

Error NotYourMove(const View& view, const Event& event, const std::vector<Role>& whose) {
  std::vector<std::string_view> names;
  for (const Role role : whose) names.push_back(Name(role));
  return Error{Code::kPermissionDenied, "NOT_YOUR_MOVE",
               StateWords(view) + " takes " + std::string(Name(event.kind)) + " from " +
                   List(names) + ", not from " + std::string(Name(event.role))};
}

Error Missing(std::string_view reason, std::string message) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(message)};
}
Error NotNow(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

Status CheckReason(const Event& event) {
  if (event.reason.empty()) {
    return Missing("REASON_REQUIRED",
                   std::string(Name(event.kind)) + " needs a reason: `equinode referral reasons`");
  }
  const Reason* reason = FindReason(event.reason);
  if (reason == nullptr ||
      std::find(reason->events.begin(), reason->events.end(), event.kind) == reason->events.end()) {
    return Missing("BAD_REASON", "that is no reason for " + std::string(Name(event.kind)) +
                                     ": `equinode referral reasons`");
  }
  if (event.reason == "other" && event.note.empty()) {
    return Missing("NOTE_REQUIRED", "the reason `other` needs a note that says which");
  }
  return Ok();
}

Status CheckRequired(std::string_view what, const View& view, const Event& event, Instant now) {
  if (what == "reason") return CheckReason(event);
  if (what == "note" && event.note.empty()) return Missing("NOTE_REQUIRED", "a note is needed");
  if (what == "when" && !event.when) {
    return Missing("TIME_REQUIRED", event.kind == EventKind::kHold
                                        ? "say when it is looked at again"
                                        : "say when the appointment is");
  }
  if (what == "result" && event.evidence.empty() && event.reported_by.empty()) {
    return Missing("RESULT_REQUIRED",
                   "say what was done (evidence) or on whose word it counts as done");
  }
  if (what == "owner" && event.owner.empty()) {
    return Missing("OWNER_REQUIRED", "say which organisation claims it");
  }
  if (what == "no-owner" && !view.owner.empty()) {
    return NotNow("ALREADY_CLAIMED", "another organisation has claimed this referral");
  }
  if (what == "cancel-asked" && !view.cancel_asked) {
    return NotNow("NO_CANCEL_ASKED", "nobody has asked to cancel; `cancel` ends it with a reason");
  }
  if (what == "no-cancel-asked" && view.cancel_asked) {
    return NotNow("CANCEL_ASKED_BEFORE", "the cancellation was asked before; the target decides");
  }
  if (what == "not-acknowledged" && view.acknowledged) {
    return NotNow("ALREADY_ACKNOWLEDGED", "the end was acknowledged before");
  }
  if (what == "expired" && now < ExpiresAt(view)) {
    return NotNow("NOT_EXPIRED", "it does not expire before " + FormatInstant(ExpiresAt(view)));
  }
  return Ok();
}

void Remember(View& view, const Event& event) {
  const bool by_target = event.role == Role::kTarget;
  if (by_target) view.last_by_target = event.at;
  switch (event.kind) {
    case EventKind::kCreateDraft:
      view.created = event.at;
      break;
    case EventKind::kCreate:
      view.created = event.at;
      view.sent = event.at;
      break;
    case EventKind::kSend:
      view.sent = event.at;
      break;
    case EventKind::kReceive:
      view.received = event.at;
      break;
    case EventKind::kClaim:
      view.owner = event.owner;
      break;
    case EventKind::kAccept:
      view.accepted = event.at;
      break;
    case EventKind::kSchedule:
    case EventKind::kReschedule:
      view.appointment = event.when;
      break;
    case EventKind::kNoShow:
      ++view.no_shows;
      view.appointment.reset();
      break;
    case EventKind::kCancelAppointment:
      view.appointment.reset();
      break;
    case EventKind::kComplete:
      // A chain may come from a node that asks for less: what is no evidence is somebody's word.
      view.evidence = std::ranges::any_of(event.evidence, [&](const Evidence& each) {
        return CheckEvidence(each, view.sent.value_or(event.at), event.at).ok();
      });
      view.reported_by = event.reported_by;
      break;
    case EventKind::kAcknowledge:
      view.acknowledged = event.at;
      break;
    case EventKind::kReject:
    case EventKind::kCancel:
    case EventKind::kConfirmCancel:
    case EventKind::kStart:
    case EventKind::kInterimNote:
    case EventKind::kHold:
    case EventKind::kResume:
    case EventKind::kFail:
    case EventKind::kExpire:
    case EventKind::kMarkError:
      break;
  }
  view.review = event.kind == EventKind::kHold ? event.when : std::nullopt;
}

}  // namespace

std::span<const Move> Moves() { return TheTables().moves; }
std::span<const Reason> Reasons() { return TheTables().reasons; }

const Reason* FindReason(std::string_view code) {
  for (const Reason& reason : Reasons()) {
    if (reason.code == code) return &reason;
  }
  return nullptr;
}

std::vector<const Move*> NextMoves(const View& view) {
  std::vector<const Move*> next;
  for (const Move& move : Moves()) {
    if (Fits(move, view)) next.push_back(&move);
  }
  return next;
}

Result<View> Apply(const View& view, const Event& event, Instant now) {
  EQN_CHECK(CheckShape(event));
  const Move* taken = nullptr;
  std::vector<Role> others;
  for (const Move* move : NextMoves(view)) {
    if (move->event != event.kind) continue;
    if (Has(move->actors, event.role)) {
      taken = move;
      break;
    }
    others.insert(others.end(), move->actors.begin(), move->actors.end());
  }
  if (taken == nullptr) {
    return others.empty() ? NoSuchMove(view, event) : NotYourMove(view, event, others);
  }
  if (view.state != State::kNone && event.referral != view.id) {
    return Error{Code::kInvalidArgument, "BAD_EVENT", "the event is of another referral"};
  }
  for (const std::string_view what : taken->requires_) {
    EQN_CHECK(CheckRequired(what, view, event, now));
  }
  // A reason that is not asked for is still one of the table.
  if (!event.reason.empty() && event.kind != EventKind::kExpire) EQN_CHECK(CheckReason(event));

  View next = view;
  if (event.opening) {
    next.id = event.referral;
    next.opening = *event.opening;
    next.owner = event.opening->owner;
  }
  const bool moved = taken->to != view.state;
  const bool asks = event.kind == EventKind::kCancel && event.role != Role::kTarget && !moved;
  next.state = taken->to;
  if (moved) next.since = event.at;
  if (taken->to_sub) next.sub = *taken->to_sub;
  if (asks) {
    next.cancel_asked = event.at;
    next.cancel_reason = event.reason;
  }
  const bool contact = event.role == Role::kTarget && IsActive(view.state);
  if (contact && !next.first_contact) next.first_contact = event.at;
  if (moved && IsFinal(next.state)) {
    // An end that was marked in error later keeps the moment of the first end.
    if (!next.ended) next.ended = event.at;
    next.reason = event.kind == EventKind::kExpire          ? "expired"
                  : event.kind == EventKind::kConfirmCancel ? view.cancel_reason
                                                            : event.reason;
    next.cancel_asked.reset();
  } else if (moved) {
    next.reason = event.reason;
  }
  Remember(next, event);
  if (IsFinal(next.state)) next.review.reset();
  return next;
}

}  // namespace equinode::referral
