#include "domain/report/definition.h"

#include <gtest/gtest.h>

#include <functional>

namespace equinode {
namespace {

using std::chrono::sys_days;

sys_days DayOf(int year, unsigned month, unsigned day) {
  return sys_days{std::chrono::year{year} / month / day};
}

ReportDefinition GoodDefinition() {
  ReportDefinition definition;
  definition.name = "equity-2025";
  definition.payer = "spiffe://net/payer/plan";
  definition.period_start = DayOf(2025, 1, 1);
  definition.period_end = DayOf(2025, 12, 31);
  definition.measure_period = "2025";
  definition.tables = {
      {"race", {"population", "available.race", "CMS122"}, {Stratifier::kRaceOmb1997}},
      {"county", {"population"}, {Stratifier::kCounty}}};
  return definition;
}

struct Spoilt {
  const char* name;
  const char* reason;
  std::function<void(ReportDefinition&)> spoil;
};

class RefusesDefinition : public ::testing::TestWithParam<Spoilt> {};

TEST_P(RefusesDefinition, WithItsReason) {
  ReportDefinition definition = GoodDefinition();
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
        Spoilt{"NameWithASpace", "BAD_NAME", [](auto& d) { d.name = "equity 2025"; }},
        Spoilt{"NoName", "BAD_NAME", [](auto& d) { d.name.clear(); }},
        Spoilt{"VersionZero", "BAD_VERSION", [](auto& d) { d.version = 0; }},
        Spoilt{"PayerIsAPractice", "BAD_PAYER", [](auto& d) { d.payer = "spiffe://net/practice/a"; }},
        Spoilt{"PayerIsAnOperator", "BAD_PAYER",
             [](auto& d) { d.payer = "spiffe://net/payer/plan/operator/jo"; }},
        Spoilt{"EndsBeforeItBegins", "BAD_PERIOD", [](auto& d) { d.period_end = DayOf(2024, 1, 1); }},
        Spoilt{"BeforeAllRecords", "BAD_PERIOD", [](auto& d) { d.period_start = DayOf(1849, 1, 1); }},
        Spoilt{"TwoYears", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = DayOf(2024, 1, 1); }},
        Spoilt{"OneDay", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = d.period_end; }},
        Spoilt{"OneMonth", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_start = DayOf(2025, 12, 1); }},
        Spoilt{"ADayLess", "PERIOD_NOT_WHOLE", [](auto& d) { d.period_end = DayOf(2025, 12, 30); }},
        Spoilt{"AYearFromJuly", "PERIOD_NOT_WHOLE",
             [](auto& d) {
               d.period_start = DayOf(2024, 7, 1);
               d.period_end = DayOf(2025, 6, 30);
             }},
        Spoilt{"ThreeQuarters", "PERIOD_NOT_WHOLE",
             [](auto& d) { d.period_start = DayOf(2025, 4, 1); }},
        Spoilt{"MeasuresOfAMonth", "PERIOD_NOT_WHOLE", [](auto& d) { d.measure_period = "2025-03"; }},
        Spoilt{"MeasuresOfADay", "PERIOD_NOT_WHOLE",
             [](auto& d) { d.measure_period = "2025-01-01/2025-01-01"; }},
        Spoilt{"MeasurePeriodOfNoShape", "BAD_PERIOD", [](auto& d) { d.measure_period = "///"; }},
        Spoilt{"NoMeasurePeriod", "MEASURE_PERIOD_MISSING",
             [](auto& d) { d.measure_period.clear(); }},
        Spoilt{"TitleOfTwoLines", "BAD_TITLE", [](auto& d) { d.title = "a\nb"; }},
        Spoilt{"NoTables", "NO_TABLES", [](auto& d) { d.tables.clear(); }},
        Spoilt{"TooManyTables", "TOO_MANY_TABLES",
             [](auto& d) { d.tables.resize(65, d.tables.front()); }},
        Spoilt{"BadTableId", "BAD_TABLE_ID", [](auto& d) { First(d).id = "Race"; }},
        Spoilt{"SameTableId", "TABLE_ID_TWICE", [](auto& d) { d.tables[1].id = "race"; }},
        Spoilt{"TwoWays", "TOO_MANY_WAYS",
             [](auto& d) { First(d).stratifiers.push_back(Stratifier::kSex); }},
        Spoilt{"NoWay", "NO_STRATIFIER", [](auto& d) { First(d).stratifiers.clear(); }},
        Spoilt{"NoMeasures", "NO_MEASURES", [](auto& d) { First(d).measures.clear(); }},
        Spoilt{"TooManyMeasures", "TOO_MANY_MEASURES",
             [](auto& d) { First(d).measures.assign(65, "M"); }},
        Spoilt{"MisspeltBuiltIn", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("available.races"); }},
        Spoilt{"MeasureWithASpace", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("CMS 122"); }},
        Spoilt{"SameMeasureTwice", "TABLE_TWICE",
             [](auto& d) { First(d).measures.push_back("population"); }},
        Spoilt{"SameTableUnderAnotherId", "TABLE_TWICE",
             [](auto& d) {
               d.tables.push_back({"race2", {"population"}, {Stratifier::kRaceOmb1997}});
             }},
        Spoilt{"TwoRaceFrames", "RACE_FRAMES_MIXED",
             [](auto& d) {
               d.tables.push_back({"r24", {"population"}, {Stratifier::kRaceEthnicityOmb2024}});
             }},
        Spoilt{"TwoGeographies", "GEOGRAPHIES_MIXED",
             [](auto& d) {
               d.tables.push_back({"zip3", {"population"}, {Stratifier::kZip3}});
             }},
        Spoilt{"NeedOfNoDomain", "UNKNOWN_MEASURE",
             [](auto& d) { First(d).measures.push_back("positive.hunger"); }},
        Spoilt{"SnsOfHalfAYear", "NOT_A_YEAR",
             [](auto& d) {
               d.period_end = DayOf(2025, 6, 30);
               First(d).measures.push_back("screened.snse.food");
             }},
        Spoilt{"SnsHousingBesideOneOfItsDomains", "HOUSING_MIXED",
             [](auto& d) {
               First(d).measures.push_back("intervened.snse.housing");
               d.tables[1].measures.push_back("positive.homelessness");
             }},
        Spoilt{"ThresholdBelowTen", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_to = 9; }},
        Spoilt{"ThresholdFromTwo", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_from = 2; }},
        Spoilt{"ZerosHidden", "THRESHOLD_TOO_LOW", [](auto& d) { d.suppress_from = 0; }},
        Spoilt{"BandsNotFromZero", "BAD_AGE_BANDS", [](auto& d) { d.age_band_starts = {18, 65}; }},
        Spoilt{"BandsFalling", "BAD_AGE_BANDS", [](auto& d) { d.age_band_starts = {0, 65, 18}; }}),
    [](const auto& one) { return one.param.name; });

