#include "domain/people/projection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Absent;
using testing::Answer;
using testing::Cdcrec;
using testing::Words;

constexpr AssertionField kRace = AssertionField::kRace;
using Method = CollectionMethod;

Assertion Race(std::string code, Method method, std::uint16_t year) {
  Assertion assertion = Answer(kRace, {Cdcrec(std::move(code))}, method);
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
  Assertion declined = Answer(kRace, {Absent("asked-declined")}, Method::kSelfReported);
  declined.collected_on = {2026, 1, 1};
  const std::vector<Assertion> assertions = {Race("2028-9", Method::kSelfReported, 2024), declined};
  EXPECT_EQ(WinnerOf(assertions), "2028-9");
  const std::vector<SourcedAssertion> sourced = {{&assertions[0], "a", 0, {}},
                                                 {&assertions[1], "b", 0, {}}};
  EXPECT_EQ(Project(sourced)[0].declined_later, &assertions[1]);
}

TEST(Projection, DeclinedBeatsNotAsked) {
  EXPECT_EQ(WinnerOf({Answer(kRace, {Absent("not-asked")}, Method::kSelfReported),
                      Answer(kRace, {Absent("asked-declined")})}),
            "DECLINED");
}

TEST(Projection, AContradictionLosesToAnythingUsable) {
  Assertion conflict = Answer(kRace, {Cdcrec("2135-2")}, Method::kSelfReported);
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
  Assertion words = Answer(kRace, {Words("Mixteco")}, Method::kSelfReported);
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

TEST(Projection, DoesNotDependOnTheOrder) {
  SeededRandom random(7);
  const std::vector<std::string> codes = {"2106-3", "2028-9", "2054-5", "2135-2", "9999-9"};
  for (int round = 0; round < 300; ++round) {
    std::vector<Assertion> assertions;
    for (int i = 0; i < 6; ++i) {
      assertions.push_back(Race(codes[random.Below(codes.size())],
                                static_cast<Method>(1 + random.Below(7)),
                                static_cast<std::uint16_t>(2020 + random.Below(3))));
    }
    std::vector<SourcedAssertion> sourced;
    for (std::uint32_t i = 0; i < assertions.size(); ++i) {
      sourced.push_back({&assertions[i], "record " + std::to_string(i), 0, {}});
    }
    const Assertion* winner = Project(sourced)[0].winner;
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      for (std::size_t i = sourced.size(); i > 1; --i) {
        std::swap(sourced[i - 1], sourced[random.Below(i)]);
      }
      ASSERT_EQ(Project(sourced)[0].winner, winner) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace equinode
