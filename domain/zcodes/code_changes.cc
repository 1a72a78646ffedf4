#include "domain/zcodes/code_changes.h"

#include <optional>
#include <utility>

#include "domain/zcodes/day.h"

namespace equinode {
namespace {

using std::chrono::sys_days;
using Span = std::optional<std::pair<sys_days, sys_days>>;

// The days before `today`, the new table's version, on which it could be reported.
Span PastOf(const ZCode& code, sys_days today) {
  if (!code.from || *code.from >= today) return std::nullopt;
  const sys_days yesterday = today - std::chrono::days{1};
  const sys_days last = code.until && *code.until < yesterday ? *code.until : yesterday;
  return std::pair(*code.from, last);
}

std::string Text(const ZCode& code) {
  if (!code.from) return "never";
  return DayText(*code.from) + ".." + (code.until ? DayText(*code.until) : "");
}

}  // namespace

std::string_view CodeChangeName(CodeChange::Kind kind) {
  switch (kind) {
    case CodeChange::Kind::kAdded:
      return "added";
    case CodeChange::Kind::kRemoved:
      return "removed";
    case CodeChange::Kind::kEnds:
      return "ends";
    case CodeChange::Kind::kRetitled:
      return "retitled";
    case CodeChange::Kind::kRemapped:
      return "remapped";
    case CodeChange::Kind::kPast:
      return "past";
  }
  return "";
}

std::vector<CodeChange> ChangesOf(const ZCodeTable& before, const ZCodeTable& after) {
  using Kind = CodeChange::Kind;
  const sys_days today = after.version();
  std::vector<CodeChange> changes;
  for (const auto& [name, old] : before.codes()) {
    const ZCode* now = after.Find(name);
    if (now == nullptr) {
      changes.push_back({Kind::kRemoved, name, Text(old)});
      continue;
    }
    if (PastOf(old, today) != PastOf(*now, today)) {
      changes.push_back({Kind::kPast, name, Text(old) + " becomes " + Text(*now)});
    } else if (old.until != now->until || old.from != now->from) {
      changes.push_back({Kind::kEnds, name, Text(*now)});
    }
    if (old.title != now->title) changes.push_back({Kind::kRetitled, name, now->title});
    if (old.domains != now->domains || old.group != now->group) {
      changes.push_back({Kind::kRemapped, name, now->group});
    }
  }
  for (const auto& [name, code] : after.codes()) {
    if (before.Find(name) != nullptr) continue;
    const bool past = PastOf(code, today).has_value();
    changes.push_back({past ? Kind::kPast : Kind::kAdded, name, Text(code)});
  }
  return changes;
}

sys_days LastVersionOn(sys_days today) {
  using namespace std::chrono;
  const year_month_day day{today};
  const sys_days this_year{day.year() / October / 1};
  return today < this_year ? this_year : sys_days{(day.year() + years{1}) / October / 1};
}

Status MayReplace(const ZCodeTable& before, const ZCodeTable& after, bool past, sys_days today) {
  if (after.version() <= before.version()) {
    return Error{
        Code::kFailedPrecondition, "OLDER_CODE_TABLE",
        "the table in use is of " + DayText(before.version()) +
            "; a new one has a later version; back to one that was there: equinode codes restore"};
  }
  if (after.version() > LastVersionOn(today)) {
    return Error{Code::kFailedPrecondition, "FUTURE_CODE_TABLE",
                 "version " + DayText(after.version()) +
                     " is after the next fiscal year's first "
                     "day, " +
                     DayText(LastVersionOn(today)) + ": see the file's first line"};
  }
  for (const CodeChange& change : ChangesOf(before, after)) {
    if (change.kind == CodeChange::Kind::kRemoved) {
      return Error{Code::kFailedPrecondition, "CODE_REMOVED",
                   change.code +
                       " is not in the new table; keep every code, and give the one that "
                       "ended its last day"};
    }
    if (change.kind == CodeChange::Kind::kPast && !past) {
      return Error{Code::kFailedPrecondition, "PAST_CHANGED",
                   change.code + " would have been reportable on other days than so far (" +
                       change.detail + "); if the table before was wrong, allow it by name"};
    }
  }
  return Ok();
}

}  // namespace equinode
