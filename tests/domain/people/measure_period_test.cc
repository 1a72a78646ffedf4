#include "domain/people/measure_period.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(MeasurePeriod, IsAYearAQuarterAMonthOrASpan) {
  for (const std::string_view good :
       {"2025", "0001", "2025-Q1", "2025-Q4", "2025-03", "2025-12", "2025-01-01/2025-12-31",
        "2025-01-01/2025-01-01", "2024-02-29/2024-03-01"}) {
    EXPECT_TRUE(IsMeasurePeriod(good)) << good;
  }
  for (const std::string_view bad : {"",
                                     "25",
                                     "0000",
                                     "2025-Q0",
                                     "2025-Q5",
                                     "0000-Q1",
                                     "2025-13",
                                     "2025-00",
                                     "2025-03-01",
                                     "2025-12-31/2025-01-01",
                                     "2025-02-30/2025-03-01",
                                     "2025/2026",
                                     "202a-Q1",
                                     "///",
                                     "----",
                                     "2025/03",
                                     "2025Q1",
                                     "2025-q1",
                                     "2025-01-01-2025-12-31",
                                     "2025-01/2025-12",
                                     "2025-01-01/",
                                     "+025",
                                     "2025-1-",
                                     "2025-01-01/2025-1-031",
                                     " 2025"}) {
    EXPECT_FALSE(IsMeasurePeriod(bad)) << bad;
  }
}

TEST(MeasurePeriod, HasItsDays) {
  const auto day = [](int year, unsigned month, unsigned of) {
    return std::chrono::sys_days{std::chrono::year{year} / month / of};
  };
  EXPECT_EQ(*DaysOfMeasurePeriod("2025"), (CalendarDays{day(2025, 1, 1), day(2025, 12, 31)}));
  EXPECT_EQ(*DaysOfMeasurePeriod("2024-02"), (CalendarDays{day(2024, 2, 1), day(2024, 2, 29)}));
  EXPECT_EQ(*DaysOfMeasurePeriod("2025-Q4"), (CalendarDays{day(2025, 10, 1), day(2025, 12, 31)}));
  EXPECT_EQ(*DaysOfMeasurePeriod("2025-03-05/2026-01-02"),
            (CalendarDays{day(2025, 3, 5), day(2026, 1, 2)}));
  EXPECT_EQ(DaysOfMeasurePeriod("2025-Q5"), std::nullopt);
}

TEST(MeasurePeriod, OverlapsWhereADayIsInBoth) {
  const auto overlap = [](const char* one, const char* other) {
    return Overlap(*DaysOfMeasurePeriod(one), *DaysOfMeasurePeriod(other));
  };
  EXPECT_TRUE(overlap("2025", "2025-Q4"));
  EXPECT_TRUE(overlap("2025-Q4", "2025"));
  EXPECT_TRUE(overlap("2025-Q4", "2025-12-31/2026-12-30"));
  EXPECT_FALSE(overlap("2025-Q4", "2026"));
  EXPECT_FALSE(overlap("2025-Q2", "2025-Q1"));
}

}  // namespace
}  // namespace equinode
