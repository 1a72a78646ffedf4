// Any people at all, as the measures see them.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "domain/needs/measures/care_facts.h"
#include "domain/zcodes/day.h"

namespace equinode::testing {

inline const std::vector<std::string>& SomeDomains() {
  static const std::vector<std::string> domains = {"food-insecurity", "homelessness"};
  return domains;
}

// From somewhat before 2025 to somewhat after, edges of the year and of SNS-E's window often.
inline std::chrono::sys_days AnyDay() {
  const auto first = *ReadDay("2024-12-20");
  return *rc::gen::oneOf(
      rc::gen::map(rc::gen::inRange(0, 390),
                   [=](int after) { return first + std::chrono::days{after}; }),
      rc::gen::elementOf(std::vector{*ReadDay("2025-01-01"), *ReadDay("2025-12-01"),
                                     *ReadDay("2025-12-02"), *ReadDay("2025-12-31")}));
}

inline CareFacts AnyFacts() {
  CareFacts facts;
  for (const std::string& domain : SomeDomains()) {
    DomainFacts& of = facts.domains[domain];
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      of.outcomes.emplace_back(AnyDay(), *rc::gen::elementOf(std::vector{
                                             ScreenOutcome::kPositive, ScreenOutcome::kPositive,
                                             ScreenOutcome::kNegative, ScreenOutcome::kDeclined,
                                             ScreenOutcome::kUnable}));
    }
    for (int i = *rc::gen::inRange(0, 2); i > 0; --i) of.coded.push_back({AnyDay(), {}});
    for (int i = *rc::gen::inRange(0, 2); i > 0; --i) of.served.push_back(AnyDay());
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      ReferralFact fact;
      fact.domain = domain;
      Bytes need(16, 0);
      need.back() = *rc::gen::inRange<std::uint8_t>(1, 3);
      fact.need = *Uuid::FromBytes(need);
      fact.organisation = *rc::gen::elementOf(std::vector<std::string>{"harvest", "pantry"});
      fact.sent = AnyDay();
      const auto later = [&] { return fact.sent + std::chrono::days{*rc::gen::inRange(0, 70)}; };
      if (*rc::gen::inRange(0, 4) > 0) fact.accepted = later();
      if (*rc::gen::inRange(0, 4) > 0) {
        fact.ended = later();
        fact.grade = *rc::gen::elementOf(
            std::vector{referral::Grade::kServedWithEvidence, referral::Grade::kServedAsReported,
                        referral::Grade::kUnmet, referral::Grade::kLost});
        if (*rc::gen::inRange(0, 4) > 0) fact.acknowledged = *fact.ended + std::chrono::days{1};
      }
      facts.referrals.push_back(std::move(fact));
    }
  }
  return facts;
}

}  // namespace equinode::testing
