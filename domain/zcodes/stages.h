// From a suggestion to a claim. Guidelines FY2026: I.B.14 (social needs are secondary diagnoses
// only) and I.C.21.c.17 (what a person says of himself counts when a clinician has signed it off).
// The moves are data (data/stages.csv); what a move needs is here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "domain/zcodes/code_table.h"

namespace equinode {

enum class CodeStage : std::uint8_t {
  kSuggested = 1,  // By an answer or a finding. Counts as nothing yet.
  kConfirmed = 2,  // A named clinician has signed it off.
  kCoded = 3,      // On an encounter, secondary, reportable on that day.
  kResolved = 4,
  kRefuted = 5,
};
enum class CodeEvent : std::uint8_t {
  kSuggest = 1,
  kConfirm = 2,
  kCode = 3,
  kResolve = 4,
  kRefute = 5,
};
std::string_view CodeStageName(CodeStage stage);  // "suggested", "confirmed", ...
std::string_view CodeEventName(CodeEvent event);  // "suggest", "confirm", ...
std::optional<CodeStage> CodeStageNamed(std::string_view word);

// One step of one code of one person, with who and when.
struct CodeStep {
  CodeEvent event = CodeEvent::kSuggest;
  std::string code{};
  std::chrono::sys_days on{};  // The day on which it was so: of service, of the signature.
  // When it was written down, which orders the steps: a signature may come after the encounter's
  // day.
  Instant told_at{};
  std::string actor{};      // Who wrote it down: a URI, or the source id of a record.
  std::string clinician{};  // The clinician who signs, by name or reference.
  std::string encounter{};  // kCode.
  // Place among the encounter's diagnoses, from 1; 0 = the source does not say.
  std::uint32_t position = 0;
  std::string reason{};  // kRefute, kResolve.
  // The day on which the code would be reported, where that is not `on`: a problem noted years ago
  // and on no claim yet is judged as of today.
  std::optional<std::chrono::sys_days> for_use_on{};
  friend bool operator==(const CodeStep&, const CodeStep&) = default;
};

// The stage after `step`, or why it may not be: FAILED_PRECONDITION / CODE_NOT_CONFIRMED (coded
// before it was signed off), CODE_MOVE_NOT_ALLOWED; INVALID_ARGUMENT / CLINICIAN_REQUIRED,
// ENCOUNTER_REQUIRED, PRIMARY_POSITION, REASON_REQUIRED (kRefute), and RefusalOf for a code that is
// not reportable on the day of its use (all but kResolve and kRefute).
Result<CodeStage> NextStage(std::optional<CodeStage> from, const CodeStep& step,
                            const ZCodeTable& table);

}  // namespace equinode
