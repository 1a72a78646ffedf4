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

}  // namespace
}  // namespace equinode
