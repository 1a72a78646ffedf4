#include "domain/needs/measures/care_facts.h"

#include <gtest/gtest.h>

#include "domain/needs/measures/judge.h"
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

// The chain says "accepted" for ever when the other end is gone.
TEST(CareFacts, WhatThisEndClosedAloneHasEndedAsItSays) {
  referral::View view = Sent();
  view.state = State::kAccepted;
  view.received = view.accepted = view.sent;
  referral::EndHere end;
  end.at = Instant{*ReadDay("2025-06-15")};
  view.here.end = end;
  const auto lost = ReferralFactOf(view);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->grade, Grade::kLost);
  EXPECT_EQ(lost->ended, *ReadDay("2025-06-15"));
  EXPECT_FALSE(lost->acknowledged) << "nobody has seen it";
  view.here.end->seen = Instant{*ReadDay("2025-06-20")};
  EXPECT_EQ(ReferralFactOf(view)->acknowledged, *ReadDay("2025-06-20"));
  view.here.end->grade = Grade::kVoid;
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

CareFacts FactsOf(const PersonRecords& records) {
  return CareFactsOf(records, NeedsOf(records, *ZCodeTable::BuiltIn(), *ReadDay("2025-12-31")), {});
}

std::size_t CodedDays(const PersonRecords& records) {
  const CareFacts facts = FactsOf(records);
  const auto food = facts.domains.find("food-insecurity");
  return food == facts.domains.end() ? 0 : food->second.coded.size();
}

TEST(CareFacts, ACodeWithoutSignOffIsNeverUsed) {
  EXPECT_EQ(CodedDays(WithCode(true)), 1u);
  EXPECT_EQ(CodedDays(WithCode(false)), 0u);
  EXPECT_EQ(CodedDays(WithCode(true, CodeEvent::kResolve)), 1u) << "it was used, and is over";
}

// A refutation takes back what was coded before it, also when the code is suggested again later;
// and only from its own day on.
TEST(CareFacts, ARefutedCodeIsTakenBackFromThatDayOn) {
  PersonRecords records = WithCode(true, CodeEvent::kRefute);  // Coded in April, refuted on 1 June.
  ScreeningRecord again;
  again.instrument = "Hunger Vital Sign";
  again.on = {2025, 8, 1};
  ScreenedAnswer answer;
  answer.question = "88122-7";
  answer.answers = {"LA28397-0"};
  again.answers = {answer};
  records.screenings = {{"o2", again}};
  again.on = {2025, 4, 1};
  records.screenings.push_back({"o1", again});
  const CareFacts facts = FactsOf(records);
  EXPECT_EQ(facts.domains.at("food-insecurity").coded,
            (std::vector<CodedFact>{{*ReadDay("2025-04-03"), *ReadDay("2025-06-01")}}));
  const NeedMeasure measure = *NeedMeasureNamed("coded.food-insecurity");
  const auto in = [&](const char* first, const char* last) {
    return Judge(measure, facts, {*ReadDay(first), *ReadDay(last)});
  };
  EXPECT_EQ(in("2025-04-01", "2025-05-31"), Standing::kNumerator);
  EXPECT_EQ(in("2025-04-01", "2025-06-01"), Standing::kDenominator);
  EXPECT_EQ(in("2025-01-01", "2025-12-31"), Standing::kDenominator);
}

TEST(CareFacts, ServiceIsWhatTheStaffSayBegan) {
  const CareFacts facts = FactsOf(WithCode(true));
  EXPECT_EQ(facts.domains.at("food-insecurity").served, (std::vector{*ReadDay("2025-04-09")}));
}

}  // namespace
}  // namespace equinode
