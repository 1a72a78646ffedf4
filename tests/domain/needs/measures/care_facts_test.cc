#include "domain/needs/measures/care_facts.h"

#include <gtest/gtest.h>

#include "domain/zcodes/day.h"

namespace equinode {
namespace {

using referral::Grade;
using referral::State;

referral::View Sent() {
  referral::View view;
  view.opening.domain = "food-insecurity";
  view.opening.target_node = "spiffe://n/qhio/exchange";
  view.opening.owner = "spiffe://n/cbo/harvest";
  view.state = State::kRequested;
  view.created = view.sent = Instant{*ReadDay("2025-03-01")} + std::chrono::hours{23};
  return view;
}

TEST(CareFacts, DaysAreThoseOfUtcAndTheOrganisationIsWhoAnswers) {
  referral::View view = Sent();
  const auto asked = ReferralFactOf(view);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->organisation, "harvest") << "not the node that it acts on";
  EXPECT_EQ(asked->sent, *ReadDay("2025-03-01"));
  EXPECT_EQ(asked->grade, Grade::kOpen);
  view.owner = "spiffe://n/cbo/pantry";
  view.accepted = *view.sent + std::chrono::hours{1};
  const auto claimed = ReferralFactOf(view);
  EXPECT_EQ(claimed->organisation, "pantry");
  EXPECT_EQ(claimed->accepted, *ReadDay("2025-03-02"));
}

TEST(CareFacts, WhatNeverReachedAnybodyIsNoReferral) {
  referral::View view = Sent();
  view.state = State::kCancelled;
  EXPECT_FALSE(ReferralFactOf(view)) << "taken back before it arrived";
  view.received = view.sent;
  EXPECT_EQ(ReferralFactOf(view)->grade, Grade::kUnmet);
  view.state = State::kEnteredInError;
  EXPECT_FALSE(ReferralFactOf(view));
  view = Sent();
  view.sent.reset();
  view.state = State::kDraft;
  EXPECT_FALSE(ReferralFactOf(view));
}

PersonRecords WithCode(bool signed_off, std::optional<CodeEvent> after = {}) {
  PersonRecords records;
  NeedRecord need;
  need.domain = "food-insecurity";
  int minute = 0;
  const auto add = [&](CodeEvent event, const char* on) {
    NeedStep step;
    step.on = *ReadDay(on);
    step.at = Instant{step.on} + std::chrono::minutes{++minute};
    step.actor = "spiffe://n/practice/p/operator/ann";
    step.code.emplace();
    step.code->event = event;
    step.code->code = "Z59.41";
    step.code->on = step.on;
    if (event == CodeEvent::kConfirm || event == CodeEvent::kRefute)
      step.code->clinician = "Dr Water";
    if (event == CodeEvent::kCode) {
      step.code->encounter = "e1";
      step.code->position = 2;
    }
    if (event == CodeEvent::kRefute || event == CodeEvent::kResolve) step.code->reason = "a slip";
    need.steps.push_back(step);
  };
  add(CodeEvent::kSuggest, "2025-04-01");
  if (signed_off) add(CodeEvent::kConfirm, "2025-04-02");
  add(CodeEvent::kCode, "2025-04-03");
  if (after) add(*after, "2025-06-01");
  NeedStep served;
  served.on = *ReadDay("2025-04-09");
  served.at = Instant{served.on};
  served.actor = "spiffe://n/practice/p/operator/ann";
  served.need = NeedEvent::kStart;
  need.steps.push_back(served);
  records.needs.push_back({"n1", need});
  return records;
}

std::size_t CodedDays(const PersonRecords& records) {
  const PersonNeeds needs = NeedsOf(records, *ZCodeTable::BuiltIn(), *ReadDay("2025-12-31"));
  const CareFacts facts = CareFactsOf(records, needs, {});
  const auto food = facts.domains.find("food-insecurity");
  return food == facts.domains.end() ? 0 : food->second.coded.size();
}

TEST(CareFacts, ACodeWithoutSignOffIsNeverUsed) {
  EXPECT_EQ(CodedDays(WithCode(true)), 1u);
  EXPECT_EQ(CodedDays(WithCode(false)), 0u);
  EXPECT_EQ(CodedDays(WithCode(true, CodeEvent::kResolve)), 1u) << "it was used, and is over";
}

TEST(CareFacts, ServiceIsWhatTheStaffSayBegan) {
  const PersonRecords records = WithCode(true);
  const CareFacts facts =
      CareFactsOf(records, NeedsOf(records, *ZCodeTable::BuiltIn(), *ReadDay("2025-12-31")), {});
  EXPECT_EQ(facts.domains.at("food-insecurity").served, (std::vector{*ReadDay("2025-04-09")}));
}

}  // namespace
}  // namespace equinode
