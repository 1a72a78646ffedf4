#include "domain/equity/stats/inequality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "domain/equity/stats/change.h"

namespace equinode::equity {
namespace {

constexpr MeasureKind kShare = MeasureKind::kProportion;

struct Group {
  Count x{};
  Count n{};
};

std::vector<GroupCounts> CountsOf(const std::vector<Group>& groups, MeasureKind kind = kShare) {
  std::vector<GroupCounts> counts;
  for (const Group& group : groups) counts.push_back(GroupCountsOf({group.x, group.n}, kind));
  return counts;
}

std::vector<NamedFigure> Measures(const std::vector<Group>& groups,
                                  InequalityOptions options = {}) {
  return InequalityMeasures(CountsOf(groups, options.kind), options);
}

const Figure& Named(const std::vector<NamedFigure>& figures, std::string_view name) {
  const auto found = std::ranges::find(figures, name, &NamedFigure::name);
  EXPECT_NE(found, figures.end()) << name;
  return found->figure;
}

Group ExactGroup(std::int64_t x, std::int64_t n) { return {Count::Exact(x), Count::Exact(n)}; }

TEST(Inequality, OneGroupHasNothingToCompare) {
  const auto one = Measures({ExactGroup(10, 40)});
  EXPECT_EQ(Named(one, "d").reason, reason::kOneGroup);
  EXPECT_EQ(Named(one, "idisp_hdcalc_best_group_pct").reason, reason::kOneGroup);
  EXPECT_EQ(Named(one, "bgv").value, 0.0);
  EXPECT_EQ(Named(one, "weighted_mean").value, 0.25);
}

TEST(Inequality, ZeroRatesHaveNoLogarithmAndAreNotReplacedByASmallNumber) {
  const auto figures = Measures({ExactGroup(0, 40), ExactGroup(20, 40)});
  for (const char* name : {"theil", "mld", "r"}) {
    EXPECT_FALSE(Named(figures, name).value.has_value()) << name;
    EXPECT_EQ(Named(figures, name).reason, reason::kZeroRate) << name;
  }
  EXPECT_DOUBLE_EQ(*Named(figures, "d").value, 0.5);
  EXPECT_FALSE(
      Named(Measures({ExactGroup(0, 40), ExactGroup(0, 30)}), "cov_pct").value.has_value());
}

TEST(Inequality, SaysWhatIsMissing) {
  const auto figures = Measures({ExactGroup(10, 40), ExactGroup(20, 40)});
  EXPECT_EQ(Named(figures, "aci").reason, reason::kNoOrder);
  EXPECT_EQ(Named(figures, "mdru").reason, reason::kNoReference);
  InequalityOptions visits;
  visits.kind = MeasureKind::kPerMemberMonths;
  visits.setting.ordered = true;
  EXPECT_EQ(
      Named(Measures({ExactGroup(10, 40), ExactGroup(20, 40)}, visits), "sii_logistic").reason,
      reason::kNotAProportion);
  EXPECT_EQ(Named(Measures({ExactGroup(10, 40), ExactGroup(0, 0)}), "d").reason,
            reason::kNoDenominator);
}

TEST(Inequality, SeparatedGroupsHaveNoLogisticFit) {
  InequalityOptions options;
  options.setting.ordered = true;
  const auto figures = Measures({ExactGroup(0, 40), ExactGroup(40, 40)}, options);
  EXPECT_EQ(Named(figures, "sii_logistic").reason, reason::kNoFit);
  EXPECT_TRUE(Named(figures, "sii_linear").value.has_value());
}

TEST(Inequality, TheThousandfoldHasAThousandfoldError) {
  const auto figures = Measures({ExactGroup(10, 40), ExactGroup(20, 45), ExactGroup(30, 50)});
  for (const auto& [name, times] : {std::pair{"theil", "theil_x1000"}, {"mld", "mld_x1000"}}) {
    EXPECT_NEAR(*Named(figures, times).se, 1000 * *Named(figures, name).se, 1e-9) << name;
  }
  const double par = *Named(figures, "par").value;
  EXPECT_NEAR(*Named(figures, "paf_pct").value, 100 * par / *Named(figures, "weighted_mean").value,
              1e-12);
}

std::vector<Group> AnyExactGroups(std::int64_t most = 5000) {
  std::vector<Group> groups(*rc::gen::inRange<std::size_t>(2, 7));
  for (Group& group : groups) {
    const auto n = *rc::gen::inRange<std::int64_t>(1, most);
    group = ExactGroup(*rc::gen::inRange<std::int64_t>(0, n + 1), n);
  }
  return groups;
}

bool Near(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::abs(*a - *b) <= 1e-9 * std::max(1.0, std::abs(*a));
}

RC_GTEST_PROP(Inequality, DoesNotDependOnTheOrderOfTheGroups, ()) {
  std::vector<Group> groups = AnyExactGroups();
  InequalityOptions options;
  options.setting.favourable = *rc::gen::arbitrary<bool>();
  const auto before = Measures(groups, options);
  std::reverse(groups.begin(), groups.end());
  const auto after = Measures(groups, options);
  for (std::size_t i = 0; i < before.size(); ++i) {
    RC_ASSERT(Near(before[i].figure.value, after[i].figure.value));
  }
}

RC_GTEST_PROP(Inequality, ScalingAllCountsChangesNoFigureAndNarrowsEveryInterval, ()) {
  std::vector<Group> groups = AnyExactGroups();
  InequalityOptions options;
  options.setting.ordered = *rc::gen::arbitrary<bool>();
  const auto before = Measures(groups, options);
  for (Group& group : groups) group = ExactGroup(100 * group.x.lower, 100 * group.n.lower);
  const auto after = Measures(groups, options);
  for (std::size_t i = 0; i < before.size(); ++i) {
    RC_ASSERT(Near(before[i].figure.value, after[i].figure.value));
    if (before[i].figure.se && after[i].figure.se) {
      RC_ASSERT(*after[i].figure.se <= *before[i].figure.se * 0.1000001 + 1e-9);
    }
  }
}

// What hidden counts allow is inside: for random bounds and random counts within them, every figure
// of the exact counts lies in the bounds, and its interval in the interval.
RC_GTEST_PROP(Inequality, HiddenCountsHoldEveryPossibleFigure, ()) {
  std::vector<Group> exact(*rc::gen::inRange<std::size_t>(2, 6));
  std::vector<Group> hidden;
  for (Group& group : exact) {
    const auto n = *rc::gen::inRange<std::int64_t>(12, 400);
    const auto x = *rc::gen::inRange<std::int64_t>(1, n + 1);
    group = ExactGroup(x, n);
    Group& known = hidden.emplace_back(group);
    const int how = *rc::gen::inRange(0, 3);
    const auto below = *rc::gen::inRange<std::int64_t>(0, 10);
    const auto above = *rc::gen::inRange<std::int64_t>(0, 10);
    if (how >= 1) {
      known.x = Count::Between(std::max<std::int64_t>(1, x - below), std::min(n, x + above));
    }
    if (how == 2) known.n = Count::Between(std::max(known.x.lower, n - below), n + above);
  }
  InequalityOptions options;
  options.most_boxes = 40;
  options.setting.ordered = *rc::gen::arbitrary<bool>();
  options.setting.favourable = *rc::gen::arbitrary<bool>();
  options.setting.reference = 0;
  const auto truth = Measures(exact, options);
  const auto known = Measures(hidden, options);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const Figure& a = truth[i].figure;
    const Figure& b = known[i].figure;
    if (!a.value || (!b.bounds && !b.value)) continue;
    const double slack = 1e-9 * std::max(1.0, std::abs(*a.value));
    if (b.bounds) {
      RC_ASSERT(!b.value.has_value());
      RC_ASSERT(b.bounds->lower <= *a.value + slack);
      RC_ASSERT(b.bounds->upper >= *a.value - slack);
    }
    if (b.interval && a.interval) {
      RC_LOG() << truth[i].name << "\n";
      RC_ASSERT(b.interval->lower <= a.interval->lower + slack);
      RC_ASSERT(b.interval->upper >= a.interval->upper - slack);
    }
  }
}

TEST(Inequality, MoreBoxesNarrowTheBounds) {
  const std::vector<Group> groups = {{Count::Between(1, 10), Count::Exact(40)},
                                     {Count::Between(20, 40), Count::Exact(60)},
                                     ExactGroup(50, 100)};
  InequalityOptions few;
  few.most_boxes = 2;
  InequalityOptions many;
  many.most_boxes = 4000;
  for (const char* name : {"bgv", "theil", "mdmw", "d"}) {
    const Interval wide = *Named(Measures(groups, few), name).bounds;
    const Interval tight = *Named(Measures(groups, many), name).bounds;
    EXPECT_LE(wide.lower, tight.lower + 1e-12) << name;
    EXPECT_GE(wide.upper, tight.upper - 1e-12) << name;
  }
  // Of the difference the true bounds: 1/2 or 40/60 at most above 1/40, 20/60 or 1/2 above 1/4.
  const Interval d = *Named(Measures(groups, many), "d").bounds;
  EXPECT_NEAR(d.upper, 40.0 / 60 - 1.0 / 40, 1e-9);
  EXPECT_NEAR(d.lower, 1.0 / 2 - 1.0 / 4, 1e-9);
}

TEST(Inequality, NoiseWidensEveryInterval) {
  const std::vector<Group> exact = {ExactGroup(40, 200), ExactGroup(90, 300), ExactGroup(120, 250)};
  std::vector<Group> noised = exact;
  for (Group& group : noised) group.x.noise_variance = 50 * kMillion;
  InequalityOptions options;
  options.setting.ordered = true;
  options.setting.reference = 2;
  const auto before = Measures(exact, options);
  const auto after = Measures(noised, options);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!before[i].figure.interval) continue;
    ASSERT_TRUE(after[i].figure.interval.has_value()) << before[i].name;
    EXPECT_FALSE(after[i].figure.value.has_value()) << before[i].name;
    EXPECT_GT(after[i].figure.interval->upper - after[i].figure.interval->lower,
              before[i].figure.interval->upper - before[i].figure.interval->lower)
        << before[i].name;
  }
}

