#include "domain/people/projection.h"

#include <gtest/gtest.h>

#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Absent;
using testing::Answer;
using testing::Cdcrec;
using testing::Words;

constexpr AssertionField kRaceField = AssertionField::kRace;
using Method = CollectionMethod;

Assertion Race(std::string code, Method method, std::uint16_t year) {
  Assertion assertion = Answer(kRaceField, {Cdcrec(std::move(code))}, method);
  assertion.collected_on = {year, 1, 1};
  return assertion;
}

// The winner's first code, or the name of its state.
std::string WinnerOf(const std::vector<Assertion>& assertions) {
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < assertions.size(); ++i) {
    sourced.push_back({&assertions[i], "record " + std::to_string(i), i, {}});
  }
  const auto fields = Project(sourced);
  if (fields.size() != 1) return "no one field";
  const Assertion& winner = *fields[0].winner;
  return winner.state == AnswerState::kKnown ? winner.values[0].code
                                             : std::string(AnswerStateName(winner.state));
}

TEST(Projection, SelfReportBeatsWhatIsNewer) {
  EXPECT_EQ(WinnerOf({Race("2106-3", Method::kAdministrative, 2026),
                      Race("2028-9", Method::kSelfReported, 2001)}),
            "2028-9");
}

TEST(Projection, TheNewestSelfReportWins) {
  EXPECT_EQ(WinnerOf({Race("2106-3", Method::kSelfReported, 2020),
                      Race("2028-9", Method::kSelfReported, 2024)}),
            "2028-9");
}

TEST(Projection, RacesOfTwoSourcesAreNeverUnited) {
  const std::vector<Assertion> assertions = {Race("2106-3", Method::kSelfReported, 2020),
                                             Race("2028-9", Method::kSelfReported, 2024)};
  const std::vector<SourcedAssertion> sourced = {{&assertions[0], "a", 0, {}},
                                                 {&assertions[1], "b", 0, {}}};
  const auto fields = Project(sourced);
  EXPECT_EQ(fields[0].winner->values.size(), 1u);
  EXPECT_TRUE(fields[0].conflict);  // To be confirmed at the next visit.
}

TEST(Projection, ALaterDeclinedIsShownAndDisplacesNothing) {
  Assertion declined = Answer(kRaceField, {Absent("asked-declined")}, Method::kSelfReported);
  declined.collected_on = {2026, 1, 1};
  const std::vector<Assertion> assertions = {Race("2028-9", Method::kSelfReported, 2024), declined};
  EXPECT_EQ(WinnerOf(assertions), "2028-9");
  const std::vector<SourcedAssertion> sourced = {{&assertions[0], "a", 0, {}},
                                                 {&assertions[1], "b", 0, {}}};
  EXPECT_EQ(Project(sourced)[0].declined_on, (PartialDate{2026, 1, 1}));
  EXPECT_EQ(Project(std::vector{sourced[0]})[0].declined_on, PartialDate{});
}

TEST(Projection, TheLatestDeclinedIsTheOneShown) {
  Assertion first = Answer(kRaceField, {Absent("asked-declined")}, Method::kSelfReported);
  first.collected_on = {2025, 6, 1};
  Assertion last = Answer(kRaceField, {Absent("asked-declined")}, Method::kUnknown);
  last.collected_on = {2026, 2, 3};
  Assertion before = last;
  before.collected_on = {2020, 1, 1};
  const std::vector<Assertion> assertions = {first, Race("2028-9", Method::kSelfReported, 2024),
                                             last, before};
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < 4; ++i) sourced.push_back({&assertions[i], "a", i, {}});
  EXPECT_EQ(Project(sourced)[0].declined_on, (PartialDate{2026, 2, 3}));
}

TEST(Projection, WhatARecordTakesBackIsGoneAndCorrectionsStand) {
  const auto winner = [](std::vector<Assertion> assertions) {
    std::vector<SourcedAssertion> sourced;
    for (std::uint32_t i = 0; i < assertions.size(); ++i) {
      sourced.push_back({&assertions[i], "one record", i, {}});
    }
    const auto fields = Project(sourced);
    if (fields.empty()) return std::string("nothing");
    const Assertion& won = *fields[0].winner;
    return won.state == AnswerState::kKnown ? won.values[0].code
                                            : std::string(AnswerStateName(won.state));
  };
  const Assertion white = Race("2106-3", Method::kSelfReported, 2024);
  Assertion asian = Race("2028-9", Method::kObserved, 2020);
  EXPECT_EQ(winner({white, asian}), "2106-3");
  asian.supersedes = {0};
  EXPECT_EQ(winner({white, asian}), "2028-9");
  // A correction that was taken back corrects nothing.
  Assertion back = Answer(kRaceField, {});
  back.retracts = {1};
  EXPECT_EQ(winner({white, asian, back}), "2106-3");
  // A later "declined" displaces nothing; taking the answer back does.
  Assertion declined = Answer(kRaceField, {Absent("asked-declined")}, Method::kSelfReported);
  declined.collected_on = {2026, 1, 1};
  EXPECT_EQ(winner({white, declined}), "2106-3");
  declined.retracts = {0};
  EXPECT_EQ(winner({white, declined}), "DECLINED");
  // What was taken back stays so when the one who said it is corrected.
  Assertion correction = Answer(kRaceField, {Absent("not-asked")});
  correction.supersedes = {1};
  EXPECT_EQ(winner({white, declined, correction}), "NOT_ASKED");
  Assertion all = Answer(AssertionField::kSex, {});
  all.retracts = {0, 2};
  all.supersedes = {1};
  EXPECT_EQ(winner({white, asian, declined, all}),
            "ABSENT");  // Only the last one, of another field.
}

