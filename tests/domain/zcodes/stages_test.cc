#include "domain/zcodes/stages.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "domain/zcodes/day.h"

namespace equinode {
namespace {

CodeStep Good(CodeEvent event) {
  CodeStep step;
  step.event = event;
  step.code = "Z59.41";
  step.on = *ReadDay("2025-03-01");
  step.actor = "spiffe://n/practice/a/operator/b";
  step.clinician = "Jan Water MD";
  step.encounter = "e1";
  step.position = 2;
  step.reason = "not so";
  return step;
}

std::string Said(std::optional<CodeStage> from, const CodeStep& step) {
  const auto next = NextStage(from, step, *ZCodeTable::BuiltIn());
  return next.ok() ? std::string(CodeStageName(*next)) : next.error().reason;
}

constexpr std::array<CodeEvent, 5> kEvents = {CodeEvent::kSuggest, CodeEvent::kConfirm,
                                              CodeEvent::kCode, CodeEvent::kResolve,
                                              CodeEvent::kRefute};

// Rows: from; columns: suggest, confirm, code, resolve, refute.
TEST(Stages, EveryMoveOfTheTableAndNoOther) {
  const std::array<std::pair<std::optional<CodeStage>, std::array<const char*, 5>>, 6> moves = {{
      {std::nullopt,
       {"suggested", "confirmed", "CODE_NOT_CONFIRMED", "CODE_MOVE_NOT_ALLOWED",
        "CODE_MOVE_NOT_ALLOWED"}},
      {CodeStage::kSuggested,
       {"suggested", "confirmed", "CODE_NOT_CONFIRMED", "resolved", "refuted"}},
      {CodeStage::kConfirmed, {"confirmed", "confirmed", "coded", "resolved", "refuted"}},
      {CodeStage::kCoded, {"coded", "coded", "coded", "resolved", "refuted"}},
      {CodeStage::kResolved,
       {"suggested", "confirmed", "CODE_NOT_CONFIRMED", "resolved", "CODE_MOVE_NOT_ALLOWED"}},
      {CodeStage::kRefuted,
       {"suggested", "confirmed", "CODE_NOT_CONFIRMED", "CODE_MOVE_NOT_ALLOWED", "refuted"}},
  }};
  for (const auto& [from, row] : moves) {
    for (std::size_t i = 0; i < kEvents.size(); ++i) {
      EXPECT_EQ(Said(from, Good(kEvents[i])), row[i])
          << (from ? CodeStageName(*from) : "nothing") << " " << CodeEventName(kEvents[i]);
    }
  }
}

TEST(Stages, AConfirmationNamesAClinician) {
  CodeStep step = Good(CodeEvent::kConfirm);
  step.clinician.clear();
  EXPECT_EQ(Said(CodeStage::kSuggested, step), "CLINICIAN_REQUIRED");
}

TEST(Stages, ACodeIsSecondaryOnAnEncounter) {
  CodeStep step = Good(CodeEvent::kCode);
  step.position = 1;
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "PRIMARY_POSITION");
  step.position = 0;  // The source does not say.
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "coded");
  step.encounter.clear();
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "ENCOUNTER_REQUIRED");
}

TEST(Stages, ACodeIsReportableOnItsDay) {
  CodeStep step = Good(CodeEvent::kCode);
  step.on = *ReadDay("2021-09-30");
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "CODE_NOT_YET_VALID");
  step.code = "Z59.4";
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "coded");
  step.on = *ReadDay("2021-10-01");
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "HEADER_CODE");
  // An old code can still be put to rest.
  step.event = CodeEvent::kResolve;
  EXPECT_EQ(Said(CodeStage::kCoded, step), "resolved");
}

TEST(Stages, WhatIsOnNoClaimYetIsJudgedAsOfItsUse) {
  CodeStep step = Good(CodeEvent::kConfirm);
  step.on = *ReadDay("2019-08-18");
  EXPECT_EQ(Said(CodeStage::kSuggested, step), "CODE_NOT_YET_VALID");
  step.for_use_on = *ReadDay("2026-01-02");
  EXPECT_EQ(Said(CodeStage::kSuggested, step), "confirmed");
  step.code = "Z59.4";
  EXPECT_EQ(Said(CodeStage::kSuggested, step), "HEADER_CODE");
  step.event = CodeEvent::kCode;  // A claim is judged on its own day, whatever is said.
  EXPECT_EQ(Said(CodeStage::kConfirmed, step), "coded");
}

TEST(Stages, ARefutalSaysWhy) {
  CodeStep step = Good(CodeEvent::kRefute);
  step.reason.clear();
  EXPECT_EQ(Said(CodeStage::kCoded, step), "REASON_REQUIRED");
}

// Over any list of events: coded is never reached without a named clinician before it.
RC_GTEST_PROP(StagesProperty, NothingIsCodedWithoutASignature, ()) {
  std::optional<CodeStage> stage;
  bool signed_off = false;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
  for (const int which : steps) {
    CodeStep step = Good(kEvents[static_cast<std::size_t>(which % 5)]);
    if (which >= 5) step.clinician.clear();
    const auto next = NextStage(stage, step, *ZCodeTable::BuiltIn());
    if (!next.ok()) continue;
    if (step.event == CodeEvent::kConfirm) signed_off = true;
    if (*next == CodeStage::kSuggested || *next == CodeStage::kRefuted) signed_off = false;
    stage = *next;
    RC_ASSERT(*stage != CodeStage::kCoded || signed_off);
  }
}

}  // namespace
}  // namespace equinode
