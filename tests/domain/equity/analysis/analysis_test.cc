#include "domain/equity/analysis/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/equity/analysis/frame_remarks.h"
#include "domain/equity/counts/pool.h"
#include "domain/equity/counts/read_counts.h"

namespace equinode::equity {
namespace {

constexpr std::string_view kHeader =
    "measure,period,organisation,frame,dimension,stratum,numerator,denominator,better\n";

std::vector<Stratification> Of(std::string_view rows) {
  const auto table = ReadCounts(std::string(kHeader) + std::string(rows), {});
  EXPECT_TRUE(table.ok()) << table.error().message;
  const auto pooled = PoolOrganisations(*table);
  return Stratify(*pooled);
}

constexpr std::string_view kRace =
    "COL,2023,p1,omb_1997,race,White,300,600,higher\n"
    "COL,2023,p1,omb_1997,race,Black,40,100,higher\n"
    "COL,2023,p2,omb_1997,race,Black,20,100,higher\n"
    "COL,2023,p1,omb_1997,race,Unknown,9,10,higher\n"
    "COL,2023,p1,omb_1997,race,Nobody,0,0,higher\n"
    "COL,2023,p1,,,,380,820,higher\n";

TEST(Analysis, PoolsComparesAndLeavesTheUnknownOut) {
  AnalysisOptions options;
  options.reference = "White";
  const auto analyses = Analyse(Of(kRace), options);
  ASSERT_TRUE(analyses.ok()) << analyses.error().message;
  ASSERT_EQ(analyses->size(), 1U);
  const Analysis& one = (*analyses)[0];
  EXPECT_EQ(one.reference, "White");
  EXPECT_DOUBLE_EQ(*one.overall.value, 380.0 / 820);
  ASSERT_EQ(one.groups.size(), 4U);
  EXPECT_DOUBLE_EQ(*one.groups[1].comparison->difference.value, 0.3 - 0.5);
  EXPECT_TRUE(one.groups[2].no_answer);
  EXPECT_FALSE(one.groups[2].comparison.has_value());
  EXPECT_FALSE(one.groups[3].comparison.has_value());
  EXPECT_EQ(one.groups[3].rate.reason, reason::kNoDenominator);
  // The best group of "best" is not the unknown's 90 percent.
  EXPECT_EQ((*Analyse(Of(kRace), {}))[0].reference, "White");
}

TEST(Analysis, AdjustsOverTheWholeTable) {
  const auto analyses =
      Analyse(Of(std::string(kRace) + "CBP,2023,p1,omb_1997,race,White,300,600,higher\n"
                                      "CBP,2023,p1,omb_1997,race,Black,90,200,higher\n"),
              {});
  ASSERT_TRUE(analyses.ok());
  const auto& first = (*analyses)[0].groups[1];
  const auto& second = (*analyses)[1].groups[1];
  EXPECT_NEAR(*first.adjusted_p, 2 * *first.comparison->p_value, 1e-12);
  EXPECT_NEAR(*second.adjusted_p, *second.comparison->p_value, 1e-12);
}

TEST(Analysis, TestsNothingAgainstTheWhole) {
  AnalysisOptions options;
  options.reference = "overall";
  const auto analyses = Analyse(Of(kRace), options);
  ASSERT_TRUE(analyses.ok());
  const Comparison& black = *(*analyses)[0].groups[1].comparison;
  EXPECT_NEAR(*black.difference.value, 0.3 - 380.0 / 820, 1e-12);
  EXPECT_FALSE(black.p_value || black.difference.interval);
}

TEST(Analysis, ShowsHowGapsChanged) {
  AnalysisOptions options;
  options.reference = "White";
  options.from = "2023";
  options.to = "2024";
  const auto analyses =
      Analyse(Of(std::string(kRace) + "COL,2024,p1,omb_1997,race,White,310,600,higher\n"
                                      "COL,2024,p1,omb_1997,race,Black,80,200,higher\n"),
              options);
  ASSERT_TRUE(analyses.ok()) << analyses.error().message;
  EXPECT_FALSE((*analyses)[0].groups[1].change.has_value());
  ASSERT_TRUE((*analyses)[1].groups[1].change.has_value());
  EXPECT_NEAR(*(*analyses)[1].groups[1].change->difference_in_differences.value,
              (310.0 / 600 - 0.4) - (0.5 - 0.3), 1e-12);
}

TEST(Analysis, RefusesWhatItCannotJudge) {
  const auto reason = [](const std::vector<Stratification>& all, const AnalysisOptions& options) {
    const auto analyses = Analyse(all, options);
    return analyses.ok() ? std::string() : analyses.error().reason;
  };
  AnalysisOptions nobody;
  nobody.reference = "Green";
  EXPECT_EQ(reason(Of(kRace), nobody), "NO_SUCH_GROUP");
  AnalysisOptions never;
  never.from = "1999";
  never.to = "2023";
  EXPECT_EQ(reason(Of(kRace), never), "NO_SUCH_PERIOD");
  EXPECT_EQ(reason(Of("NEW,2023,p1,,sex,F,3,6,\nNEW,2023,p1,,sex,M,3,6,\n"), {}), "NO_DIRECTION");
  AnalysisOptions change;
  change.from = "2023";
  change.to = "2024";
  EXPECT_EQ(
      reason(Of(std::string(kRace) + "COL,2024,p1,omb_2024,race,White,310,600,higher\n"), change),
      "FRAMES_DIFFER");
}

TEST(FrameRemarks, TellsStrangeFramesAndGroupsAndSeveralFrames) {
  const auto table = ReadCounts(std::string(kHeader) +
                                    "COL,1,p1,omb_1997,race,White,3,6,\n"
                                    "COL,1,p1,omb_1997,race,AIAN,3,6,\n"
                                    "COL,1,p1,omb_1997,race,Unknown,3,6,\n"
                                    "COL,1,p1,omb_1997,race,Blak,3,6,\n"
                                    "COL,1,p2,omb1997,race,White,3,6,\n",
                                {});
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(FrameRemarks(*table),
              ::testing::UnorderedElementsAre(
                  ::testing::HasSubstr("\"Blak\" is no group of the frame omb_1997"),
                  ::testing::HasSubstr("\"omb1997\" is not known"),
                  ::testing::HasSubstr("several frames (omb1997, omb_1997)")));
}

}  // namespace
}  // namespace equinode::equity
