// What practices know of people's needs: asked about once or twice a year, now and then coded,
// seldom referred.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "domain/counts/computed_measure.h"
#include "domain/needs/measures/judge.h"
#include "domain/needs/measures/measure_name.h"

namespace equinode::bench {

inline const std::vector<std::string>& CareDomains() {
  static const std::vector<std::string> domains = {
      "food-insecurity", "homelessness", "transportation-insecurity", "utility-insecurity"};
  return domains;
}

inline CareFacts AnyCare(SeededRandom& random, std::chrono::sys_days year) {
  using std::chrono::days;
  CareFacts facts;
  if (random.Below(10) < 3) return facts;  // Never asked.
  const auto asked = year + days{random.Below(365)};
  for (const std::string& domain : CareDomains()) {
    DomainFacts& of = facts.domains[domain];
    const std::uint64_t lot = random.Below(100);
    of.outcomes.emplace_back(asked, lot < 15   ? ScreenOutcome::kPositive
                                    : lot < 93 ? ScreenOutcome::kNegative
                                    : lot < 98 ? ScreenOutcome::kDeclined
                                               : ScreenOutcome::kUnable);
    if (lot >= 15) continue;
    if (lot < 4) of.coded.push_back({asked + days{random.Below(20)}, {}});
    if (lot < 6) of.served.push_back(asked + days{random.Below(60)});
    if (lot >= 9) continue;
    ReferralFact fact;
    fact.domain = domain;
    fact.need = Uuid::MakeV7(Instant{asked}, random);
    fact.organisation = random.Below(3) == 0 ? "harvest" : "pantry";
    fact.sent = asked + days{random.Below(10)};
    if (lot < 8) fact.accepted = fact.sent + days{random.Below(12)};
    if (lot < 7) {
      fact.ended = *fact.accepted + days{random.Below(40)};
      fact.acknowledged = *fact.ended + days{random.Below(5)};
      fact.grade = lot < 4   ? referral::Grade::kServedWithEvidence
                   : lot < 6 ? referral::Grade::kServedAsReported
                             : referral::Grade::kUnmet;
    }
    facts.referrals.push_back(std::move(fact));
  }
  return facts;
}

// What a payer who wants it all would name: of each domain everything but the days, and the days
// and the ends at one organisation of the first.
inline std::vector<std::string> CareMeasures() {
  std::vector<std::string> names = {"screened.snse.food", "intervened.snse.food",
                                    "screened.snse.transportation",
                                    "intervened.snse.transportation"};
  const auto many = [&](const std::string& shorthand) {
    const auto meant = MeasuresMeant(shorthand);
    names.insert(names.end(), meant.begin(), meant.end());
  };
  for (const std::string& domain : CareDomains()) {
    for (const char* count :
         {"screened.", "positive.", "coded.", "referred.", "accepted.", "closed."}) {
      names.push_back(count + domain);
    }
    many("screened." + domain + ".outcomes");
    many("closed." + domain + ".ends");
  }
  const std::string& first = CareDomains().front();
  many("accepted." + first + ".days");
  many("closed." + first + ".days");
  return names;
}

inline std::vector<ComputedMeasure> CareCounted(const std::vector<std::string>& names,
                                                std::uint64_t people, std::uint64_t seed,
                                                const CountPeriod& period) {
  std::vector<NeedMeasure> measures;
  std::vector<ComputedMeasure> counted;
  for (const std::string& name : names) {
    measures.push_back(*NeedMeasureNamed(name));
    counted.push_back({name, {}, {}});
  }
  SeededRandom random(seed);
  for (PersonNo person = 1; person <= people; ++person) {
    const CareFacts facts = AnyCare(random, period.first);
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const Standing standing = Judge(measures[i], facts, period);
      if (standing != Standing::kOut && !CountsPopulation(names[i])) {
        counted[i].denominator.push_back(person);
      }
      if (standing == Standing::kNumerator) counted[i].numerator.push_back(person);
    }
  }
  return counted;
}

}  // namespace equinode::bench
