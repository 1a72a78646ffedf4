#include "domain/needs/person_needs.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/needs/code_gaps.h"
#include "tests/domain/needs/asking.h"

namespace equinode {
namespace {

const std::chrono::sys_days kToday = *ReadDay("2026-11-27");

PersonNeeds View(const PersonRecords& records) {
  return NeedsOf(records, *ZCodeTable::BuiltIn(), kToday);
}

Kept<ScreeningRecord> Screened(const std::string& id, const char* on, const std::string& instrument,
                               std::vector<ScreenedAnswer> answers) {
  Kept<ScreeningRecord> kept;
  kept.source_id = id;
  kept.record.instrument = instrument;
  kept.record.on = DateOf(on);
  kept.record.answers = std::move(answers);
  return kept;
}

Kept<ConditionRecord> Diagnosed(const std::string& id, const char* code, const char* on) {
  Kept<ConditionRecord> kept;
  kept.source_id = id;
  kept.record.codes = {{"http://hl7.org/fhir/sid/icd-10-cm", code, "", ""}};
  kept.record.verification = "confirmed";
  kept.record.clinical = "active";
  kept.record.category = "encounter-diagnosis";
  kept.record.encounter = "e1";
  kept.record.recorded_on = DateOf(on);
  kept.record.signed_by = "Jan Water MD";
  kept.record.asserted_by = "practitioner";
  return kept;
}

std::string StageIn(const PersonNeeds& needs, const char* code) {
  const auto stage = StageOf(needs, code);
  return stage ? std::string(CodeStageName(*stage)) : "";
}

std::vector<std::string> ReasonsIn(const PersonNeeds& needs) {
  std::vector<std::string> reasons;
  for (const CodeFinding& finding : needs.findings) {
    reasons.push_back(finding.code + " " + finding.reason);
  }
  return reasons;
}

TEST(PersonNeeds, APositiveAnswerOpensANeedAndSuggests) {
  PersonRecords records;
  records.screenings = {
      Screened("o1", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})})};
  const PersonNeeds needs = View(records);
  ASSERT_NE(NeedIn(needs, "food-insecurity"), nullptr);
  EXPECT_EQ(NeedIn(needs, "food-insecurity")->state, NeedState::kOpen);
  EXPECT_EQ(NeedIn(needs, "food-insecurity")->suggested, "Z59.41");
  EXPECT_EQ(StageIn(needs, "Z59.41"), "suggested");
}

TEST(PersonNeeds, TheResponseTellsTheInstrumentOfItsObservations) {
  PersonRecords records;
  records.screenings = {Screened("o1", "2026-03-01", "", {Said("93038-8", {"LA13909-9"})}),
                        Screened("qr", "2026-03-01", "PRAPARE", {})};
  records.screenings[0].record.part_of = "qr";
  EXPECT_EQ(OutcomesOf(View(records).askings.at(0).result).at("stress"), "negative");
  records.screenings[1].record.instrument = "AHC-HRSN supplemental";
  EXPECT_EQ(OutcomesOf(View(records).askings.at(0).result).at("stress"), "positive");
  // A panel that lists it does as well.
  records.screenings[0].record.part_of = "";
  records.screenings[1].record.members = {"o1"};
  EXPECT_EQ(OutcomesOf(View(records).askings.at(0).result).at("stress"), "positive");
}

// A concern that nobody signed off can end too: it is not suggested any more.
TEST(PersonNeeds, AnUnconfirmedProblemThatEndedIsResolved) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  records.conditions[0].record.category = "health-concern";
  records.conditions[0].record.verification = "unconfirmed";
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "suggested");
  records.conditions[0].record.clinical = "resolved";
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "resolved");
  EXPECT_EQ(NeedIn(View(records), "food-insecurity")->state, NeedState::kOver);
}

