#include "domain/zcodes/stages.h"

#include <array>
#include <map>
#include <utility>

#include "base/csv_rows.h"
#include "domain/zcodes/code_tables.h"

namespace equinode {
namespace {

constexpr std::array<std::pair<CodeStage, std::string_view>, 5> kStages = {{
    {CodeStage::kSuggested, "suggested"},
    {CodeStage::kConfirmed, "confirmed"},
    {CodeStage::kCoded, "coded"},
    {CodeStage::kResolved, "resolved"},
    {CodeStage::kRefuted, "refuted"},
}};
constexpr std::array<std::pair<CodeEvent, std::string_view>, 5> kEvents = {{
    {CodeEvent::kSuggest, "suggest"},
    {CodeEvent::kConfirm, "confirm"},
    {CodeEvent::kCode, "code"},
    {CodeEvent::kResolve, "resolve"},
    {CodeEvent::kRefute, "refute"},
}};

using Moves = std::map<std::pair<std::string, std::string>, std::string, std::less<>>;
const Moves& AllMoves() {
  static const Moves moves = [] {
    Moves made;
    ForEachRow(zcodes::kStagesCsv, [&](const std::vector<std::string>& row) {
      made[{row[0], row[1]}] = row[2];
    });
    return made;
  }();
  return moves;
}

Error Missing(const char* reason, const char* why) {
  return Error{Code::kInvalidArgument, reason, why};
}

Status CheckNeeds(const CodeStep& step, const ZCodeTable& table) {
  if (step.event == CodeEvent::kConfirm && step.clinician.empty()) {
    return Missing("CLINICIAN_REQUIRED",
                   "a code is confirmed by a clinician: name who signed it off");
  }
  if (step.event == CodeEvent::kCode && step.encounter.empty()) {
    return Missing("ENCOUNTER_REQUIRED", "a code is reported on an encounter: name it");
  }
  if (step.event == CodeEvent::kCode && step.position == 1) {
    return Missing("PRIMARY_POSITION",
                   "a social need is a secondary diagnosis only (ICD-10-CM I.B.14): put it behind "
                   "the encounter's first");
  }
  if (step.event == CodeEvent::kRefute && step.reason.empty()) {
    return Missing("REASON_REQUIRED", "say why the code does not hold");
  }
  if (step.event == CodeEvent::kResolve || step.event == CodeEvent::kRefute) return Ok();
  const std::chrono::sys_days day =
      step.event == CodeEvent::kCode ? step.on : step.for_use_on.value_or(step.on);
  const CodeVerdict verdict = table.Judge(step.code, day);
  if (!verdict.billable()) return RefusalOf(verdict, day);
  return Ok();
}

}  // namespace

std::string_view CodeStageName(CodeStage stage) {
  for (const auto& [value, word] : kStages) {
    if (value == stage) return word;
  }
  return "";
}

std::string_view CodeEventName(CodeEvent event) {
  for (const auto& [value, word] : kEvents) {
    if (value == event) return word;
  }
  return "";
}

std::optional<CodeStage> CodeStageNamed(std::string_view word) {
  for (const auto& [value, name] : kStages) {
    if (name == word) return value;
  }
  return std::nullopt;
}

Result<CodeStage> NextStage(std::optional<CodeStage> from, const CodeStep& step,
                            const ZCodeTable& table) {
  const std::string was = from ? std::string(CodeStageName(*from)) : std::string();
  const auto move = AllMoves().find(std::pair(was, std::string(CodeEventName(step.event))));
  if (move == AllMoves().end()) {
    if (step.event == CodeEvent::kCode) {
      return Error{Code::kFailedPrecondition, "CODE_NOT_CONFIRMED",
                   step.code + " is not signed off by a clinician: confirm it first"};
    }
    return Error{Code::kFailedPrecondition, "CODE_MOVE_NOT_ALLOWED",
                 step.code + " is " + (was.empty() ? "not in use" : was) + ": it cannot " +
                     std::string(CodeEventName(step.event)) + " from there"};
  }
  EQN_CHECK(CheckNeeds(step, table));
  return *CodeStageNamed(move->second);
}

}  // namespace equinode
