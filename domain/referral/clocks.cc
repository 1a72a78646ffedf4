#include "domain/referral/clocks.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "domain/referral/referral_tables.h"

namespace equinode::referral {
namespace {

constexpr std::array<std::pair<ClockKind, std::string_view>, 12> kClockNames = {{
    {ClockKind::kRespond, "respond"},
    {ClockKind::kExpire, "expire"},
    {ClockKind::kContact, "contact"},
    {ClockKind::kAppointment, "appointment"},
    {ClockKind::kCancel, "cancel"},
    {ClockKind::kReview, "review"},
    {ClockKind::kUpdate, "update"},
    {ClockKind::kSilence, "silence"},
    {ClockKind::kAcknowledge, "acknowledge"},
    {ClockKind::kIntervene, "intervene"},
    {ClockKind::kGrace, "grace"},
    {ClockKind::kSettle, "settle"},
}};

struct ClockRow {
  std::string clock{};
  std::string priority{};
  int days = 0;
  int hours = 0;
  Role who = Role::kTarget;
  std::string what{};
};

int Number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const std::vector<ClockRow>& ClockRows() {
  static const std::vector<ClockRow> rows = [] {
    std::vector<ClockRow> all;
    ForEachRow(kClocksCsv, [&](const auto& row) {
      all.push_back({row[0], row[1], Number(row[2]), Number(row[3]), *RoleNamed(row[4]), row[5]});
    });
    return all;
  }();
  return rows;
}

// The table has a row for every clock and priority (held by a test).
const ClockRow& RowOf(ClockKind clock, Priority priority) {
  const ClockRow* any = &ClockRows().front();
  for (const ClockRow& row : ClockRows()) {
    if (row.clock != Name(clock)) continue;
    if (row.priority == Name(priority)) return row;
    any = &row;
  }
  return *any;
}

NextAction Action(ClockKind clock, const View& view, Instant by, Instant now) {
  const ClockRow& row = RowOf(clock, view.opening.priority);
  return {row.who, clock, row.what, by, now >= by};
}

}  // namespace

std::string_view Name(ClockKind clock) {
  for (const auto& [each, name] : kClockNames) {
    if (each == clock) return name;
  }
  return "?";
}

Instant DueAt(ClockKind clock, Priority priority, Instant start) {
  const ClockRow& row = RowOf(clock, priority);
  if (row.days == 0) return start + std::chrono::hours(row.hours);
  return std::chrono::floor<std::chrono::days>(start) + std::chrono::days(row.days + 1);
}

void StartClocks(Opening& opening, Instant sent) {
  opening.respond_by = DueAt(ClockKind::kRespond, opening.priority, sent);
  opening.expires = DueAt(ClockKind::kExpire, opening.priority, sent);
}

Instant ExpiresAt(const View& view) {
  if (view.state == State::kRequested) return view.opening.expires;
  if (IsActive(view.state)) {
    return DueAt(ClockKind::kSilence, view.opening.priority, view.last_by_target);
  }
  return Instant::max();
}

std::optional<NextAction> NextActionOf(const View& view, Instant now) {
  const Priority priority = view.opening.priority;
  if (view.here.end) {
    if (view.here.end->seen) return std::nullopt;
    return Action(ClockKind::kAcknowledge, view,
                  DueAt(ClockKind::kAcknowledge, priority, view.here.end->at), now);
  }
  if (view.here.fault_since) {
    NextAction settle = Action(ClockKind::kSettle, view,
                               DueAt(ClockKind::kSettle, priority, *view.here.fault_since), now);
    settle.who = view.here.role;
    return settle;
  }
  switch (view.state) {
    case State::kNone:
    case State::kEnteredInError:
      return std::nullopt;
    case State::kDraft:
      return NextAction{Role::kRequester, ClockKind::kRespond, "send it or give it up",
                        DueAt(ClockKind::kAcknowledge, priority, *view.created),
                        now >= DueAt(ClockKind::kAcknowledge, priority, *view.created)};
    case State::kRequested:
      if (now >= view.opening.expires) {
        return Action(ClockKind::kExpire, view, view.opening.expires, now);
      }
      return Action(ClockKind::kRespond, view, view.opening.respond_by, now);
    case State::kRejected:
    case State::kCompleted:
    case State::kCancelled:
    case State::kFailed:
      if (view.acknowledged) return std::nullopt;
      return Action(ClockKind::kAcknowledge, view,
                    DueAt(ClockKind::kAcknowledge, priority, *view.ended), now);
    case State::kAccepted:
    case State::kInProgress:
    case State::kOnHold:
      break;
  }
  if (now >= ExpiresAt(view)) return Action(ClockKind::kSilence, view, ExpiresAt(view), now);
  if (view.cancel_asked) {
    return Action(ClockKind::kCancel, view, DueAt(ClockKind::kCancel, priority, *view.cancel_asked),
                  now);
  }
  if (view.review) return Action(ClockKind::kReview, view, *view.review, now);
  if (view.appointment) {
    return Action(ClockKind::kAppointment, view,
                  DueAt(ClockKind::kAppointment, priority, *view.appointment), now);
  }
  if (!view.first_contact) {
    return Action(ClockKind::kContact, view, DueAt(ClockKind::kContact, priority, *view.accepted),
                  now);
  }
  return Action(ClockKind::kUpdate, view, DueAt(ClockKind::kUpdate, priority, view.last_by_target),
                now);
}

bool WithinIntervention(Instant first_positive, Instant action) {
  using std::chrono::days;
  using std::chrono::floor;
  return floor<days>(action) >= floor<days>(first_positive) &&
         action < DueAt(ClockKind::kIntervene, Priority::kRoutine, first_positive);
}

}  // namespace equinode::referral
