#include "domain/report/release_of_period.h"

#include <gtest/gtest.h>

#include <functional>

namespace equinode {
namespace {

using std::chrono::sys_days;

sys_days Day(int year, unsigned month, unsigned day) {
  return sys_days{std::chrono::year{year} / month / day};
}

ReportDefinition Good() {
  ReportDefinition definition;
  definition.name = "equity-2025";
  definition.payer = "spiffe://net/payer/plan";
  definition.period_start = Day(2025, 1, 1);
  definition.period_end = Day(2025, 12, 31);
  definition.measure_period = "2025";
  definition.tables = {
      {"race", {"population", "available.race", "CMS122"}, {Stratifier::kRaceOmb1997}},
      {"age", {"population"}, {Stratifier::kAgeBand}}};
  return definition;
}

// The same tables of the quarter after, with what was measured in it.
ReportDefinition NextQuarter() {
  ReportDefinition next = Good();
  next.period_start = Day(2026, 1, 1);
  next.period_end = Day(2026, 3, 31);
  next.measure_period = "2026-Q1";
  return next;
}

ReleasedBefore Before(const ReportDefinition& definition) {
  return {definition.payer, definition.period_start, definition.period_end,
          FamilyFingerprint(definition)};
}

TEST(ReleaseOfPeriod, TheFirstIsCounted) {
  const auto check = CheckReleaseOfPeriod({}, Good());
  ASSERT_TRUE(check.ok());
  EXPECT_FALSE(check->has_value());
}

TEST(ReleaseOfPeriod, TheSameFamilyHasItsStoredAnswer) {
  ReportDefinition other_payer = Good();
  other_payer.payer = "spiffe://net/payer/other";
  const ReleasedBefore stored[] = {Before(other_payer), Before(Good()), Before(NextQuarter())};
  const auto check = CheckReleaseOfPeriod(stored, Good());
  ASSERT_TRUE(check.ok());
  EXPECT_EQ(*check, 1u);
}

TEST(ReleaseOfPeriod, AnotherFamilyOfThePeriodIsRefused) {
  const ReleasedBefore stored[] = {Before(Good())};
  ReportDefinition more = Good();
  more.tables[1].measures.push_back("available.race");
  EXPECT_EQ(CheckReleaseOfPeriod(stored, more).error().reason, "OTHER_RELEASE_OF_PERIOD");
  ReportDefinition bands = Good();
  bands.age_band_starts = {0, 19, 45, 65};
  EXPECT_EQ(CheckReleaseOfPeriod(stored, bands).error().reason, "OTHER_RELEASE_OF_PERIOD");
}

TEST(ReleaseOfPeriod, APeriodThatSharesADayIsRefused) {
  const ReleasedBefore stored[] = {Before(Good())};
  ReportDefinition quarter = Good();
  quarter.period_start = Day(2025, 10, 1);
  const auto check = CheckReleaseOfPeriod(stored, quarter);
  EXPECT_EQ(check.error().reason, "OTHER_RELEASE_OF_PERIOD");
  EXPECT_NE(check.error().message.find("2025-01-01/2025-12-31"), std::string::npos);
}

TEST(ReleaseOfPeriod, ThePeriodThatFollowsIsCountedInTheSameShape) {
  const ReleasedBefore stored[] = {Before(Good())};
  EXPECT_EQ(*CheckReleaseOfPeriod(stored, NextQuarter()), std::nullopt);
  ReportDefinition renamed = NextQuarter();
  for (TableDefinition& table : renamed.tables) table.id += "-again";
  EXPECT_EQ(*CheckReleaseOfPeriod(stored, renamed), std::nullopt) << "ids are words for readers";
}

TEST(ReleaseOfPeriod, AnotherPayerIsAnotherPopulation) {
  const ReleasedBefore stored[] = {Before(Good())};
  ReportDefinition other = Good();
  other.payer = "spiffe://net/payer/other";
  other.age_band_starts = {0, 30};
  EXPECT_EQ(*CheckReleaseOfPeriod(stored, other), std::nullopt);
}

TEST(ReleaseOfPeriod, TA05WhatWasMeasuredInOnePeriodIsReleasedOnce) {
  const ReleasedBefore stored[] = {Before(Good())};
  for (const char* measured : {"2025", "2025-Q1", "2025-01-01/2025-12-31"}) {
    ReportDefinition again = NextQuarter();
    again.measure_period = measured;
    const auto check = CheckReleaseOfPeriod(stored, again);
    ASSERT_FALSE(check.ok()) << measured;
    EXPECT_EQ(check.error().reason, "OTHER_RELEASE_OF_MEASURE_PERIOD");
    EXPECT_NE(check.error().message.find("2025-01-01/2025-12-31"), std::string::npos);
  }
  // Where nothing is imported the measure period counts nothing.
  ReportDefinition own = Good();
  own.tables.front().measures.pop_back();
  const ReleasedBefore counted[] = {Before(own)};
  ReportDefinition next = own;
  next.period_start = Day(2026, 1, 1);
  next.period_end = Day(2026, 3, 31);
  EXPECT_EQ(*CheckReleaseOfPeriod(counted, next), std::nullopt);
}

struct Case {
  const char* name;
  std::function<void(ReportDefinition&)> change;
  const char* said;  // What the refusal says of before and now.
};
class OtherShape : public ::testing::TestWithParam<Case> {};

TEST_P(OtherShape, TA05IsRefusedInEveryLaterPeriod) {
  const ReleasedBefore stored[] = {Before(Good())};
  ReportDefinition next = NextQuarter();
  GetParam().change(next);
  ASSERT_TRUE(Validate(next).ok());
  for (const int year : {2026, 2031}) {
    next.period_start = Day(year, 1, 1);
    next.period_end = Day(year, 3, 31);
    const auto check = CheckReleaseOfPeriod(stored, next);
    ASSERT_FALSE(check.ok());
    EXPECT_EQ(check.error().reason, "OTHER_SHAPE_BEFORE");
    EXPECT_NE(check.error().message.find(GetParam().said), std::string::npos)
        << check.error().message;
    EXPECT_LE(check.error().message.size(), 512u) << "fits into a refusal";
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, OtherShape,
    ::testing::Values(
        Case{"AgeBands",
             [](auto& d) {
               d.age_band_starts = {0, 18, 45, 64};
             },
             "age bands began at 0,18,45,65; asked are 0,18,45,64"},
        Case{"HiddenCounts", [](auto& d) { d.suppress_to = 29; },
             "hidden were counts of 1-10; asked are 1-29"},
        Case{"FrameOfRace",
             [](auto& d) { d.tables[0].stratifiers = {Stratifier::kRaceEthnicityOmb2024}; },
             "not released then: CMS122 by race_ethnicity_omb2024"},
        Case{"Geography",
             [](auto& d) {
               d.tables.push_back({"county", {"population"}, {Stratifier::kCounty}});
             },
             "not released then: population by county"},
        Case{"MeasureLess", [](auto& d) { d.tables[0].measures.pop_back(); },
             "not asked now: CMS122 by race_omb1997"},
        Case{"ManyMore",
             [](auto& d) {
               for (int i = 0; i < 50; ++i) {
                 d.tables[0].measures.push_back("M" + std::string(60, 'x') + std::to_string(i));
               }
             },
             "and 47 more"}),
    [](const auto& one) { return one.param.name; });

TEST(ReleaseOfPeriod, WhatCannotBeReadForbidsMore) {
  for (const char* text : {"", "family/2|x", "family/1|p|1|2|2025|1-10|0,|no table"}) {
    const ReleasedBefore stored[] = {{Good().payer, Day(2020, 1, 1), Day(2020, 12, 31), text}};
    EXPECT_EQ(CheckReleaseOfPeriod(stored, Good()).error().reason, "BAD_ROW") << text;
  }
}

}  // namespace
}  // namespace equinode
