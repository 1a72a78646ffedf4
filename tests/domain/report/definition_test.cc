#include "domain/report/definition.h"

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
      {"county", {"population"}, {Stratifier::kCounty}}};
  return definition;
}

struct Case {
  const char* name;
  const char* reason;
  std::function<void(ReportDefinition&)> spoil;
};

class RefusesDefinition : public ::testing::TestWithParam<Case> {};

TEST_P(RefusesDefinition, WithItsReason) {
  ReportDefinition definition = Good();
  GetParam().spoil(definition);
  const Status status = Validate(definition);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, GetParam().reason);
  EXPECT_EQ(status.error().code, Code::kInvalidArgument);
}

TableDefinition& First(ReportDefinition& definition) { return definition.tables.front(); }

INSTANTIATE_TEST_SUITE_P(
    All, RefusesDefinition,
    ::testing::Values(
        Case{"NameWithASpace", "BAD_NAME", [](auto& d) { d.name = "equity 2025"; }},
        Case{"NoName", "BAD_NAME", [](auto& d) { d.name.clear(); }},
        Case{"VersionZero", "BAD_VERSION", [](auto& d) { d.version = 0; }},
        Case{"PayerIsAPractice", "BAD_PAYER", [](auto& d) { d.payer = "spiffe://net/practice/a"; }},
        Case{"PayerIsAnOperator", "BAD_PAYER",
             [](auto& d) { d.payer = "spiffe://net/payer/plan/operator/jo"; }},
        Case{"EndsBeforeItBegins", "BAD_PERIOD", [](auto& d) { d.period_end = Day(2024, 1, 1); }},
        Case{"BeforeAllRecords", "BAD_PERIOD", [](auto& d) { d.period_start = Day(1849, 1, 1); }},
        Case{"TwoYears", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = Day(2024, 1, 1); }},
        Case{"OneDay", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = d.period_end; }},
        Case{"OneMonth", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = Day(2025, 12, 1); }},
        Case{"ADayLess", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_end = Day(2025, 12, 30); }},
        Case{"AYearFromJuly", "PERIOD_NOT_WHOLE",
             [](auto& d) {
               d.period_start = Day(2024, 7, 1);
               d.period_end = Day(2025, 6, 30);
             }},
        Case{"ThreeQuarters", "PERIOD_NOT_WHOLE",
             [](auto& d) { d.period_start = Day(2025, 4, 1); }},
        Case{"MeasuresOfAMonth", "PERIOD_NOT_WHOLE", [](auto& d) { d.measure_period = "2025-03"; }},
        Case{"MeasuresOfADay", "PERIOD_NOT_WHOLE",
             [](auto& d) { d.measure_period = "2025-01-01/2025-01-01"; }},
        Case{"MeasurePeriodOfNoShape", "BAD_PERIOD", [](auto& d) { d.measure_period = "///"; }},
        Case{"NoMeasurePeriod", "MEASURE_PERIOD_MISSING",
             [](auto& d) { d.measure_period.clear(); }},
        Case{"TitleOfTwoLines", "BAD_TITLE", [](auto& d) { d.title = "a\nb"; }},
        Case{"NoTables", "NO_TABLES", [](auto& d) { d.tables.clear(); }},
        Case{"TooManyTables", "TOO_MANY_TABLES",
             [](auto& d) { d.tables.resize(65, d.tables.front()); }},
        Case{"BadTableId", "BAD_TABLE_ID", [](auto& d) { First(d).id = "Race"; }},
        Case{"SameTableId", "TABLE_ID_TWICE", [](auto& d) { d.tables[1].id = "race"; }},
        Case{"TwoWays", "TOO_MANY_WAYS",
             [](auto& d) { First(d).stratifiers.push_back(Stratifier::kSex); }},
        Case{"NoWay", "NO_STRATIFIER", [](auto& d) { First(d).stratifiers.clear(); }},
        Case{"NoMeasures", "NO_MEASURES", [](auto& d) { First(d).measures.clear(); }},
        Case{"TooManyMeasures", "TOO_MANY_MEASURES",
             [](auto& d) { First(d).measures.assign(65, "M"); }},
        Case{"MisspeltBuiltIn", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("available.races"); }},
        Case{"MeasureWithASpace", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("CMS 122"); }},
        Case{"SameMeasureTwice", "TABLE_TWICE",
             [](auto& d) { First(d).measures.push_back("population"); }},
        Case{"SameTableUnderAnotherId", "TABLE_TWICE",
             [](auto& d) {
               d.tables.push_back({"race2", {"population"}, {Stratifier::kRaceOmb1997}});
             }},
        Case{"TwoRaceFrames", "RACE_FRAMES_MIXED",
             [](auto& d) {
               d.tables.push_back({"r24", {"population"}, {Stratifier::kRaceEthnicityOmb2024}});
             }},
        Case{"TwoGeographies", "GEOGRAPHIES_MIXED",
             [](auto& d) {
               d.tables.push_back({"zip3", {"population"}, {Stratifier::kZip3}});
             }},
        Case{"NeedOfNoDomain", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("positive.hunger"); }},
        Case{"SnsOfHalfAYear", "NOT_A_YEAR",
             [](auto& d) {
               d.period_end = Day(2025, 6, 30);
               First(d).measures.push_back("screened.snse.food");
             }},
        Case{"SnsHousingBesideOneOfItsDomains", "HOUSING_MIXED",
             [](auto& d) {
               First(d).measures.push_back("intervened.snse.housing");
               d.tables[1].measures.push_back("positive.homelessness");
             }},
        Case{"ThresholdBelowTen", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_to = 9; }},
        Case{"ThresholdFromTwo", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_from = 2; }},
        Case{"ZerosHidden", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_from = 0; }},
        Case{"BandsNotFromZero", "BAD_AGE_BANDS", [](auto& d) { d.age_band_starts = {18, 65}; }},
        Case{"BandsFalling", "BAD_AGE_BANDS", [](auto& d) { d.age_band_starts = {0, 65, 18}; }}),
    [](const auto& one) { return one.param.name; });

