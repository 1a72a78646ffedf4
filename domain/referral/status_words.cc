#include "domain/referral/status_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/csv_rows.h"
#include "domain/referral/referral_tables.h"

namespace equinode::referral {
namespace {

struct Table {
  std::vector<std::vector<std::string>> rows{};
  std::vector<StatusWord> words{};
  Table() {
    ForEachRow(kStatusWordsCsv, [&](const auto& row) { rows.push_back(row); });
    for (const auto& row : rows) {
      words.push_back({row[0], row[1], *StateNamed(row[2]), row[3] == "y", row[4], row[5]});
    }
  }
};
const Table& TheTable() {
  static const Table table;
  return table;
}

// Ours (reasons.csv, column unmet) and the table's.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kCategories = {{
    {"client-declined", "client-declined"},
    {"unreachable", "unable-to-reach"},
    {"not-eligible", "not-eligible"},
    {"no-capacity", "no-capacity"},
    {"no-funds", "other"},
    {"other", "other"},
}};

std::string ListOf(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
  }
  return text;
}

// Ended, and the service was not given.
bool IsUnserved(State state) {
  return state == State::kRejected || state == State::kFailed || state == State::kCancelled;
}

}  // namespace

std::span<const StatusWord> StatusWords() { return TheTable().words; }

std::vector<std::string_view> StatusSystems() {
  std::vector<std::string_view> systems;
  for (const StatusWord& each : StatusWords()) {
    if (std::find(systems.begin(), systems.end(), each.system) == systems.end()) {
      systems.push_back(each.system);
    }
  }
  return systems;
}

Result<StatusWord> StatusFrom(std::string_view system, std::string_view word) {
  std::vector<std::string_view> known;
  for (const StatusWord& each : StatusWords()) {
    if (each.system != system) continue;
    if (each.word == word) return each;
    known.push_back(each.word);
  }
  if (known.empty()) {
    return Error{Code::kNotFound, "NO_SUCH_SYSTEM",
                 "no such system of status words; there are: " + ListOf(StatusSystems())};
  }
  return Error{Code::kNotFound, "NO_SUCH_STATUS",
               std::string(system) + " has no such status; it has: " + ListOf(known)};
}

bool StillTrue(const TakenWord& word, const View& view) {
  return word.state == view.state && word.since == view.since && !view.here.end;
}

bool IsSpecific(std::string_view closure) {
  if (closure == "service-received" || closure == "expired" || closure == "provider-declined") {
    return true;
  }
  return closure != "other" &&
         std::ranges::any_of(kCategories, [&](const auto& each) { return each.second == closure; });
}

Result<std::string_view> WordFor(std::string_view system, State state, std::string_view closure,
                                 std::string_view remembered) {
  const StatusWord* best = nullptr;
  int best_rank = 0;
  for (const StatusWord& each : StatusWords()) {
    if (each.system != system) continue;
    if (each.word == remembered) return each.word;
    int rank = 0;
    if (each.state == state && each.closure == closure) {
      rank = 4;
    } else if (IsSpecific(closure) && IsFinal(state) && each.is_final && each.closure == closure) {
      rank = 3;  // Why it ended says more than in which of our states.
    } else if (each.state == state &&
               // A word that says no more than the state.
               (each.closure == "other" || each.closure == "none" || each.closure == Name(state) ||
                each.closure.ends_with("required"))) {
      rank = 2;
    } else if (IsUnserved(state) && IsUnserved(each.state) && each.is_final &&
               (each.closure == "other" || each.closure.ends_with("required"))) {
      rank = 1;
    }
    if (rank > best_rank) {
      best = &each;
      best_rank = rank;
    }
  }
  if (best == nullptr) {
    return Error{
        Code::kNotFound, "NO_WORD",
        std::string(system) + " has no word for a referral that is " + std::string(Name(state))};
  }
  return best->word;
}

std::string_view ClosureCategory(const View& view) {
  switch (GradeOf(view)) {
    case Grade::kServedWithEvidence:
    case Grade::kServedAsReported:
      return "service-received";
    case Grade::kLost:
      return "expired";
    case Grade::kUnmet:
      break;
    case Grade::kOpen:
    case Grade::kVoid:
      return "none";
  }
  if (view.reason == "provider-declined") return "provider-declined";
  const std::string_view because = UnmetBecause(view);
  for (const auto& [ours, theirs] : kCategories) {
    if (ours == because) return theirs;
  }
  return "other";
}

}  // namespace equinode::referral
