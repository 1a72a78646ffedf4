// What the measures need to know of one person: days, outcomes and ends, no words.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "domain/needs/person_needs.h"
#include "domain/referral/view.h"

namespace equinode {

// One referral as the requester's node holds it. Days are UTC days of the moments in its chain.
struct ReferralFact {
  std::string domain{};
  Uuid need{};
  std::string organisation{};  // Of who answers for it, else of who was asked.
  std::chrono::sys_days sent{};
  std::optional<std::chrono::sys_days> accepted{};
  std::optional<std::chrono::sys_days> ended{};
  std::optional<std::chrono::sys_days> acknowledged{};
  referral::Grade grade = referral::Grade::kOpen;
  friend bool operator==(const ReferralFact&, const ReferralFact&) = default;
};
// Nothing for what never reached anybody (a draft, or withdrawn before it arrived) and for what was
// entered in error.
std::optional<ReferralFact> ReferralFactOf(const referral::View& view);

// An encounter with a code of the domain that a clinician had signed off, that was reportable on
// that day and not the first diagnosis.
struct CodedFact {
  std::chrono::sys_days on{};
  std::optional<std::chrono::sys_days> refuted_on{};  // The first day since on which it was.
  friend bool operator==(const CodedFact&, const CodedFact&) = default;
};

struct DomainFacts {
  // One an asking, in the order of their days.
  std::vector<std::pair<std::chrono::sys_days, ScreenOutcome>> outcomes{};
  std::vector<CodedFact> coded{};
  // The staff said that service began, or that the need was met.
  std::vector<std::chrono::sys_days> served{};
};

struct CareFacts {
  std::map<std::string, DomainFacts, std::less<>> domains{};
  std::vector<ReferralFact> referrals{};
};

CareFacts CareFactsOf(const PersonRecords& records, const PersonNeeds& needs,
                      std::vector<ReferralFact> referrals);

}  // namespace equinode