TEST(ReportDefinition, AGoodOneIsAccepted) { EXPECT_TRUE(Validate(GoodDefinition()).ok()); }

TEST(ReportDefinition, AQuarterAHalfYearAndAYearAreWhole) {
  for (const unsigned month : {1U, 4U, 7U, 10U}) {
    ReportDefinition definition = GoodDefinition();
    definition.period_start = DayOf(2025, month, 1);
    definition.period_end = DayOf(2025, month + 2, month == 1 || month == 10 ? 31 : 30);
    EXPECT_TRUE(Validate(definition).ok()) << month;
  }
  for (const char* measured : {"2025-Q3", "2025-07-01/2025-12-31", "2025-01-01/2025-12-31"}) {
    ReportDefinition definition = GoodDefinition();
    definition.period_start = DayOf(2025, 7, 1);
    definition.measure_period = measured;
    EXPECT_TRUE(Validate(definition).ok()) << measured;
  }
}

TEST(ReportDefinition, MeasuresOfNeedsAskForNoMeasurePeriod) {
  ReportDefinition definition = GoodDefinition();
  definition.measure_period.clear();
  definition.tables = {{"sex",
                        {"screened.snse.food", "closed.food-insecurity.at.harvest.evidence"},
                        {Stratifier::kSex}}};
  EXPECT_TRUE(Validate(definition).ok());
}

TEST(ReportDefinition, AHigherThresholdIsAccepted) {
  ReportDefinition definition = GoodDefinition();
  definition.suppress_to = 29;
  EXPECT_TRUE(Validate(definition).ok());
}

TEST(ReportDefinition, TheFamilyIsTheSameWhateverItsNameOrOrder) {
  ReportDefinition other = GoodDefinition();
  other.name = "another";
  other.version = 9;
  other.title = "Other words";
  std::swap(other.tables[0], other.tables[1]);
  EXPECT_EQ(FamilyFingerprint(other), FamilyFingerprint(GoodDefinition()));
  other.tables[0].measures.push_back("available.race");
  EXPECT_NE(FamilyFingerprint(other), FamilyFingerprint(GoodDefinition()));
}

}  // namespace
}  // namespace equinode
