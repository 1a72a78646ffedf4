// Quantiles, single intervals, tests and adjustment. The worked cases of the reference folder are
// in tests/domain/equity/golden.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "domain/equity/stats/comparison.h"
#include "domain/equity/stats/multiplicity.h"
#include "domain/equity/stats/nhqdr.h"
#include "domain/equity/stats/proportion.h"
#include "domain/equity/stats/rate.h"
#include "domain/equity/stats/reliability.h"
#include "domain/equity/stats/tails.h"

namespace equinode::equity {
namespace {

using ::testing::DoubleNear;

constexpr MeasureKind kProportion = MeasureKind::kProportion;

CellCounts Exact(std::int64_t x, std::int64_t n) { return {Count::Exact(x), Count::Exact(n)}; }

TEST(Level, IsTheNormalQuantile) {
  EXPECT_DOUBLE_EQ(Level().z(), 1.959963984540054);
  EXPECT_DOUBLE_EQ(Level::Of(0.99)->z(), 2.5758293035489004);
  for (const double wrong : {0.5, 1.0, -1.0, 95.0, std::nan("")}) {
    EXPECT_FALSE(Level::Of(wrong).ok()) << wrong;
  }
  for (const double p : {1e-300, 1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-12}) {
    EXPECT_NEAR(std::erfc(-NormalQuantile(p) / std::sqrt(2.0)) / 2, p, 1e-14 * p + 1e-16) << p;
  }
}

TEST(Tails, KnowTheExactPoissonLimits) {
  // Garwood (1936), as tabled: no event, one, ten.
  EXPECT_NEAR(GammaQuantile(0.975, 1), 3.688879454113936, 1e-12);
  EXPECT_NEAR(GammaQuantile(0.025, 1), 0.025317807984289897, 1e-14);
  EXPECT_NEAR(GammaQuantile(0.025, 10), 4.795389, 1e-6);
  EXPECT_NEAR(GammaQuantile(0.975, 11), 18.390356, 1e-6);
  EXPECT_NEAR(GammaQuantile(0.975, 1e6), 1e6 + 1.959963984540054 * 1e3, 2);
}

TEST(Tails, OfTheUniformAreItself) {
  for (const double p : {0.001, 0.025, 0.5, 0.975}) EXPECT_NEAR(BetaQuantile(p, 1, 1), p, 1e-15);
  EXPECT_NEAR(BetaQuantile(0.3, 2, 1), std::sqrt(0.3), 1e-15);
}

TEST(Rate, AtTheEdgeOfSixtyFourBits) {
  const Figure all =
      RateOf(Exact(INT64_MAX, INT64_MAX), kProportion, IntervalMethod::kClopperPearson, Level());
  EXPECT_EQ(all.value, 1.0);
  EXPECT_EQ(all.interval->upper, 1.0);
  const Figure half =
      RateOf(Exact(INT64_MAX / 2, INT64_MAX), kProportion, IntervalMethod::kJeffreys, Level());
  EXPECT_NEAR(*half.value, 0.5, 1e-15);
  EXPECT_LT(half.interval->upper - half.interval->lower, 1e-8);
}

// Found by chance: a count that rounds up to 2^63 as a double was no number any more.
TEST(Rate, OfAlmostNothingAtTheEdgeHasItsLimitsInOrder) {
  for (const IntervalMethod method :
       {IntervalMethod::kClopperPearson, IntervalMethod::kJeffreys, IntervalMethod::kWilson}) {
    const Figure tiny = RateOf(Exact(22337203685807, INT64_MAX), kProportion, method, Level());
    ASSERT_TRUE(tiny.interval.has_value());
    EXPECT_LE(tiny.interval->lower, *tiny.value);
    EXPECT_GE(tiny.interval->upper, *tiny.value);
  }
}

TEST(Rate, WithoutADenominatorIsNone) {
  const Figure none = RateOf(Exact(0, 0), kProportion, IntervalMethod::kWilson, Level());
  EXPECT_FALSE(none.value || none.interval || none.bounds);
  EXPECT_EQ(none.reason, reason::kNoDenominator);
  const Figure maybe = RateOf({Count::Between(0, 3), Count::Between(0, 10)}, kProportion,
                              IntervalMethod::kWilson, Level());
  EXPECT_FALSE(maybe.value.has_value());
  EXPECT_EQ(maybe.bounds, (Interval{0, 1}));
}

TEST(Rate, ProtectedCountsNeverGiveAPoint) {
  const Figure noised = RateOf({Count::Noised(50, 8 * kMillion), Count::Exact(100)}, kProportion,
                               IntervalMethod::kWilson, Level());
  const Figure exact = RateOf(Exact(50, 100), kProportion, IntervalMethod::kWilson, Level());
  EXPECT_FALSE(noised.value.has_value());
  EXPECT_LT(noised.interval->lower, exact.interval->lower);
  EXPECT_GT(noised.interval->upper, exact.interval->upper);
  const Figure hidden = RateOf({Count::Between(1, 10), Count::Exact(100)}, kProportion,
                               IntervalMethod::kWilson, Level());
  EXPECT_FALSE(hidden.value.has_value());
  EXPECT_EQ(hidden.bounds, (Interval{0.01, 0.1}));
}

TEST(Rate, NoiseWithoutVarianceIsWilsons) {
  for (const std::int64_t x : {0, 1, 40, 99, 100}) {
    // A millionth of a millionth of a person's variance.
    const Figure noised = RateOf({Count::Noised(x, 1), Count::Exact(100)}, kProportion,
                                 IntervalMethod::kWilson, Level());
    const Interval wilson = ProportionInterval(IntervalMethod::kWilson, x, 100, Level());
    EXPECT_NEAR(noised.interval->lower, wilson.lower, 1e-5);
    EXPECT_NEAR(noised.interval->upper, wilson.upper, 1e-5);
  }
}

TEST(Rate, ObservedToExpectedAndMemberMonthsHaveTheirOwnScales) {
  const Figure ratio = RateOf({Count::Exact(10), Count::Exact(8'000'000)},
                              MeasureKind::kObservedExpected, IntervalMethod::kWilson, Level());
  EXPECT_DOUBLE_EQ(*ratio.value, 1.25);
  EXPECT_NEAR(ratio.interval->lower, 4.795389 / 8, 1e-6);
  EXPECT_NEAR(ratio.interval->upper, 18.390356 / 8, 1e-6);
  const Figure visits =
      RateOf(Exact(60, 1200), MeasureKind::kPerMemberMonths, IntervalMethod::kWilson, Level());
  EXPECT_DOUBLE_EQ(*visits.value, 50);
  EXPECT_NEAR(*visits.se, 1000 * std::sqrt(60) / 1200, 1e-12);
  const Figure mean = RateOf({Count::Exact(815'000'000), Count::Exact(10)}, MeasureKind::kMean,
                             IntervalMethod::kWilson, Level());
  EXPECT_DOUBLE_EQ(*mean.value, 81.5);
  EXPECT_FALSE(mean.interval.has_value());
  EXPECT_EQ(mean.reason, reason::kNoSpread);
}

// Whatever the hidden counts are, the rate is in the bounds and its interval in the interval.
RC_GTEST_PROP(Rate, HiddenCountsHoldEveryPossibleOne, ()) {
  const auto n_low = *rc::gen::inRange<std::int64_t>(1, 60);
  const auto n_high = n_low + *rc::gen::inRange<std::int64_t>(0, 12);
  const auto x_low = *rc::gen::inRange<std::int64_t>(0, n_low + 1);
  const auto x_high = std::min(n_high, x_low + *rc::gen::inRange<std::int64_t>(0, 12));
  const auto n = *rc::gen::inRange(n_low, n_high + 1);
  const auto x = *rc::gen::inRange(std::min(x_low, n), std::min(x_high, n) + 1);
  RC_PRE(x >= x_low && x <= n);
  for (std::size_t i = 0; i < kIntervalMethodNames.size(); ++i) {
    const auto method = static_cast<IntervalMethod>(i);
    const Figure hidden = RateOf({Count::Between(x_low, x_high), Count::Between(n_low, n_high)},
                                 kProportion, method, Level());
    const Figure exact = RateOf(Exact(x, n), kProportion, method, Level());
    if (hidden.bounds) {
      RC_ASSERT(hidden.bounds->lower <= *exact.value + 1e-15);
      RC_ASSERT(hidden.bounds->upper >= *exact.value - 1e-15);
    }
    RC_ASSERT(hidden.interval->lower <= exact.interval->lower + 1e-12);
    RC_ASSERT(hidden.interval->upper >= exact.interval->upper - 1e-12);
  }
}

TEST(Comparison, OfExactCountsIsTheTextbooks) {
  const Comparison one = Compare(Exact(120, 400), Exact(260, 600), kProportion, Level());
  const TwoProportions book = CompareProportions({120, 400}, {260, 600}, Level());
  EXPECT_DOUBLE_EQ(*one.difference.value, book.difference);
  EXPECT_NEAR(*one.difference.se, book.wald_se, 1e-15);
  EXPECT_NEAR(one.difference.interval->lower, book.newcombe.lower, 1e-15);
  EXPECT_NEAR(one.ratio.interval->upper, book.katz->upper, 1e-12);
  EXPECT_NEAR(*one.p_value, *book.p_value, 1e-18);
  EXPECT_EQ(one.ncqa_overlap, book.ncqa_overlap);
  EXPECT_FALSE(one.p_is_most);
}

RC_GTEST_PROP(Comparison, TheLargestPOfHiddenCountsIsNeverPassed, ()) {
  const auto n1 = *rc::gen::inRange<std::int64_t>(20, 200);
  const auto n2 = *rc::gen::inRange<std::int64_t>(20, 200);
  const auto low = *rc::gen::inRange<std::int64_t>(0, 10);
  const auto high = low + *rc::gen::inRange<std::int64_t>(1, 10);
  const auto other = *rc::gen::inRange<std::int64_t>(0, n2 + 1);
  const Comparison hidden = Compare({Count::Between(low, high), Count::Exact(n1)}, Exact(other, n2),
                                    kProportion, Level());
  const Comparison exact =
      Compare(Exact(*rc::gen::inRange(low, high + 1), n1), Exact(other, n2), kProportion, Level());
  RC_ASSERT(hidden.p_is_most);
  RC_ASSERT(*hidden.p_value >= exact.p_value.value_or(0) - 1e-12);
  RC_ASSERT(hidden.difference.bounds->lower <= *exact.difference.value + 1e-15);
  RC_ASSERT(hidden.difference.bounds->upper >= *exact.difference.value - 1e-15);
  RC_ASSERT(hidden.difference.interval->lower <= exact.difference.interval->lower + 1e-12);
  RC_ASSERT(hidden.difference.interval->upper >= exact.difference.interval->upper - 1e-12);
}

TEST(BenjaminiHochberg, AdjustsAsPublished) {
  // R: p.adjust(c(.01, .04, .03, .005), "BH").
  const std::vector<std::optional<double>> p = {0.01, std::nullopt, 0.04, 0.03, 0.005};
  const auto adjusted = BenjaminiHochberg(p);
  EXPECT_DOUBLE_EQ(*adjusted[0], 0.02);
  EXPECT_FALSE(adjusted[1].has_value());
  EXPECT_DOUBLE_EQ(*adjusted[2], 0.04);
  EXPECT_DOUBLE_EQ(*adjusted[3], 0.04);
  EXPECT_DOUBLE_EQ(*adjusted[4], 0.02);
  EXPECT_TRUE(BenjaminiHochberg({}).empty());
}

TEST(Nhqdr, TenPercentIsDecidedExactly) {
  // 45 to 50 percent is exactly 10 percent off, which a double of (0.50 - 0.45) / 0.50 misses.
  EXPECT_EQ(NhqdrVerdict({45'000, 100'000}, {50'000, 100'000}, false).verdict, "worse");
  EXPECT_EQ(NhqdrVerdict({55'000, 100'000}, {50'000, 100'000}, false).verdict, "better");
  EXPECT_EQ(NhqdrVerdict({45'001, 100'000}, {50'000, 100'000}, false).verdict, "same");
  EXPECT_EQ(NhqdrVerdict({0, 50}, {0, 50}, false).verdict, "same");
}

TEST(Reliability, IsByDenominatorWidthAndRelativeWidth) {
  EXPECT_EQ(ProportionUnreliable(10, 29), "small_denominator");
  EXPECT_EQ(ProportionUnreliable(15, 30), "wide_interval");
  EXPECT_EQ(ProportionUnreliable(2, 100), "wide_for_its_size");
  EXPECT_EQ(ProportionUnreliable(50, 100), "");
  EXPECT_EQ(ProportionUnreliable(3, 25'000), "");  // Narrower than 0.05.
  EXPECT_EQ(CountUnreliable(9), "small_count");
  EXPECT_EQ(CountUnreliable(100), "");
}

}  // namespace
}  // namespace equinode::equity
