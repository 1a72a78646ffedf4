#include "domain/equity/counts/pool.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace equinode::equity {
namespace {

constexpr std::uint32_t kSeries = 5;

Count AnyCount() {
  const auto lower = *rc::gen::inRange<std::int64_t>(-1000, 1'000'000'000'000);
  if (*rc::gen::arbitrary<bool>()) {
    return Count::Between(lower, lower + *rc::gen::inRange<std::int64_t>(0, 20));
  }
  return Count::Noised(lower, *rc::gen::inRange<std::int64_t>(0, 400'000'000));
}

std::vector<Cell> AnyCells() {
  std::vector<Cell> cells(*rc::gen::inRange<std::size_t>(0, 40));
  std::uint32_t organisation = 0;
  for (Cell& cell : cells) {
    cell = {*rc::gen::inRange<std::uint32_t>(0, kSeries), organisation++, {AnyCount(), AnyCount()}};
  }
  return cells;
}

Pool PoolOf(std::span<const Cell> cells) {
  Pool pool(kSeries);
  RC_ASSERT(pool.Add(cells).ok());
  return pool;
}

RC_GTEST_PROP(Pooling, IsAssociativeAndPartsMakeTheWhole, ()) {
  const std::vector<Cell> cells = AnyCells();
  const std::size_t a = *rc::gen::inRange<std::size_t>(0, cells.size() + 1);
  const std::size_t b = *rc::gen::inRange<std::size_t>(a, cells.size() + 1);
  const std::span<const Cell> all(cells);
  const Pool whole = PoolOf(all);
  Pool left = PoolOf(all.first(a));
  RC_ASSERT(left.Merge(PoolOf(all.subspan(a, b - a))).ok());
  RC_ASSERT(left.Merge(PoolOf(all.subspan(b))).ok());
  Pool right = PoolOf(all.subspan(a, b - a));
  RC_ASSERT(right.Merge(PoolOf(all.subspan(b))).ok());
  Pool first = PoolOf(all.first(a));
  RC_ASSERT(first.Merge(right).ok());
  RC_ASSERT(left == whole);
  RC_ASSERT(first == whole);
}

RC_GTEST_PROP(Pooling, DoesNotDependOnTheOrder, ()) {
  std::vector<Cell> cells = AnyCells();
  const Pool before = PoolOf(cells);
  std::reverse(cells.begin(), cells.end());
  RC_ASSERT(PoolOf(cells) == before);
}

TEST(Pooling, AddsCountsAndNeverAveragesRates) {
  // 5 of 10 and 0 of 90: a mean of rates would say 25 percent.
  const std::vector<Cell> cells = {{0, 0, {Count::Exact(5), Count::Exact(10)}},
                                   {0, 1, {Count::Exact(0), Count::Exact(90)}}};
  Pool pool(1);
  ASSERT_TRUE(pool.Add(cells).ok());
  EXPECT_EQ(pool.sum(0), (CellCounts{Count::Exact(5), Count::Exact(100)}));
  EXPECT_EQ(pool.organisations(0), 2U);
}

TEST(Pooling, ReachesTheEdgeOfSixtyFourBitsAndTellsWhenItIsPassed) {
  Pool pool(1);
  ASSERT_TRUE(
      pool.Add(std::vector<Cell>{{0, 0, {Count::Exact(INT64_MAX - 1), Count::Exact(INT64_MAX)}}})
          .ok());
  ASSERT_TRUE(pool.Add(std::vector<Cell>{{0, 1, {Count::Exact(1), Count::Exact(0)}}}).ok());
  EXPECT_EQ(pool.sum(0).numerator, Count::Exact(INT64_MAX));
  const Status over = pool.Add(std::vector<Cell>{{0, 2, {Count::Exact(0), Count::Exact(1)}}});
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().reason, "COUNT_TOO_LARGE");
}

TEST(Pooling, TablesKeepTheirFramesApart) {
  CountTable table;
  table.organisations = {"p1", "p2"};
  table.series.push_back({"COL", "2024", "omb_1997", "race", "White"});
  table.series.push_back({"COL", "2024", "omb_2024", "race", "White"});
  table.cells = {{0, 0, {Count::Exact(1), Count::Exact(2)}},
                 {1, 1, {Count::Exact(3), Count::Exact(4)}}};
  const auto pooled = PoolOrganisations(table);
  ASSERT_TRUE(pooled.ok());
  EXPECT_EQ(pooled->organisations, std::vector<std::string>{""});
  ASSERT_EQ(pooled->cells.size(), 2U);
  EXPECT_EQ(pooled->cells[0].counts, (CellCounts{Count::Exact(1), Count::Exact(2)}));
  EXPECT_EQ(pooled->cells[1].counts, (CellCounts{Count::Exact(3), Count::Exact(4)}));
}

}  // namespace
}  // namespace equinode::equity
