#include "domain/needs/screening.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/domain/needs/asking.h"

namespace equinode {
namespace {

using Outcomes = std::map<std::string, std::string>;

Outcomes Judged(const std::string& instrument, std::vector<ScreenedAnswer> answers) {
  return OutcomesOf(JudgeAsking(AskingOf(instrument, std::move(answers))));
}

// NOTES 3: the New York crosswalk marks this answer as a need.
TEST(Screening, DeclinedStaysDeclined) {
  EXPECT_EQ(Judged("AHC-HRSN supplemental", {Said("93038-8", {"LA30122-8"})}),
            (Outcomes{{"stress", "declined"}}));
  EXPECT_EQ(Judged("", {Said("93038-8", {"LA30122-8"})}), (Outcomes{{"stress", "declined"}}));
  EXPECT_EQ(Judged("Hunger Vital Sign", {Said("88122-7", {"LA15775-2"})}),
            (Outcomes{{"food-insecurity", "declined"}}));
  // A question that the table gives no such answer for.
  EXPECT_EQ(Judged("PRAPARE", {Said("76437-3", {"LA30122-8"})}),
            (Outcomes{{"health-insurance-coverage-status", "declined"}}));
}

TEST(Screening, TheSameQuestionUnderTwoInstrumentsIsJudgedByItsAnswer) {
  // AHC's three answers and PRAPARE's two, whatever the source calls the instrument.
  for (const char* told : {"", "AHC-HRSN core", "PRAPARE"}) {
    EXPECT_EQ(Judged(told, {Said("71802-3", {"LA31995-6"})}),
              (Outcomes{{"homelessness", "positive"}, {"housing-instability", "negative"}}));
    EXPECT_EQ(Judged(told, {Said("71802-3", {"LA31994-9"})}),
              (Outcomes{{"homelessness", "negative"}, {"housing-instability", "positive"}}));
    EXPECT_EQ(Judged(told, {Said("71802-3", {"LA30190-5"})}),
              (Outcomes{{"homelessness", "positive"}}));
    EXPECT_EQ(Judged(told, {Said("93030-5", {"LA33-6"})}),
              (Outcomes{{"transportation-insecurity", "positive"}}));
    EXPECT_EQ(Judged(told, {Said("93030-5", {"LA30134-3"})}),
              (Outcomes{{"transportation-insecurity", "positive"}}));
    EXPECT_EQ(Judged(told, {Said("93030-5", {"LA30257-2"})}),
              (Outcomes{{"transportation-insecurity", "unable"}}));
  }
  const AskingResult other = JudgeAsking(AskingOf("PRAPARE", {Said("71802-3", {"LA31995-6"})}));
  EXPECT_EQ(other.findings,
            (std::vector<ScreeningFinding>{{"OTHER_INSTRUMENT", "71802-3", "LA31995-6"}}));
}

TEST(Screening, TheSameAnswerUnderTwoInstrumentsIsJudgedByTheInstrument) {
  const ScreenedAnswer somewhat = Said("93038-8", {"LA13909-9"});
  EXPECT_EQ(Judged("AHC-HRSN supplemental", {somewhat}), (Outcomes{{"stress", "positive"}}));
  EXPECT_EQ(Judged("PRAPARE", {somewhat}), (Outcomes{{"stress", "negative"}}));
  // Nobody says which: told by the answers around it, else not judged.
  EXPECT_EQ(Judged("", {somewhat, Said("93029-7", {"LA30132-7"})}).at("stress"), "negative");
  EXPECT_EQ(Judged("", {somewhat, Said("96782-8", {"LA32-8"})}).at("stress"), "positive");
  const AskingResult alone = JudgeAsking(AskingOf("", {somewhat}));
  EXPECT_TRUE(alone.domains.empty());
  EXPECT_EQ(alone.findings,
            (std::vector<ScreeningFinding>{{"INSTRUMENT_NEEDED", "93038-8", "LA13909-9"}}));
  // Where both read it alike it does not matter.
  EXPECT_EQ(Judged("", {Said("93038-8", {"LA13914-9"})}), (Outcomes{{"stress", "positive"}}));
}

// TAPS asks AHC's questions about substances and means another thing by the answers.
TEST(Screening, AnInstrumentWithoutRulesIsNotJudgedByOthers) {
  EXPECT_EQ(InstrumentOfPanel("96841-2"), "TAPS");
  EXPECT_EQ(Judged("AHC-HRSN supplemental", {Said("96842-0", {"LA18934-2"})}),
            (Outcomes{{"substance-use", "positive"}}));
  const AskingResult taps = JudgeAsking(AskingOf("TAPS", {Said("96842-0", {"LA18934-2"})}));
  EXPECT_TRUE(taps.domains.empty());
  EXPECT_EQ(taps.findings,
            (std::vector<ScreeningFinding>{{"OTHER_INSTRUMENT", "96842-0", "LA18934-2"}}));
  EXPECT_TRUE(
      JudgeAsking(AskingOf("TAPS", {Without("96842-0", AnswerGiven::kDeclined)})).domains.empty());
  EXPECT_TRUE(InstrumentNamed("taps").empty()) << "none to screen with here";
}

TEST(Screening, ChooseAllSaysNoForWhatIsNotChosen) {
  const Outcomes chosen = Judged("PRAPARE", {Said("93031-3", {"LA30126-9", "LA30125-1"})});
  EXPECT_EQ(chosen, (Outcomes{{"digital-access", "negative"},
                              {"food-insecurity", "positive"},
                              {"material-hardship", "positive"},
                              {"medical-cost-burden", "negative"},
                              {"utility-insecurity", "negative"}}));
  const Outcomes nothing = Judged("PRAPARE", {Without("93031-3", AnswerGiven::kNothing)});
  EXPECT_EQ(nothing.at("food-insecurity"), "negative");
  const Outcomes declined = Judged("PRAPARE", {Said("93031-3", {"LA30122-8"})});
  EXPECT_EQ(declined.at("food-insecurity"), "declined");
  EXPECT_EQ(declined.at("utility-insecurity"), "declined");
}

TEST(Screening, ADeclinedHalfIsNoNegative) {
  const std::string hvs = "Hunger Vital Sign";
  EXPECT_EQ(Judged(hvs, {Said("88122-7", {"LA28398-8"}), Said("88123-5", {"LA15775-2"})}),
            (Outcomes{{"food-insecurity", "declined"}}));
  EXPECT_EQ(Judged(hvs, {Said("88122-7", {"LA6729-3"}), Said("88123-5", {"LA15775-2"})}),
            (Outcomes{{"food-insecurity", "positive"}}));
  // Another instrument on the same day may still say it.
  Asking both = AskingOf(hvs, {Said("88122-7", {"LA28398-8"}), Said("88123-5", {"LA28398-8"})});
  both.parts.push_back({"PRAPARE", Said("93031-3", {"LA30122-8"})});
  EXPECT_EQ(OutcomesOf(JudgeAsking(both)).at("food-insecurity"), "negative");
}

TEST(Screening, ReversedAndTraitQuestions) {
  EXPECT_EQ(Judged("PRAPARE", {Said("93026-3", {"LA32-8"})}).at("interpersonal-safety"),
            "positive");
  EXPECT_EQ(Judged("PRAPARE", {Said("93026-3", {"LA33-6"})}).at("interpersonal-safety"),
            "negative");
  EXPECT_EQ(Judged("PRAPARE", {Said("93034-7", {"LA33-6"})}).at("veteran-status"), "negative");
}

TEST(Screening, HelpWantedIsAFactOfItsOwn) {
  const auto result = JudgeAsking(AskingOf(
      "AHC-HRSN supplemental", {Said("96780-2", {"LA31983-2"}), Said("96782-8", {"LA33-6"}),
                                Said("93159-2", {"LA9933-8"}), Said("96781-0", {"LA31976-6"})}));
  std::map<std::string, std::string> help;
  for (const auto& outcome : result.domains) help[outcome.domain] = HelpWantedName(outcome.help);
  EXPECT_EQ(help, (Outcomes{{"education-help", "yes"},
                            {"employment-status", "no"},
                            {"social-connection", "no"}}));
  // Lonely, and wants no help: a need all the same.
  EXPECT_EQ(OutcomesOf(result).at("social-connection"), "positive");
}

TEST(Screening, AnAnswerThatNobodyKnowsIsTold) {
  const auto result = JudgeAsking(AskingOf("PRAPARE", {Said("93033-9", {"LA99999-9"})}));
  EXPECT_TRUE(result.domains.empty());
  EXPECT_EQ(result.findings,
            (std::vector<ScreeningFinding>{{"UNKNOWN_ANSWER", "93033-9", "LA99999-9"}}));
}

// Four items of the safety questions, each 1 to 5: a need over 10.
const std::vector<std::string> kSafety = {"95618-5", "95617-7", "95616-9", "95615-1"};
const std::vector<std::string> kOften = {"LA6270-8", "LA10066-1", "LA10082-8", "LA16644-9",
                                         "LA6482-9"};

RC_GTEST_PROP(ScreeningProperty, TheSafetySumDecides, ()) {
  std::vector<ScreenedAnswer> answers;
  int sum = 0;
  for (const std::string& item : kSafety) {
    const int score = *rc::gen::inRange(1, 6);
    sum += score;
    answers.push_back(Said(item, {kOften[static_cast<std::size_t>(score - 1)]}));
  }
  RC_ASSERT(Judged("AHC-HRSN core", answers).at("interpersonal-safety") ==
            (sum > 10 ? "positive" : "negative"));
}

// With items left out: judged as the whole would be, whatever they had been; else not at all.
RC_GTEST_PROP(ScreeningProperty, MissingItemsAreJudgedOnlyWhereTheyCannotMatter, ()) {
  std::vector<ScreenedAnswer> answers;
  int low = 0;
  int high = 0;
  for (const std::string& item : kSafety) {
    const int score = *rc::gen::inRange(0, 6);
    low += score == 0 ? 1 : score;
    high += score == 0 ? 5 : score;
    answers.push_back(score == 0 ? Without(item, AnswerGiven::kDeclined)
                                 : Said(item, {kOften[static_cast<std::size_t>(score - 1)]}));
  }
  const std::string expected = low > 10 ? "positive" : high <= 10 ? "negative" : "declined";
  RC_ASSERT(Judged("AHC-HRSN core", answers).at("interpersonal-safety") == expected);
}

TEST(Screening, ATotalWithoutItsItems) {
  ScreenedAnswer total = Said("95614-4", {});
  total.milli = 11'000;
  EXPECT_EQ(Judged("", {total}), (Outcomes{{"interpersonal-safety", "positive"}}));
  total.milli = 10'000;
  EXPECT_EQ(Judged("", {total}), (Outcomes{{"interpersonal-safety", "negative"}}));
  total.milli = 10'500;  // No such score.
  EXPECT_EQ(Judged("", {total}), (Outcomes{{"interpersonal-safety", "unable"}}));
  ScreenedAnswer phq = Said("55758-7", {});
  phq.milli = 3'000;
  EXPECT_EQ(Judged("", {phq}), (Outcomes{{"mental-health", "positive"}}));
}

TEST(Screening, ItemsOutweighATotalThatDiffers) {
  ScreenedAnswer total = Said("55758-7", {});
  total.milli = 5'000;
  const auto result = JudgeAsking(
      AskingOf("", {Said("44250-9", {"LA6569-3"}), Said("44255-8", {"LA6569-3"}), total}));
  EXPECT_EQ(OutcomesOf(result), (Outcomes{{"mental-health", "negative"}}));
  EXPECT_EQ(result.findings, (std::vector<ScreeningFinding>{{"SCORE_DIFFERS", "55758-7", ""}}));
}

TEST(Screening, ActivityDependsOnAge) {
  Asking asking = AskingOf("AHC-HRSN supplemental",
                           {Said("89555-7", {"LA10137-0"}), Said("68516-4", {"LA28855-7"})});
  EXPECT_TRUE(JudgeAsking(asking).domains.empty());  // Five times thirty, and no age.
  asking.age = 18;
  EXPECT_EQ(OutcomesOf(JudgeAsking(asking)).at("physical-activity"), "negative");
  asking.age = 17;
  EXPECT_EQ(OutcomesOf(JudgeAsking(asking)).at("physical-activity"), "positive");
  asking.age = 5;
  EXPECT_TRUE(JudgeAsking(asking).domains.empty());
}

TEST(Screening, TheOrderOfTheAnswersDoesNotMatter) {
  std::vector<ScreenedAnswer> answers = {
      Said("93031-3", {"LA30125-1"}), Said("88122-7", {"LA28398-8"}),
      Said("93038-8", {"LA13909-9"}), Said("93029-7", {"LA30132-7"}),
      Said("71802-3", {"LA30122-8"})};
  const Outcomes first = Judged("", answers);
  std::sort(answers.begin(), answers.end(),
            [](const auto& a, const auto& b) { return a.question < b.question; });
  EXPECT_EQ(Judged("", answers), first);
  std::reverse(answers.begin(), answers.end());
  EXPECT_EQ(Judged("", answers), first);
}

TEST(AnswerText, WordsOfASourceWithoutCodes) {
  EXPECT_EQ(AnswerOfText("67875-5", "Unemployed (finding)"), "LA17956-6");
  EXPECT_EQ(AnswerOfText("93031-3", "Medicine or Any Health Care"), "LA30128-5");
  EXPECT_EQ(AnswerOfText("71802-3", "I do not have housing (staying with others  in a hotel)"),
            "LA30190-5");
  EXPECT_EQ(AnswerOfText("93030-5",
                         "Yes  it has kept me from medical appointments or from getting my "
                         "medications"),
            "LA30133-5");
  EXPECT_EQ(AnswerOfText("76437-3", "I choose not to answer this question"), "LA30122-8");
  EXPECT_EQ(AnswerOfText("93033-9", "perhaps"), "");
}

}  // namespace
}  // namespace equinode
