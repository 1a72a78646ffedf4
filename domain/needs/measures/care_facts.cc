#include "domain/needs/measures/care_facts.h"

#include <algorithm>

#include "domain/access/identity.h"

namespace equinode {
namespace {

using std::chrono::sys_days;

sys_days DayOf(Instant at) { return std::chrono::floor<std::chrono::days>(at); }

std::optional<sys_days> DayOf(const std::optional<Instant>& at) {
  if (!at) return std::nullopt;
  return DayOf(*at);
}

std::string OrganisationOf(std::string_view uri) {
  const auto identity = ParseIdentity(uri);
  return identity.ok() ? identity->organisation : std::string();
}

}  // namespace

std::optional<ReferralFact> ReferralFactOf(const referral::View& view) {
  const auto grade = referral::GradeOf(view);
  if (!view.sent || grade == referral::Grade::kVoid) return std::nullopt;
  if (view.state == referral::State::kCancelled && !view.received) return std::nullopt;
  const referral::Opening& opening = view.opening;
  std::string_view asked = view.owner;
  if (asked.empty()) asked = opening.owner.empty() ? opening.target_node : opening.owner;
  return ReferralFact{opening.domain,
                      opening.need,
                      OrganisationOf(asked),
                      DayOf(*view.sent),
                      DayOf(view.accepted),
                      DayOf(referral::EndedAt(view)),
                      DayOf(referral::SeenAt(view)),
                      grade};
}

CareFacts CareFactsOf(const PersonRecords& records, const PersonNeeds& needs,
                      std::vector<ReferralFact> referrals) {
  CareFacts facts;
  facts.referrals = std::move(referrals);
  for (const AskingView& asking : needs.askings) {
    for (const DomainOutcome& outcome : asking.result.domains) {
      if (outcome.outcome == ScreenOutcome::kNotAsked) continue;
      facts.domains[outcome.domain].outcomes.emplace_back(asking.on, outcome.outcome);
    }
  }
  for (const CodeView& code : needs.codes) {
    std::vector<CodedFact> coded;
    for (const CodeStep& step : code.steps) {
      if (step.event == CodeEvent::kCode) coded.push_back({step.on, {}});
      if (step.event != CodeEvent::kRefute) continue;
      for (CodedFact& each : coded) {
        if (!each.refuted_on) each.refuted_on = std::max(step.on, each.on);
      }
    }
    for (const std::string& domain : code.domains) {
      auto& all = facts.domains[domain].coded;
      all.insert(all.end(), coded.begin(), coded.end());
    }
  }
  for (const auto& [id, record] : records.needs) {
    for (const NeedStep& step : record.steps) {
      if (step.need != NeedEvent::kStart && step.need != NeedEvent::kMeet) continue;
      facts.domains[record.domain].served.push_back(step.on);
    }
  }
  return facts;
}

}  // namespace equinode
