#include "client/report/medians.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "client/report/labels.h"
#include "client/report/release_table.h"
#include "domain/needs/measures/day_bins.h"
#include "tests/client/report/sample_release.h"

namespace equinode {
namespace {

// So many closed loops in each bin; -1 = hidden by one node, the others 0: then of 100 in all.
v1::Release Closed(const std::vector<int>& bins) {
  v1::Release release;
  std::uint64_t all = 0;
  for (const int bin : bins) all += bin > 0 ? static_cast<std::uint64_t>(bin) : 0;
  if (std::ranges::find(bins, -1) != bins.end()) all = 100;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    v1::PooledTable& table = *release.add_tables();
    table.set_table_id("sex");
    table.set_stratifier(v1::STRATIFIER_SEX);
    table.set_measure("closed.food-insecurity.at.harvest." + std::string(DayBins()[i].word));
    v1::PooledCell& cell = testing::AddCell(table, "");
    testing::SetShown(cell.mutable_denominator(), all);
    if (bins[i] < 0) {
      testing::SetHidden(cell.mutable_numerator(), 1, 0);
    } else {
      testing::SetShown(cell.mutable_numerator(), static_cast<std::uint64_t>(bins[i]));
    }
  }
  return release;
}

TEST(Medians, AreReadFromAWholeHistogram) {
  const auto tables = MediansOf(Closed({0, 10, 30, 40, 20, 0, 0, 0, 0}));
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].label, "Median days to close the loop, Food Insecurity at harvest");
  ASSERT_EQ(tables[0].rows.size(), 1u);
  EXPECT_EQ(tables[0].rows[0].median, "3 to 4 days");
  EXPECT_NE(ReleaseTable(Closed({0, 10, 30, 40, 20, 0, 0, 0, 0}), "").find("3 to 4 days"),
            std::string::npos);
}

TEST(Medians, HiddenCountsWidenThem) {
  const auto tables = MediansOf(Closed({0, 45, 0, -1, -1, 0, 0, 0, 0}));
  ASSERT_EQ(tables[0].rows.size(), 1u);
  EXPECT_EQ(tables[0].rows[0].median, "3 to 4 days up to 5 to 7 days");
  EXPECT_EQ(MediansOf(Closed({0, 51, 0, -1, -1, 0, 0, 0, 0}))[0].rows[0].median, "1 day");
}

TEST(Medians, ThereIsNoneWithoutAllBinsOrWithoutAnybody) {
  EXPECT_TRUE(MediansOf(Closed({0, 10, 30, 40, 20, 0, 0, 0})).empty());
  EXPECT_TRUE(MediansOf(testing::SampleRelease()).empty());
  EXPECT_TRUE(MediansOf(Closed({0, 0, 0, 0, 0, 0, 0, 0, 0}))[0].rows.empty());
}

TEST(Medians, EveryMeasureOfNeedsHasWords) {
  for (const char* name :
       {"screened.stress", "screened.stress.unable", "screened.snse.food", "positive.stress",
        "intervened.snse.food", "coded.stress", "referred.stress", "accepted.stress",
        "accepted.stress.d0", "closed.stress", "closed.stress.lost", "closed.stress.d61"}) {
    EXPECT_NE(MeasureLabel(name), name);
    EXPECT_FALSE(MeaningOf(name).numerator.empty());
  }
  EXPECT_EQ(MeasureLabel("closed.stress.at.harvest.lost"),
            "Loop closed: lost: nobody answered in time, Stress at harvest");
}

}  // namespace
}  // namespace equinode
