// What suggests a Z code: a positive answer, or a finding in SNOMED CT. A suggestion is for a
// clinician to look at; it is never a code in use.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "domain/zcodes/code_table.h"

namespace equinode {

// The first code of the table's row (data/suggestions.csv: ours, a proposal) that can be reported
// on `day`: of the row of this question and answer where there is one, else of the domain's. Empty
// when none fits.
std::string SuggestedCode(const ZCodeTable& table, std::string_view domain,
                          std::string_view question, std::string_view answer,
                          std::chrono::sys_days day);

enum class FindingMeaning : std::uint8_t {
  kNeed,
  kTrait,       // Says something of the person that is no need: full-time work, higher education.
  kProtective,  // A strength.
};
// A social finding in SNOMED CT (data/snomed.csv).
struct SocialFinding {
  std::string code{};
  std::string display{};
  FindingMeaning meaning = FindingMeaning::kNeed;
  std::vector<std::string> domains{};
  std::vector<std::string> codes{};  // Suggested before those of the domains.
};
// Null for a code that is no social finding that we know. `system` is SNOMED CT's.
const SocialFinding* FindSocialFinding(std::string_view system, std::string_view code);
bool IsSnomed(std::string_view system);

// Codes that a finding suggests on `day`: none for one that is no need.
std::vector<std::string> SuggestedBy(const SocialFinding& finding, const ZCodeTable& table,
                                     std::chrono::sys_days day);

}  // namespace equinode
