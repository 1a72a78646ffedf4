// One person's needs and codes as one organisation's records tell them: a pure, order-free function
// of the records, the code table and the day.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "domain/needs/record.h"

namespace equinode {

template <typename T>
struct Kept {
  std::string source_id{};
  T record{};
};

// The current versions of what is kept of one person.
struct PersonRecords {
  std::vector<Kept<ScreeningRecord>> screenings{};
  std::vector<Kept<ConditionRecord>> conditions{};
  std::vector<Kept<EncounterRecord>> encounters{};
  std::vector<Kept<NeedRecord>> needs{};
  std::optional<std::chrono::sys_days> birth{};
};

// What was asked of the person on one day.
struct AskingView {
  std::chrono::sys_days on{};
  std::vector<std::string> sources{};
  AskingResult result{};
};

struct CodeView {
  std::string code{};
  CodeStage stage = CodeStage::kSuggested;
  std::vector<std::string> domains{};  // The code's own, and those of what suggested it.
  std::vector<CodeStep> steps{};       // That took effect, oldest first.
  // The first day of each stage that it reached. A refutation takes back what was signed and coded
  // before it; what was never signed off is not resolved, but over.
  std::vector<std::pair<CodeStage, std::chrono::sys_days>> reached{};
};

struct NeedView {
  std::string domain{};
  NeedState state = NeedState::kOpen;
  std::chrono::sys_days since{};     // Of the state.
  std::chrono::sys_days found_on{};  // First.
  HelpWanted help = HelpWanted::kNotSaid;
  // The last answer or finding that says so: for a suggestion.
  std::string question{};
  std::string answer{};
  std::string suggested{};  // A code for it as of the day of the view; empty = none fits.
};

// A code that was refused, or a step that could not be: with what can be reported instead.
struct CodeFinding {
  std::string source_id{};
  std::string code{};
  std::string reason{};  // HEADER_CODE, UNKNOWN_CODE, NO_SIGN_OFF, PRIMARY_POSITION, ...
  std::string message{};
  std::vector<std::string> successors{};
  friend bool operator==(const CodeFinding&, const CodeFinding&) = default;
};

struct PersonNeeds {
  std::vector<AskingView> askings{};  // Oldest first.
  std::vector<NeedView> needs{};      // By domain.
  std::vector<CodeView> codes{};      // By code.
  std::vector<CodeFinding> findings{};
};

// What is asked of a person on one day is one asking. A diagnosis of the chart is signed off by the
// clinician who asserts or recorded it, or who held the finished encounter; confirmed without one
// it stays a suggestion (NO_SIGN_OFF). On an encounter it is judged by the encounter's day; else,
// since it is on no claim yet, by `today`. A finding in SNOMED CT alone suggests, and never more.
PersonNeeds NeedsOf(const PersonRecords& records, const ZCodeTable& table,
                    std::chrono::sys_days today);

// The stage of a code and the state of a need after the staff's steps so far: what a new step is
// checked against. Empty when there is none yet.
std::optional<CodeStage> StageOf(const PersonNeeds& needs, std::string_view code);
const NeedView* NeedIn(const PersonNeeds& needs, std::string_view domain);

// A condition on its own, as an import sees it: the codes that will be refused today or on their
// encounter's day (where the condition itself tells it). NO_SIGN_OFF where no encounter can sign
// it.
std::vector<CodeFinding> CodeFindingsOf(const std::string& source_id,
                                        const ConditionRecord& condition, const ZCodeTable& table,
                                        std::chrono::sys_days today);

// Whether a code or a category says that the condition is about a social need.
bool IsSocial(const ConditionRecord& condition, const ZCodeTable& table);

// Not planned, cancelled or entered in error: a diagnosis on it counts.
bool Held(const EncounterRecord& encounter);

// The first day that a date may mean.
std::optional<std::chrono::sys_days> FirstDayOf(const PartialDate& date);

}  // namespace equinode