TEST(Projection, ARecordTakesNothingBackThatAnotherSays) {
  const Assertion white = Race("2106-3", Method::kSelfReported, 2024);
  Assertion back = Answer(kRaceField, {});
  back.retracts = {0};
  const std::vector<SourcedAssertion> sourced = {{&white, "a", 0, {}}, {&back, "b", 1, {}}};
  EXPECT_EQ(Project(sourced)[0].winner, &white);
}

TEST(Projection, AProxysAnswerFallsARankWhenAMinorTurns18) {
  Assertion proxy = Race("2106-3", Method::kProxyReported, 2020);
  const Assertion file = Race("2028-9", Method::kAdministrative, 2021);
  const std::vector<SourcedAssertion> sourced = {{&proxy, "a", 0, {}}, {&file, "b", 0, {}}};
  const PartialDate born{2008, 5, 17};
  const auto minor = Project(sourced, {born, {2026, 5, 16}});
  EXPECT_EQ(minor[0].winner, &proxy);
  EXPECT_FALSE(minor[0].came_of_age);
  const auto of_age = Project(sourced, {born, {2026, 5, 17}});
  EXPECT_EQ(of_age[0].winner, &file);
  const auto alone = Project(std::vector{sourced[0]}, {born, {2026, 5, 17}});
  EXPECT_EQ(alone[0].winner, &proxy);
  EXPECT_TRUE(alone[0].came_of_age);
  // Said after the person was of age, on a day not known, or of one whose age is not: no reason.
  EXPECT_FALSE(Project(std::vector{sourced[0]}, {{2001, 1, 1}, {2026, 5, 17}})[0].came_of_age);
  EXPECT_FALSE(Project(std::vector{sourced[0]}, {{}, {2026, 5, 17}})[0].came_of_age);
  EXPECT_FALSE(Project(std::vector{sourced[0]})[0].came_of_age);
  proxy.collected_on = {};
  EXPECT_FALSE(Project(std::vector{sourced[0]}, {born, {2026, 5, 17}})[0].came_of_age);
}

TEST(Projection, WhatTwoProxiesSaidOfAChildIsNoDisputeOnceItIsOfAge) {
  const Assertion one = Race("2106-3", Method::kProxyReported, 2019);
  const Assertion other = Race("2028-9", Method::kProxyReported, 2018);
  const std::vector<SourcedAssertion> sourced = {{&one, "a", 0, {}}, {&other, "b", 0, {}}};
  EXPECT_TRUE(Project(sourced, {{2008, 1, 1}, {2025, 1, 1}})[0].conflict);
  const auto of_age = Project(sourced, {{2008, 1, 1}, {2026, 1, 1}});
  EXPECT_FALSE(of_age[0].conflict);
  EXPECT_TRUE(of_age[0].came_of_age);  // Both are to be asked again anyhow.
}

TEST(Projection, DeclinedBeatsNotAsked) {
  EXPECT_EQ(WinnerOf({Answer(kRaceField, {Absent("not-asked")}, Method::kSelfReported),
                      Answer(kRaceField, {Absent("asked-declined")})}),
            "DECLINED");
}

TEST(Projection, AContradictionLosesToAnythingUsable) {
  Assertion conflict = Answer(kRaceField, {Cdcrec("2135-2")}, Method::kSelfReported);
  EXPECT_EQ(WinnerOf({conflict, Race("2106-3", Method::kObserved, 1999)}), "2106-3");
}

// Whether the answers, each of a record of its own, are to be confirmed.
bool IsDisputed(const std::vector<Assertion>& assertions) {
  std::vector<SourcedAssertion> sourced;
  for (std::uint32_t i = 0; i < assertions.size(); ++i) {
    sourced.push_back({&assertions[i], "record " + std::to_string(i), i, {}});
  }
  return Project(sourced)[0].conflict;
}

Assertion Language(std::string system, std::string tag) {
  return Answer(AssertionField::kLanguage, {{std::move(system), std::move(tag), {}, {}}},
                Method::kSelfReported);
}

TEST(Projection, SelfReportInWordsBeatsAnObservedCode) {
  Assertion words = Answer(kRaceField, {Words("Mixteco")}, Method::kSelfReported);
  words.collected_on = {2020, 1, 1};
  EXPECT_EQ(WinnerOf({Race("2106-3", Method::kObserved, 2026), words}), "OTHER");
}

TEST(Projection, DetailOfTheSameGroupIsNoDispute) {
  EXPECT_FALSE(IsDisputed(
      {Race("2106-3", Method::kSelfReported, 2020), Race("2112-1", Method::kSelfReported, 2024)}));
  EXPECT_FALSE(IsDisputed({Language("", "en"), Language("urn:ietf:bcp:47", "en-US")}));
  EXPECT_TRUE(IsDisputed({Language("", "en"), Language("", "es")}));
}

TEST(Projection, OnlyANewerAdministrativeAnswerDisputesASelfReport) {
  const Assertion self = Race("2028-9", Method::kSelfReported, 2022);
  EXPECT_TRUE(IsDisputed({self, Race("2106-3", Method::kAdministrative, 2026)}));
  EXPECT_FALSE(IsDisputed({self, Race("2106-3", Method::kAdministrative, 2001)}));
}

}  // namespace
}  // namespace equinode
