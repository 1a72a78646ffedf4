#include "domain/needs/measures/day_bins.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace equinode {
namespace {

TEST(DayBins, EachDayIsInOneAndTheyFollowEachOther) {
  const auto bins = DayBins();
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    EXPECT_EQ(bins[i].from, next);
    EXPECT_EQ(BinOfDays(bins[i].from), i);
    EXPECT_EQ(BinNamed(bins[i].word), i);
    if (!bins[i].to) {
      EXPECT_EQ(i + 1, bins.size());
      EXPECT_EQ(BinOfDays(100'000), i);
      break;
    }
    EXPECT_EQ(BinOfDays(*bins[i].to), i);
    next = *bins[i].to + 1;
  }
  EXPECT_FALSE(BinNamed("d4"));
}

std::vector<BinCount> Exact(const std::vector<std::uint64_t>& counts) {
  std::vector<BinCount> bins;
  for (const std::uint64_t count : counts) bins.push_back({count, count});
  return bins;
}

TEST(DayBins, NobodyHasNoMedian) { EXPECT_FALSE(MedianOf(Exact({0, 0, 0, 0, 0, 0, 0, 0, 0}))); }

TEST(DayBins, WhatIsHiddenWidensIt) {
  auto bins = Exact({0, 40, 0, 0, 30, 0, 0, 0, 0});
  EXPECT_EQ(MedianOf(bins), (MedianBin{1, 1}));
  bins[5] = {1, 9};
  EXPECT_EQ(MedianOf(bins), (MedianBin{1, 1})) << "40 of at most 79 are more than half";
  bins[5] = {1, 20};
  EXPECT_EQ(MedianOf(bins), (MedianBin{1, 4}));
  bins[0] = {1, std::nullopt};
  EXPECT_EQ(MedianOf(bins), (MedianBin{0, 4}));
}

RC_GTEST_PROP(DayBins, TheMedianIsTheLowerOneOfThePeople, ()) {
  const auto days =
      *rc::gen::suchThat(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0u, 90u)),
                         [](const auto& all) { return !all.empty(); });
  std::vector<std::uint64_t> counts(DayBins().size());
  for (const std::uint32_t day : days) ++counts[BinOfDays(day)];
  auto sorted = days;
  std::ranges::sort(sorted);
  const std::size_t bin = BinOfDays(sorted[(sorted.size() - 1) / 2]);
  RC_ASSERT(MedianOf(Exact(counts)) == (MedianBin{bin, bin}));
}

RC_GTEST_PROP(DayBins, TheTrueMedianIsNeverOutsideOfWhatIsSaid, ()) {
  std::vector<BinCount> bins;
  std::vector<std::uint64_t> truth;
  for (std::size_t i = 0; i < DayBins().size(); ++i) {
    const auto count = *rc::gen::inRange<std::uint64_t>(0, 30);
    const auto below = *rc::gen::inRange<std::uint64_t>(0, count + 1);
    const auto above = *rc::gen::inRange<std::uint64_t>(0, 20);
    const bool open = *rc::gen::inRange(0, 8) == 0;
    truth.push_back(count);
    bins.push_back({count - below, open ? std::nullopt : std::optional(count + above)});
  }
  const bool whole = *rc::gen::arbitrary<bool>();
  const auto exact = MedianOf(Exact(truth));
  const auto said = MedianOf(
      bins, whole ? std::optional(std::accumulate(truth.begin(), truth.end(), std::uint64_t{0}))
                  : std::nullopt);
  if (!said) return;  // Nobody is known for sure.
  RC_ASSERT(exact.has_value());
  RC_ASSERT(said->first <= exact->first);
  RC_ASSERT(exact->last <= said->last);
}

}  // namespace
}  // namespace equinode
