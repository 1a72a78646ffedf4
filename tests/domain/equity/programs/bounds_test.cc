// Protected counts through every programme: what is printed holds whatever was hidden, and no
// figure is a point where it could have been another.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/programme_text.h"
#include "domain/equity/programs/score.h"
#include "tests/domain/equity/programs/brought.h"

namespace equinode::equity::programs {
namespace {

constexpr std::string_view kSmallOfBounds = R"(id small
name A small one
version 1
source a test
kind computed
period current
any-measure
figure pct group percent = value.current -- rate
bands tier group points of pct -- tiers
  step 0
  step 1 >= 50
  step 2 > 75
figure has_rate group truth = known(pct) -- counts
figure total measure points = sum(tier) -- together
figure groups measure count = number(has_rate) -- with a rate
figure mean_pct measure percent = mean(pct) -- simple
figure far measure percent = if(mean_pct > 50, mean_pct - 50, 50 - mean_pct) -- a bend inside
figure placed group count = place(rate.current) -- from the lowest
figure best measure truth = any(tier == 2) -- one is best
figure fallback group percent = or_else(pct, 0) -- nothing is nothing
)";

struct Told {
  std::optional<Value> low{};
  std::optional<Value> high{};
  std::string reason{};
};

Told FigureOf(const Score& score, std::string_view group, std::string_view figure) {
  for (const ScoreRow& row : score.rows) {
    if (row.group.group != group || (row.level == Level::kGroup) != !group.empty()) continue;
    for (const ScoreRow::Shown& shown : row.figures) {
      if (shown.figure->name != figure) continue;
      if (!shown.value.known()) return {{}, {}, shown.value.reason};
      return {shown.value, shown.upper ? *shown.upper : shown.value, {}};
    }
  }
  return {{}, {}, "no such figure"};
}

std::string TextOf(const Told& told) {
  if (!told.low) return told.reason;
  return Text(*told.low, Unit::kNumber) + ".." + Text(*told.high, Unit::kNumber);
}

Evidence Groups(const std::vector<std::tuple<std::string, Count, Count>>& groups) {
  Evidence evidence;
  evidence.measures["M"].better = Better::kHigher;
  for (const auto& [name, num, den] : groups) {
    evidence.standings[KeyOf("M", "current", name)] = {CellCounts{num, den}, {}};
  }
  return evidence;
}

// Before, a hidden group was left out of sums and counts, and what was left was printed as a point.
TEST(Bounds, AHiddenGroupBesideAnExactOneIsNotLeftOut) {
  const Programme programme = ParseProgramme(kSmallOfBounds).value();
  const Score score = ScoreProgramme(programme,
                                     Groups({{"A", Count::Exact(60), Count::Exact(100)},
                                             {"B", Count::Between(1, 10), Count::Exact(12)}}),
                                     {})
                          .value();
  EXPECT_EQ(TextOf(FigureOf(score, "", "total")), "1.0000..3.0000");
  EXPECT_EQ(TextOf(FigureOf(score, "", "groups")), "2.0000..2.0000");
  EXPECT_EQ(TextOf(FigureOf(score, "", "mean_pct")), "34.1667..71.6667");
  EXPECT_EQ(TextOf(FigureOf(score, "A", "placed")), "1.0000..2.0000");
  EXPECT_EQ(TextOf(FigureOf(score, "", "best")), "no..yes");
  EXPECT_EQ(TextOf(FigureOf(score, "B", "fallback")), "8.3333..83.3333");
}

// Between the ends the figure bends: trying the ends alone gave 25..25.
TEST(Bounds, SeeWhatLiesBetweenTheEnds) {
  const Programme programme = ParseProgramme(kSmallOfBounds).value();
  const Score score =
      ScoreProgramme(programme,
                     Groups({{"A", Count::Between(250'000, 750'000), Count::Exact(1'000'000)}}), {})
          .value();
  const Told far = FigureOf(score, "", "far");
  ASSERT_TRUE(far.low);
  EXPECT_LT(far.low->number, Rational(1));
  EXPECT_GE(far.high->number, Rational(25));
  EXPECT_LT(far.high->number, Rational(26));
}

TEST(Bounds, AHiddenDenominatorThatMayBeNobodyIsOneOfThePossible) {
  const Programme programme = ParseProgramme(kSmallOfBounds).value();
  const auto score_of = [&](std::int64_t most) {
    return ScoreProgramme(programme,
                          Groups({{"A", Count::Exact(0), Count::Between(0, most)},
                                  {"B", Count::Exact(6), Count::Exact(10)}}),
                          {})
        .value();
  };
  const Score few = score_of(10);
  EXPECT_EQ(TextOf(FigureOf(few, "", "groups")), "1.0000..2.0000");
  EXPECT_EQ(TextOf(FigureOf(few, "", "mean_pct")), "30.0000..60.0000");
  EXPECT_EQ(TextOf(FigureOf(few, "A", "pct")), "suppressed");
  // Too many to try them all: the parts close in on the same.
  const Score many = score_of(100'000);
  EXPECT_EQ(TextOf(FigureOf(many, "", "groups")), "1.0000..2.0000");
  EXPECT_EQ(TextOf(FigureOf(many, "", "mean_pct")), "30.0000..60.0000");
  EXPECT_EQ(TextOf(FigureOf(many, "A", "pct")), "suppressed");
}

std::string Fault(const ScoreRow::Shown& hidden, const Value& truth) {
  const Value& low = hidden.value;
  if (!low.known()) {
    if (low.suppressed() || (!truth.known() && truth.reason == low.reason)) return "";
    return "says " + low.reason;
  }
  if (!truth.known()) return "has a value where the truth has none: " + truth.reason;
  if (low.kind != truth.kind) return "is of another kind";
  const Value& high = hidden.upper ? *hidden.upper : low;
  const bool inside = low.kind == Value::Kind::kTruth
                          ? low.truth == truth.truth || high.truth == truth.truth
                          : low.number <= truth.number && truth.number <= high.number;
  if (inside) return "";
  return Text(low, Unit::kNumber) + ".." + Text(high, Unit::kNumber) + " leaves out " +
         Text(truth, Unit::kNumber);
}

class EveryProgrammesBounds : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryProgrammesBounds, HoldWhateverWasHidden) {
  const Programme& programme = *FindProgramme(GetParam());
  std::size_t ranges = 0, figures = 0;
  const auto property = [&](int most, int width) {
    Brought brought = BroughtFor(programme, most);
    Choices choices;
    for (const Reading& reading : programme.readings) {
      choices[reading.name] =
          reading.options[*rc::gen::inRange<std::size_t>(0, reading.options.size())].name;
    }
    const Score truth = ScoreProgramme(programme, brought.evidence, choices).value();
    for (const Evidence::Key& key : brought.cells) {
      if (*rc::gen::inRange(0, 4) != 0) continue;
      CellCounts& counts = *brought.evidence.standings[key].counts;
      for (Count* count : {&counts.numerator, &counts.denominator}) {
        if (count == &counts.denominator && *rc::gen::inRange(0, 3) != 0) continue;
        const std::int64_t below = *rc::gen::inRange(0, width);
        const std::int64_t above = *rc::gen::inRange(0, width);
        *count =
            Count::Between(std::max<std::int64_t>(0, count->lower - below), count->upper + above);
      }
      counts.numerator.upper = std::min(counts.numerator.upper, counts.denominator.upper);
      counts.denominator.lower = std::max(counts.denominator.lower, counts.numerator.lower);
    }
    const Score hidden = ScoreProgramme(programme, brought.evidence, choices).value();
    RC_ASSERT(hidden.rows.size() == truth.rows.size());
    for (std::size_t r = 0; r < truth.rows.size(); ++r) {
      for (std::size_t f = 0; f < truth.rows[r].figures.size(); ++f) {
        const ScoreRow::Shown& shown = hidden.rows[r].figures[f];
        const std::string fault = Fault(shown, truth.rows[r].figures[f].value);
        if (!fault.empty()) {
          RC_FAIL(programme.id + "." + shown.figure->name + " of " + truth.rows[r].measure + "/" +
                  truth.rows[r].group.group + " " + fault);
        }
        ++figures;
        ranges += shown.upper ? 1 : 0;
      }
    }
  };
  // The short form looks at some of each.
  const bool long_form = std::getenv("EQUINODE_LONG") != nullptr;
  int few = long_form ? 100 : 20;
  int many = long_form ? 100 : 4;
  EXPECT_TRUE(rc::check(programme.id + ", few", [&]() {
    if (few-- > 0) property(40, 9);
  }));
  EXPECT_TRUE(rc::check(programme.id + ", many", [&]() {
    if (many-- > 0) property(4000, 900);
  }));
  std::cout << programme.id << ": " << ranges << " ranges of " << figures << " figures\n";
  EXPECT_TRUE(programme.periods.empty() || ranges > 0);
}

std::vector<std::string> AllScored() {
  std::vector<std::string> ids;
  for (const Programme& programme : AllProgrammes()) {
    if (programme.kind != ProgrammeKind::kNoFormula) ids.push_back(programme.id);
  }
  return ids;
}
INSTANTIATE_TEST_SUITE_P(All, EveryProgrammesBounds, ::testing::ValuesIn(AllScored()),
                         [](const auto& one) { return one.param; });

// Noised counts: the bounds hold the figure of the counts as they were, at least 95 times of 100.
TEST(Bounds, OfNoisedCountsHoldAtTheirLevel) {
  const bool long_form = std::getenv("EQUINODE_LONG") != nullptr;
  const int rounds = long_form ? 4000 : 200;
  std::mt19937_64 engine(5);
  for (const bool laplace : {false, true}) {
    int held = 0, all = 0, points = 0;
    for (int round = 0; round < rounds; ++round) {
      const double sigma = 4;
      const auto noise = [&]() {
        std::normal_distribution<double> normal(0, sigma);
        std::exponential_distribution<double> exponential(std::sqrt(2.0) / sigma);
        return static_cast<std::int64_t>(
            std::lround(laplace ? exponential(engine) - exponential(engine) : normal(engine)));
      };
      Evidence truth, noised;
      std::uniform_int_distribution<std::int64_t> people(60, 400);
      for (const char* group : {"White", "African American", "Hispanic", ""}) {
        const std::int64_t den = people(engine) * (*group == '\0' ? 6 : 1);
        const std::int64_t num = std::uniform_int_distribution<std::int64_t>(den / 5, den)(engine);
        const auto variance = static_cast<std::int64_t>(sigma * sigma * kMillion);
        truth.standings[KeyOf("M", "current", group)] = {
            CellCounts{Count::Exact(num), Count::Exact(den)}, {}};
        noised.standings[KeyOf("M", "current", group)] = {
            CellCounts{Count::Noised(num + noise(), variance),
                       Count::Noised(den + noise(), variance)},
            {}};
      }
      const Programme& programme = *FindProgramme("mi_index_of_disparity");
      const Told was = FigureOf(ScoreProgramme(programme, truth, {}).value(), "", "index_pct");
      const Told told = FigureOf(ScoreProgramme(programme, noised, {}).value(), "", "index_pct");
      if (!told.low || !was.low) continue;
      ++all;
      points += told.low->number == told.high->number ? 1 : 0;
      held += told.low->number <= was.low->number && was.low->number <= told.high->number ? 1 : 0;
    }
    std::cout << (laplace ? "laplace" : "normal") << " noise: " << held << " of " << all << "\n";
    EXPECT_GT(all, rounds / 2);
    EXPECT_GE(held, all * 95 / 100);
    EXPECT_EQ(points, 0);
  }
}

}  // namespace
}  // namespace equinode::equity::programs