TEST(ReportDefinition, AGoodOneIsAccepted) { EXPECT_TRUE(Validate(Good()).ok()); }

TEST(ReportDefinition, AQuarterAHalfYearAndAYearAreWhole) {
  for (const unsigned month : {1U, 4U, 7U, 10U}) {
    ReportDefinition definition = Good();
    definition.period_start = Day(2025, month, 1);
    definition.period_end = Day(2025, month + 2, month == 1 || month == 10 ? 31 : 30);
    EXPECT_TRUE(Validate(definition).ok()) << month;
  }
  for (const char* measured : {"2025-Q3", "2025-07-01/2025-12-31", "2025-01-01/2025-12-31"}) {
    ReportDefinition definition = Good();
    definition.period_start = Day(2025, 7, 1);
    definition.measure_period = measured;
    EXPECT_TRUE(Validate(definition).ok()) << measured;
  }
}

TEST(ReportDefinition, MeasuresOfNeedsAskForNoMeasurePeriod) {
  ReportDefinition definition = Good();
  definition.measure_period.clear();
  definition.tables = {{"sex",
                        {"screened.snse.food", "closed.food-insecurity.at.harvest.evidence"},
                        {Stratifier::kSex}}};
  EXPECT_TRUE(Validate(definition).ok());
}

TEST(ReportDefinition, AHigherThresholdIsAccepted) {
  ReportDefinition definition = Good();
  definition.suppress_to = 29;
  EXPECT_TRUE(Validate(definition).ok());
}

TEST(ReportDefinition, TheFamilyIsTheSameWhateverItsNameOrOrder) {
  ReportDefinition other = Good();
  other.name = "another";
  other.version = 9;
  other.title = "Other words";
  std::swap(other.tables[0], other.tables[1]);
  EXPECT_EQ(FamilyFingerprint(other), FamilyFingerprint(Good()));
  other.tables[0].measures.push_back("available.race");
  EXPECT_NE(FamilyFingerprint(other), FamilyFingerprint(Good()));
}

}  // namespace
}  // namespace equinode