TEST(PersonNeeds, ASignedSecondaryDiagnosisIsCoded) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  const PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z59.41"), "coded");
  EXPECT_TRUE(needs.findings.empty());
  ASSERT_EQ(needs.codes.size(), 1u);
  EXPECT_EQ(needs.codes[0].steps.size(), 3u);
  EXPECT_EQ(needs.codes[0].steps[1].clinician, "Jan Water MD");
  EXPECT_EQ(NeedIn(needs, "food-insecurity")->state, NeedState::kOpen);
}

TEST(PersonNeeds, ACodeWithoutSignOffIsASuggestion) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  records.conditions[0].record.signed_by = "";
  PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z59.41"), "suggested");
  EXPECT_EQ(ReasonsIn(needs), std::vector<std::string>{"Z59.41 NO_SIGN_OFF"});
  for (const CodeUse& use : UsesOf(needs, {})) EXPECT_EQ(use.stage, CodeStage::kSuggested);
  // Whoever held the finished encounter signed what stands on it.
  EncounterRecord encounter;
  encounter.status = "finished";
  encounter.on = DateOf("2026-02-01");
  encounter.clinician = "Practitioner/9";
  records.encounters = {{"e1", encounter}};
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "coded");
  records.encounters[0].record.status = "in-progress";
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "suggested");
  // Not for what a machine or the person said.
  records.encounters[0].record.status = "finished";
  for (const char* by : {"device", "patient", "related"}) {
    records.conditions[0].record.asserted_by = by;
    EXPECT_EQ(StageIn(View(records), "Z59.41"), "suggested") << by;
  }
}

TEST(PersonNeeds, UnconfirmedIsASuggestionWithoutAFinding) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  records.conditions[0].record.verification = "unconfirmed";
  const PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z59.41"), "suggested");
  EXPECT_TRUE(needs.findings.empty());
}

TEST(PersonNeeds, TheFirstDiagnosisOfAnEncounterIsRefused) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  EncounterRecord encounter;
  encounter.status = "finished";
  encounter.on = DateOf("2026-02-01");
  encounter.diagnoses = {{"c1", {}, "billing", 1}};
  records.encounters = {{"e1", encounter}};
  PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z59.41"), "confirmed");
  EXPECT_EQ(ReasonsIn(needs), std::vector<std::string>{"Z59.41 PRIMARY_POSITION"});
  records.encounters[0].record.diagnoses[0].position = 2;
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "coded");
  for (const char* not_held : {"cancelled", "planned", "entered-in-error"}) {
    records.encounters[0].record.status = not_held;
    EXPECT_EQ(StageIn(View(records), "Z59.41"), "confirmed") << not_held;
  }
}

// Encounter.reasonCode is why somebody came, and no diagnosis.
TEST(PersonNeeds, AReasonForTheVisitSuggests) {
  PersonRecords records;
  EncounterRecord encounter;
  encounter.status = "finished";
  encounter.on = DateOf("2026-02-01");
  encounter.clinician = "Practitioner/9";
  encounter.diagnoses = {
      {"", {{"http://hl7.org/fhir/sid/icd-10-cm", "Z59.41", "", ""}}, "reason", 0}};
  records.encounters = {{"e1", encounter}};
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "suggested");
  EXPECT_NE(NeedIn(View(records), "food-insecurity"), nullptr);
}

TEST(PersonNeeds, AnEncounterIsJudgedByItsDayAndAProblemByToday) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.86", "2025-09-30")};
  EXPECT_EQ(StageIn(View(records), "Z59.86"), "coded");
  records.conditions = {Diagnosed("c1", "Z59.86", "2025-10-01")};
  PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z59.86"), "");
  EXPECT_EQ(ReasonsIn(needs), std::vector<std::string>{"Z59.86 HEADER_CODE"});
  // The encounter's own day comes before that of the note.
  EncounterRecord encounter;
  encounter.on = DateOf("2025-09-30");
  encounter.status = "finished";
  records.encounters = {{"e1", encounter}};
  EXPECT_EQ(StageIn(View(records), "Z59.86"), "coded");
  records.encounters.clear();
  records.conditions = {Diagnosed("c1", "Z59.86", "2025-03-01")};
  records.conditions[0].record.category = "problem-list-item";
  needs = View(records);
  ASSERT_EQ(needs.findings.size(), 1u);
  EXPECT_EQ(needs.findings[0].successors,
            (std::vector<std::string>{"Z59.861", "Z59.868", "Z59.869"}));
  EXPECT_NE(NeedIn(needs, "financial-insecurity"), nullptr);  // The need is there all the same.
}

