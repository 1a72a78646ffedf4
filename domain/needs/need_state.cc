#include "domain/needs/need_state.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/csv_rows.h"
#include "domain/needs/screening_tables.h"

namespace equinode {
namespace {

constexpr std::array<std::pair<NeedState, std::string_view>, 7> kStates = {{
    {NeedState::kOpen, "open"},
    {NeedState::kInService, "in-service"},
    {NeedState::kMet, "met"},
    {NeedState::kUnmet, "unmet"},
    {NeedState::kNotWanted, "not-wanted"},
    {NeedState::kOver, "over"},
    {NeedState::kVoid, "void"},
}};
constexpr std::array<std::pair<NeedEvent, std::string_view>, 8> kEvents = {{
    {NeedEvent::kFound, "found"},
    {NeedEvent::kStart, "start"},
    {NeedEvent::kMeet, "meet"},
    {NeedEvent::kUnmet, "unmet"},
    {NeedEvent::kDecline, "decline"},
    {NeedEvent::kEnd, "end"},
    {NeedEvent::kReopen, "reopen"},
    {NeedEvent::kVoid, "void"},
}};
constexpr std::array<std::string_view, 6> kUnmetReasons = {
    "client-declined", "unreachable", "not-eligible", "no-capacity", "no-funds", "other"};

struct Move {
  NeedState to = NeedState::kOpen;
  std::string reason{};  // "coded", "text" or empty.
};
using Moves = std::map<std::pair<std::string, std::string>, Move>;
const Moves& AllMoves() {
  static const Moves moves = [] {
    Moves made;
    ForEachRow(needs::kNeedStatesCsv, [&](const std::vector<std::string>& row) {
      made[{row[0], row[1]}] = {NeedStateNamed(row[2]).value_or(NeedState::kOpen), row[3]};
    });
    return made;
  }();
  return moves;
}

template <typename Table, typename Value>
std::string_view NameIn(const Table& table, Value value) {
  for (const auto& [each, word] : table) {
    if (each == value) return word;
  }
  return "";
}

}  // namespace

std::string_view NeedStateName(NeedState state) { return NameIn(kStates, state); }
std::string_view NeedEventName(NeedEvent event) { return NameIn(kEvents, event); }

std::optional<NeedState> NeedStateNamed(std::string_view word) {
  for (const auto& [value, name] : kStates) {
    if (name == word) return value;
  }
  return std::nullopt;
}

std::optional<NeedEvent> NeedEventNamed(std::string_view word) {
  for (const auto& [value, name] : kEvents) {
    if (name == word) return value;
  }
  return std::nullopt;
}

bool IsUnmetReason(std::string_view word) {
  return std::find(kUnmetReasons.begin(), kUnmetReasons.end(), word) != kUnmetReasons.end();
}

Result<NeedState> NextNeedState(std::optional<NeedState> from, NeedEvent event,
                                std::string_view reason) {
  const std::string was = from ? std::string(NeedStateName(*from)) : std::string();
  const auto at = AllMoves().find(std::pair(was, std::string(NeedEventName(event))));
  if (at == AllMoves().end()) {
    return Error{Code::kFailedPrecondition, "NEED_MOVE_NOT_ALLOWED",
                 "a need that is " + (was.empty() ? "not known" : was) + " cannot " +
                     std::string(NeedEventName(event))};
  }
  const Move& move = at->second;
  if (!move.reason.empty() && reason.empty()) {
    return Error{Code::kInvalidArgument, "REASON_REQUIRED", "say why"};
  }
  if (move.reason == "coded" && !IsUnmetReason(reason)) {
    std::string known;
    for (const std::string_view word : kUnmetReasons) {
      known.append(known.empty() ? "" : ", ").append(word);
    }
    return Error{Code::kInvalidArgument, "UNMET_REASON",
                 "a need stays unmet for one of these reasons: " + known};
  }
  return move.to;
}

}  // namespace equinode
