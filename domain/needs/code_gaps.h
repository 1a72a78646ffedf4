// Which codes are in use, and which needs were found and not coded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "domain/needs/person_needs.h"

namespace equinode {

// Both ends included; an empty end is open.
struct DaySpan {
  std::optional<std::chrono::sys_days> from{};
  std::optional<std::chrono::sys_days> until{};
  bool has(std::chrono::sys_days day) const {
    return (!from || *from <= day) && (!until || day <= *until);
  }
};

// One person's code at one stage: counted once, in the month in which it got there first.
struct CodeUse {
  std::string code{};
  CodeStage stage = CodeStage::kSuggested;
  std::chrono::sys_days on{};
  std::vector<std::string> domains{};
};
std::vector<CodeUse> UsesOf(const PersonNeeds& needs, const DaySpan& span);

enum class GapStep : std::uint8_t {
  kConfirm = 1,  // A clinician looks at the suggestion and signs it off or refutes it.
  kCode = 2,     // Signed off, and on no encounter.
  kReview = 3,   // No code that we know fits: look by hand.
};
std::string_view GapStepName(GapStep step);  // "confirm", "code", "review"

struct CodeGap {
  std::string domain{};
  std::chrono::sys_days found_on{};  // The first positive answer within the span.
  std::string question{};
  std::string answer{};
  GapStep next = GapStep::kConfirm;
  std::string code{};  // To be confirmed or coded; reportable on the day of the view.
};

// Domains with a positive answer within the span and no code of theirs on an encounter in it. A
// code that was refuted since then closes the gap: somebody looked.
std::vector<CodeGap> GapsOf(const PersonNeeds& needs, const ZCodeTable& table, const DaySpan& span,
                            std::chrono::sys_days today);

}  // namespace equinode