TEST(PersonNeeds, SnomedAloneNeverCodes) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "", "2026-02-01")};
  records.conditions[0].record.codes = {{"http://snomed.info/sct", "73595000", "Stress", ""}};
  EXPECT_EQ(StageIn(View(records), "Z73.3"), "suggested");
  records.conditions[0].record.clinical = "resolved";
  records.conditions[0].record.abated_on = DateOf("2026-04-01");
  const PersonNeeds needs = View(records);
  EXPECT_EQ(StageIn(needs, "Z73.3"), "resolved");
  EXPECT_EQ(NeedIn(needs, "stress")->state, NeedState::kOver);
  records.conditions[0].record.codes[0].code = "160903007";  // Full-time work is no need.
  EXPECT_TRUE(View(records).codes.empty());
  EXPECT_TRUE(View(records).needs.empty());
}

TEST(PersonNeeds, RefutedAndMistaken) {
  PersonRecords records;
  records.conditions = {Diagnosed("c1", "Z59.41", "2026-02-01")};
  records.conditions[0].record.verification = "refuted";
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "refuted");
  EXPECT_TRUE(View(records).needs.empty());
  records.conditions[0].record.verification = "entered-in-error";
  EXPECT_TRUE(View(records).codes.empty());
}

NeedStep Staff(std::optional<NeedEvent> need, const char* on, const char* reason = "") {
  NeedStep step;
  step.need = need;
  step.on = *ReadDay(on);
  step.at = Instant{step.on} + std::chrono::hours{9};
  step.actor = "spiffe://n/practice/a/operator/b";
  step.reason = reason;
  return step;
}

NeedStep StaffCode(CodeEvent event, const char* code, const char* on) {
  NeedStep step = Staff(std::nullopt, on);
  CodeStep made;
  made.event = event;
  made.code = code;
  made.on = step.on;
  made.clinician = "Pat Williams MSW";
  made.encounter = event == CodeEvent::kCode ? "e9" : "";
  made.reason = event == CodeEvent::kRefute ? "lives with family" : "";
  step.code = made;
  return step;
}

TEST(PersonNeeds, TheStaffsStepsAndANewAnswer) {
  PersonRecords records;
  records.screenings = {
      Screened("o1", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})})};
  NeedRecord need;
  need.domain = "food-insecurity";
  need.steps = {Staff(NeedEvent::kStart, "2026-03-05"), Staff(NeedEvent::kMeet, "2026-04-01")};
  need.steps.push_back(Staff(std::nullopt, "2026-04-01"));
  need.steps.back().help = HelpWanted::kYes;
  records.needs = {{"need/1", need}};
  PersonNeeds needs = View(records);
  EXPECT_EQ(NeedIn(needs, "food-insecurity")->state, NeedState::kMet);
  EXPECT_EQ(NeedIn(needs, "food-insecurity")->help, HelpWanted::kYes);
  EXPECT_EQ(DayText(NeedIn(needs, "food-insecurity")->found_on), "2026-03-01");
  records.screenings.push_back(
      Screened("o2", "2026-09-01", "Hunger Vital Sign", {Said("88122-7", {"LA28397-0"})}));
  EXPECT_EQ(NeedIn(View(records), "food-insecurity")->state, NeedState::kOpen);
}

std::vector<CodeGap> Gaps(const PersonRecords& records, const char* from, const char* until) {
  return GapsOf(View(records), *ZCodeTable::BuiltIn(), {*ReadDay(from), *ReadDay(until)}, kToday);
}