TEST(Change, IsTheDifferenceOfGapsAndTheRatioOfRatios) {
  const auto counts = [](std::int64_t x, std::int64_t n) {
    return CellCounts{Count::Exact(x), Count::Exact(n)};
  };
  const ChangeOfGap change = Change(
      {counts(120, 400), counts(300, 600), counts(200, 500), counts(330, 600)}, kShare, Level());
  EXPECT_DOUBLE_EQ(*change.gap_before.value, 0.2);
  EXPECT_NEAR(*change.gap_after.value, 0.15, 1e-15);
  EXPECT_NEAR(*change.difference_in_differences.value, -0.05, 1e-15);
  const double variance = 0.3 * 0.7 / 400 + 0.5 * 0.5 / 600 + 0.4 * 0.6 / 500 + 0.55 * 0.45 / 600;
  EXPECT_NEAR(*change.difference_in_differences.se, std::sqrt(variance), 1e-15);
  EXPECT_NEAR(*change.ratio_of_ratios.value, (0.4 / 0.55) / (0.3 / 0.5), 1e-12);
  const double logs = 0.7 / 120 + 0.5 / 300 + 0.6 / 200 + 0.45 / 330;
  EXPECT_NEAR(*change.ratio_of_ratios.se, std::sqrt(logs), 1e-12);
  EXPECT_TRUE(change.ratio_of_ratios.log_se);
  const ChangeOfGap none =
      Change({counts(0, 0), counts(300, 600), counts(200, 500), counts(330, 600)}, kShare, Level());
  EXPECT_EQ(none.difference_in_differences.reason, reason::kNoDenominator);
}

}  // namespace
}  // namespace equinode::equity
