#include "domain/equity/quality/gate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/equity/quality/completeness.h"

namespace equinode::equity {
namespace {

CellCounts CellOf(std::int64_t x, std::int64_t n) { return {Count::Exact(x), Count::Exact(n)}; }

Stratification Of(std::vector<Stratum> strata, std::optional<CellCounts> total = {}) {
  Stratification one;
  one.measure = "COL";
  one.dimension = "race";
  one.better = Better::kHigher;
  one.strata = std::move(strata);
  one.total = total;
  return one;
}

TEST(Completeness, TheThresholdIsExactAndInclusive) {
  EXPECT_EQ(MeetsShare(4, 5, 80, 100), true);
  EXPECT_EQ(MeetsShare(INT64_MAX / 5 * 4 - 1, INT64_MAX / 5 * 5, 80, 100), false);
  EXPECT_EQ(MeetsShare(0, 0, 80, 100), std::nullopt);
}

TEST(DataQuality, TellsGroupsNoAnswersAndPeopleOutsideApart) {
  const auto quality = QualityOf(Of({{"White", 0, CellOf(30, 60)},
                                     {"Black", 0, CellOf(10, 20)},
                                     {"Unknown", 0, CellOf(2, 10)}},
                                    CellOf(45, 100)),
                                 Level());
  ASSERT_TRUE(quality.ok());
  EXPECT_DOUBLE_EQ(*quality->in_groups.value, 0.8);
  EXPECT_DOUBLE_EQ(*quality->no_answer.value, 0.1);
  EXPECT_DOUBLE_EQ(*quality->outside.value, 0.1);
  ASSERT_EQ(quality->groups.size(), 2U);
  // Of Black: all ten unknown; only the eight misses; only the two hits.
  const IfUnknownsBelonged& black = quality->groups[1];
  EXPECT_EQ(black.all, (Interval{12.0 / 30, 12.0 / 30}));
  EXPECT_EQ(black.worst_to_best, (Interval{10.0 / 28, 12.0 / 22}));
}

TEST(DataQuality, WithoutATotalNobodyIsOutside) {
  const auto quality = QualityOf(Of({{"White", 0, CellOf(30, 60)}}), Level());
  ASSERT_TRUE(quality.ok());
  EXPECT_EQ(quality->outside.value, 0.0);
  EXPECT_EQ(quality->in_groups.value, 1.0);
}

TEST(DataQuality, HiddenCountsGiveBoundsAndNoisedNone) {
  const auto hidden = QualityOf(Of({{"White", 0, CellOf(30, 60)},
                                    {"Black", 0, {Count::Between(1, 10), Count::Between(11, 20)}}},
                                   CellOf(45, 100)),
                                Level());
  ASSERT_TRUE(hidden.ok());
  EXPECT_FALSE(hidden->in_groups.value.has_value());
  EXPECT_EQ(hidden->in_groups.bounds, (Interval{0.71, 0.8}));
  EXPECT_EQ(hidden->outside.bounds, (Interval{0.2, 0.29}));
  const auto noised = QualityOf(
      Of({{"White", 0, {Count::Noised(30, kMillion), Count::Exact(60)}}}, CellOf(45, 100)),
      Level());
  ASSERT_TRUE(noised.ok());
  EXPECT_FALSE(noised->groups[0].worst_to_best.has_value());
}

// Any share of the unknowns' hits and misses may be the group's: no rate is outside the extremes.
RC_GTEST_PROP(DataQuality, NoAnswersOfTheUnknownLeaveTheExtremes, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 200);
  const auto x = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const auto unknown = *rc::gen::inRange<std::int64_t>(1, 100);
  const auto hits = *rc::gen::inRange<std::int64_t>(0, unknown + 1);
  const auto quality =
      QualityOf(Of({{"White", 0, CellOf(x, n)}, {"Declined", 0, CellOf(hits, unknown)}}), Level());
  RC_ASSERT(quality.ok());
  const auto a = *rc::gen::inRange<std::int64_t>(0, hits + 1);
  const auto b = *rc::gen::inRange<std::int64_t>(0, unknown - hits + 1);
  const double rate = static_cast<double>(x + a) / static_cast<double>(n + a + b);
  const Interval range = *quality->groups[0].worst_to_best;
  RC_ASSERT(range.lower <= rate + 1e-12);
  RC_ASSERT(range.upper >= rate - 1e-12);
}

}  // namespace
}  // namespace equinode::equity