std::vector<CodeStage> StagesUsed(const PersonRecords& records) {
  std::vector<CodeStage> stages;
  for (const CodeUse& use : UsesOf(View(records), {})) stages.push_back(use.stage);
  return stages;
}

TEST(PersonNeeds, WhatIsRefutedOrWasNeverSignedIsNotUsed) {
  PersonRecords records;
  records.screenings = {
      Screened("o1", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})})};
  NeedRecord need;
  need.domain = "food-insecurity";
  need.steps = {StaffCode(CodeEvent::kResolve, "Z59.41", "2026-03-02")};
  records.needs = {{"need/1", need}};
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "resolved");
  EXPECT_EQ(StagesUsed(records), std::vector{CodeStage::kSuggested}) << "nobody had signed it";
  need.steps = {StaffCode(CodeEvent::kConfirm, "Z59.41", "2026-03-02"),
                StaffCode(CodeEvent::kCode, "Z59.41", "2026-03-03"),
                StaffCode(CodeEvent::kResolve, "Z59.41", "2026-03-04")};
  records.needs = {{"need/1", need}};
  EXPECT_EQ(StagesUsed(records), (std::vector{CodeStage::kSuggested, CodeStage::kConfirmed,
                                              CodeStage::kCoded, CodeStage::kResolved}));
  need.steps.back() = StaffCode(CodeEvent::kRefute, "Z59.41", "2026-03-04");
  records.needs = {{"need/1", need}};
  EXPECT_EQ(StagesUsed(records), (std::vector{CodeStage::kSuggested, CodeStage::kRefuted}));
  EXPECT_TRUE(Gaps(records, "2026-01-01", "2026-12-31").empty()) << "refuted answers it";
  // The person says yes again: that is a new question.
  records.screenings.push_back(
      Screened("o2", "2026-09-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})}));
  const auto gaps = Gaps(records, "2026-01-01", "2026-12-31");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].next, GapStep::kConfirm);
}

TEST(PersonNeeds, ASuggestionIsOfTheRecordThatSaysSo) {
  PersonRecords records;
  records.screenings = {
      Screened("a", "2026-03-01", "PRAPARE", {Said("54899-0", {"LA43-5"})}),
      Screened("b", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA28398-8"})}),
      Screened("c", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})})};
  const PersonNeeds needs = View(records);
  ASSERT_EQ(needs.codes.size(), 1u);
  ASSERT_EQ(needs.codes[0].steps.size(), 1u);
  EXPECT_EQ(needs.codes[0].steps[0].actor, "c");
}

TEST(CodeGaps, FollowACodeFromTheAnswerToTheClaim) {
  PersonRecords records;
  records.screenings = {
      Screened("o1", "2026-03-01", "Hunger Vital Sign", {Said("88122-7", {"LA6729-3"})})};
  auto gaps = Gaps(records, "2026-01-01", "2026-12-31");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].next, GapStep::kConfirm);
  EXPECT_EQ(gaps[0].code, "Z59.41");
  EXPECT_TRUE(Gaps(records, "2025-01-01", "2025-12-31").empty());
  NeedRecord need;
  need.domain = "food-insecurity";
  need.steps = {StaffCode(CodeEvent::kConfirm, "Z59.48", "2026-03-02")};
  records.needs = {{"need/1", need}};
  gaps = Gaps(records, "2026-01-01", "2026-12-31");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].next, GapStep::kCode);
  EXPECT_EQ(gaps[0].code, "Z59.48");
  records.needs[0].record.steps.push_back(StaffCode(CodeEvent::kCode, "Z59.48", "2026-03-09"));
  EXPECT_TRUE(Gaps(records, "2026-01-01", "2026-12-31").empty());
  const auto uses = UsesOf(View(records), {*ReadDay("2026-03-01"), *ReadDay("2026-03-31")});
  EXPECT_EQ(std::count_if(uses.begin(), uses.end(),
                          [](const CodeUse& use) { return use.stage == CodeStage::kCoded; }),
            1);
}

