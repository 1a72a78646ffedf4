#include "domain/people/frames/reporting_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/people/frames/race_ethnicity.h"
#include "tests/domain/people/answers.h"

namespace equinode {
namespace {

using testing::Answer;
using testing::Cdcrec;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Null;
using enum AssertionField;

constexpr std::string_view kBoth = "race_and_ethnicity";

TEST(ReportingFrames, ListTheirGroups) {
  const FrameDimension* minnesota = FindFrame("minnesota", kBoth);
  ASSERT_NE(minnesota, nullptr);
  EXPECT_THAT(minnesota->groups, ElementsAre("Hispanic", "Asian/Pacific Islander", "Black",
                                             "Native American", "Non-Hispanic White"));
  EXPECT_TRUE(IsFrame("oregon_reald"));
  EXPECT_FALSE(IsFrame("atlantis"));
  EXPECT_EQ(FindFrame("minnesota", "sex"), nullptr);
  EXPECT_THAT(GroupsIn("atlantis", "race", nullptr, nullptr), IsEmpty());
}

// Every person has a group or is outside, and never more than one but in REALD.
TEST(ReportingFrames, GiveEveryAnswerOneGroupAtMost) {
  const std::vector<Assertion> races = {Answer(kRace, {Cdcrec("2106-3")}),
                                        Answer(kRace, {Cdcrec("2131-1")}),
                                        Answer(kRace, {Cdcrec("2106-3"), Cdcrec("2028-9")}),
                                        Answer(kRace, {Null("ASKU")}),
                                        Answer(kRace, {Null("OTH")}),
                                        Answer(kRace, {})};
  const std::vector<Assertion> origins = {Answer(kEthnicity, {Cdcrec("2135-2")}),
                                          Answer(kEthnicity, {Cdcrec("2186-5")}),
                                          Answer(kEthnicity, {})};
  for (const FrameDimension& frame : ReportingFrames()) {
    if (frame.frame == "oregon_reald") continue;
    for (const Assertion& race : races) {
      for (const Assertion& origin : origins) {
        const auto groups = GroupsIn(frame.frame, frame.dimension, &race, &origin);
        EXPECT_LE(groups.size(), 1U) << frame.frame << " " << frame.dimension;
        for (const auto group : groups) EXPECT_THAT(frame.groups, ::testing::Contains(group));
      }
    }
  }
}

TEST(ReportingFrames, AContradictionIsUnknown) {
  std::vector<Assertion> answers = {Answer(kRace, {Cdcrec("2106-3"), Cdcrec("2135-2")}),
                                    Answer(kEthnicity, {Cdcrec("2186-5")})};
  JudgeAll(answers);
  EXPECT_THAT(GroupsIn("ncqa_hedis", "race", &answers[0], &answers[1]), ElementsAre("Unknown"));
  EXPECT_THAT(GroupsIn("minnesota", kBoth, &answers[0], &answers[1]), IsEmpty());
}

TEST(ReportingFrames, RealdCountsEachDetailAndNotTheBareCategory) {
  const Assertion race = Answer(kRace, {Cdcrec("2028-9"), Cdcrec("2037-0"), Cdcrec("2115-4")});
  const Assertion origin = Answer(kEthnicity, {Cdcrec("2148-5")});
  EXPECT_THAT(GroupsIn("oregon_reald", kBoth, &race, &origin),
              ElementsAre("Hmong", "Eastern European", "Mexican"));
  const Assertion bare = Answer(kRace, {Cdcrec("2028-9")});
  EXPECT_THAT(GroupsIn("oregon_reald", kBoth, &bare, nullptr), IsEmpty());
  const Assertion asked = Answer(kRace, {Null("ASKU")});
  EXPECT_THAT(GroupsIn("oregon_reald", kBoth, &asked, nullptr), ElementsAre("Don't know"));
}

// docs/adr/0005: OMB 2024 names the Arab world's peoples under Middle Eastern or North African and
// Afghans under none of its examples; CDC's tree has Arab beside Middle Eastern and Afghan below
// it.
TEST(ReportingFrames, ArabIsMiddleEasternAndAfghanIsAsianIn2024AndBothAreWhiteIn1997) {
  const Assertion arab = Answer(kRace, {Cdcrec("2106-3"), Cdcrec("2129-5")});
  const Assertion afghan = Answer(kRace, {Cdcrec("2106-3"), Cdcrec("2126-1")});
  EXPECT_EQ(RaceEthnicity2024Of(&arab, nullptr), RaceEthnicity2024::kMena);
  EXPECT_EQ(RaceEthnicity2024Of(&afghan, nullptr), RaceEthnicity2024::kAsian);
  EXPECT_EQ(Race1997Of(&arab), Race1997::kWhite);
  EXPECT_EQ(Race1997Of(&afghan), Race1997::kWhite);
  const Assertion and_irish = Answer(kRace, {Cdcrec("2106-3"), Cdcrec("2126-1"), Cdcrec("2113-9")});
  EXPECT_EQ(RaceEthnicity2024Of(&and_irish, nullptr), RaceEthnicity2024::kTwoOrMore);
}

}  // namespace
}  // namespace equinode