TEST(PersonNeeds, ASignatureMayComeAfterTheEncounter) {
  PersonRecords records;
  NeedRecord need;
  need.domain = "food-insecurity";
  need.steps = {StaffCode(CodeEvent::kConfirm, "Z59.41", "2026-03-05"),
                StaffCode(CodeEvent::kCode, "Z59.41", "2026-03-01")};
  need.steps[1].at = need.steps[0].at + Millis{1};
  records.needs = {{"need/1", need}};
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "coded");
  std::swap(need.steps[0].at, need.steps[1].at);
  records.needs = {{"need/1", need}};
  EXPECT_EQ(StageIn(View(records), "Z59.41"), "confirmed");
}

TEST(CodeGaps, ARefutalClosesAndWhatHasNoCodeIsReviewed) {
  PersonRecords records;
  records.screenings = {Screened("o1", "2026-03-01", "PRAPARE",
                                 {Said("76501-6", {"LA33-6"}), Said("93033-9", {"LA33-6"})})};
  auto gaps = Gaps(records, "2026-01-01", "2026-12-31");
  ASSERT_EQ(gaps.size(), 2u);
  EXPECT_EQ(gaps[0].domain, "housing-instability");
  EXPECT_EQ(gaps[0].code, "Z59.811");
  EXPECT_EQ(gaps[1].domain, "intimate-partner-violence");
  EXPECT_EQ(gaps[1].next, GapStep::kReview);
  NeedRecord need;
  need.domain = "housing-instability";
  need.steps = {StaffCode(CodeEvent::kRefute, "Z59.811", "2026-03-02")};
  records.needs = {{"need/1", need}};
  gaps = Gaps(records, "2026-01-01", "2026-12-31");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].domain, "intimate-partner-violence");
}

// However the records come, the view is the same.
RC_GTEST_PROP(PersonNeedsProperty, TheOrderOfRecordsDoesNotMatter, ()) {
  PersonRecords records;
  const int count = *rc::gen::inRange(1, 7);
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    const std::string on = "2026-0" + std::to_string(*rc::gen::inRange(1, 4)) + "-01";
    if (*rc::gen::arbitrary<bool>()) {
      records.conditions.push_back(
          Diagnosed("c" + id, *rc::gen::element("Z59.41", "Z59.4", "Z59.49", "Z59.82", "Z59.12"),
                    on.c_str()));
      auto& made = records.conditions.back().record;
      if (*rc::gen::arbitrary<bool>()) made.signed_by.clear();
      made.verification = *rc::gen::element("confirmed", "unconfirmed", "refuted", "");
    } else {
      records.screenings.push_back(
          Screened("s" + id, on.c_str(), *rc::gen::element("", "PRAPARE", "AHC-HRSN core"),
                   {Said("71802-3", {*rc::gen::element("LA31995-6", "LA30190-5", "LA30122-8")}),
                    Said("93038-8", {*rc::gen::element("LA13909-9", "LA13914-9")})}));
    }
  }
  const auto words = [](const PersonNeeds& needs) {
    std::string all;
    for (const auto& view : needs.needs) {
      all += view.domain + std::string(NeedStateName(view.state)) + DayText(view.since) +
             view.question + view.answer + ";";
    }
    for (const auto& view : needs.codes) {
      all += view.code + std::string(CodeStageName(view.stage));
      for (const auto& step : view.steps)
        all += step.actor + std::string(CodeEventName(step.event));
    }
    for (const auto& finding : needs.findings) all += finding.code + finding.reason;
    for (const auto& asking : needs.askings) {
      for (const auto& outcome : asking.result.domains) {
        all += outcome.domain + std::string(OutcomeName(outcome.outcome)) + outcome.answer;
      }
    }
    return all;
  };
  const std::string first = words(View(records));
  std::reverse(records.conditions.begin(), records.conditions.end());
  std::reverse(records.screenings.begin(), records.screenings.end());
  RC_ASSERT(words(View(records)) == first);
}

}  // namespace
}  // namespace equinode
