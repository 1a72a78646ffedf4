// The engine's own promises, over programmes of the project and small ones made here.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "domain/equity/exact/interval.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/programme_text.h"
#include "domain/equity/programs/read_values.h"
#include "domain/equity/programs/score.h"
#include "domain/equity/programs/what_if.h"

namespace equinode::equity::programs {
namespace {

Rational R(std::string_view text) { return Rational::Parse(text).value(); }

struct NoNames final : Scope {
  Value Name(std::string_view) const override { return Value::None("no_data"); }
  Value Call(const Expression&) const override { return Value::None("no_rows"); }
};

std::string Computed(std::string_view text) {
  const auto parsed = ParseExpression(text);
  if (!parsed.ok()) return parsed.error().message;
  const Value value = Evaluate(*parsed, NoNames());
  if (!value.known()) return value.reason;
  return value.kind == Value::Kind::kTruth ? (value.truth ? "yes" : "no") : value.number.Exact();
}

TEST(Expression, ComputesExactly) {
  EXPECT_EQ(Computed("1 + 2 * 3 - 4 / 8"), "6.5");
  EXPECT_EQ(Computed("((40% - 25%) - (42% - 30%)) / (40% - 25%) * 100 == 20"), "yes");
  EXPECT_EQ(Computed("-(2 - 3) * -2"), "-2");
  EXPECT_EQ(Computed("round(-9.95, 1)"), "-10");
  EXPECT_EQ(Computed("clamp(1.5, 0, 1)"), "1");
  EXPECT_EQ(Computed("if(1 < 2, none(small), 3)"), "small");
  EXPECT_EQ(Computed("1 / 0"), "divided_by_zero");
  EXPECT_EQ(Computed("x or 1 < 2"), "yes");
  EXPECT_EQ(Computed("x and 1 < 2"), "no_data");
  EXPECT_EQ(Computed("x and 1 > 2"), "no");
  EXPECT_EQ(Computed("1 + (2 < 3)"), "rule_mixes_number_and_truth");
  EXPECT_EQ(Computed("not 1"), "rule_mixes_number_and_truth");
}

TEST(Expression, SaysWhereItIsWrong) {
  EXPECT_EQ(Computed("1 +"), "character 4: a name or a number is wanted here");
  EXPECT_EQ(Computed("(1"), "character 3: a ) is wanted here");
  EXPECT_EQ(Computed("1 2"), "character 3: an operator is wanted here");
  EXPECT_NE(Computed(std::string(1000, '(')).find("character"), std::string::npos);
}

// An interval's limits hold roots; these are decided where doubles cannot: 36/100 and z = 1.96 give
// the root 0.048 exactly, so the upper NCQA limit is 0.36 + 1.96 * 0.048 + 0.005 = 0.45908.
TEST(Interval, DecidesTheLimitItselfExactly) {
  const ExactInterval interval = NcqaInterval(R("0.36"), 100);
  EXPECT_FALSE(UpperBelow(interval, R("0.45908")));
  EXPECT_TRUE(UpperBelow(interval, R("0.4590800000000000000000001")));
  EXPECT_FALSE(LowerAbove(interval, R("0.26092")));
  EXPECT_TRUE(LowerAbove(interval, R("0.2609199999999999999999999")));
  EXPECT_EQ(Apart({R("0.2"), R("0.5"), 0}, {R("0.5"), R("0.7"), 0}), 0);
  EXPECT_EQ(Apart({R("0.2"), R("0.4999"), 0}, {R("0.5"), R("0.7"), 0}), -1);
}

constexpr std::string_view kSmall = R"(id small
name A small one
version 1
source a test
kind computed
period current
any-measure
reference A
reading edge -- it is not told
  option closed -- 50 is in
  option open -- 50 is out
figure pct group percent = value.current -- rate
bands tier group points when edge=closed of pct -- tiers
  step 0
  step 1 >= 50
  step 2 > 75
bands tier group points when edge=open of pct -- tiers
  step 0
  step 1 > 50
  step 2 > 75
figure total measure points = sum(tier) -- together
outcome tier
)";

TEST(Programme, RefusesWhatCannotBeScored) {
  ASSERT_TRUE(ParseProgramme(kSmall).ok());
  const auto refused = [](std::string_view what, std::string_view with) {
    std::string text(kSmall);
    text.replace(text.find(what), what.size(), with);
    const auto parsed = ParseProgramme(text);
    return parsed.ok() ? std::string("taken") : parsed.error().message;
  };
  EXPECT_NE(refused("sum(tier)", "tier").find("of many rows"), std::string::npos);
  EXPECT_NE(refused("= value.current", "= value.previous").find("nothing called value.previous"),
            std::string::npos);
  EXPECT_NE(refused("step 2 > 75", "step 2 > 50").find("ascend"), std::string::npos);
  EXPECT_NE(refused("  step 0\n", "  step 0 >= 1\n").find("first step"), std::string::npos);
  EXPECT_NE(refused("edge=closed", "edge=shut").find("no reading edge=shut"), std::string::npos);
  EXPECT_NE(refused("sum(tier)", "sun(tier)").find("no function sun"), std::string::npos);
  EXPECT_NE(refused("= value.current", "= max(1)").find("takes 2"), std::string::npos);
  EXPECT_NE(refused("outcome tier", "outcome tire").find("no figure tire"), std::string::npos);
  EXPECT_NE(refused("kind computed", "kind odd").find("line 5"), std::string::npos);
}

Evidence Of(const std::vector<std::tuple<std::string, std::int64_t, std::int64_t>>& groups) {
  Evidence evidence;
  evidence.measures["M"].better = Better::kHigher;
  for (const auto& [name, num, den] : groups) {
    evidence.standings[{"o", "M", "current", {"", name, ""}}] = {
        CellCounts{Count::Exact(num), Count::Exact(den)}, {}};
  }
  return evidence;
}

const ScoreRow& RowOf(const Score& score, std::string_view group) {
  return *std::ranges::find_if(score.rows,
                               [&](const ScoreRow& row) { return row.group.group == group; });
}

std::string FigureOf(const ScoreRow& row, std::string_view name) {
  for (const ScoreRow::Shown& shown : row.figures) {
    if (shown.figure->name != name) continue;
    std::string text =
        shown.value.known() ? Text(shown.value, shown.figure->unit) : shown.value.reason;
    if (shown.upper) text.append("..").append(Text(*shown.upper, shown.figure->unit));
    return text;
  }
  return "no such figure";
}

TEST(Score, TellsReadingsCountsAndTheWayToTheNextBand) {
  const Programme programme = ParseProgramme(kSmall).value();
  const Evidence evidence = Of({{"B", 50, 100}, {"C", 0, 0}, {"D", 47, 100}});
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  const ScoreRow& half = RowOf(score, "B");
  EXPECT_EQ(FigureOf(half, "tier"), "1");
  ASSERT_EQ(half.distances.size(), 1u);
  EXPECT_EQ(half.distances[0].members, 26);
  ASSERT_EQ(half.otherwise.size(), 1u);
  EXPECT_EQ(half.otherwise[0].option, "open");
  EXPECT_EQ(RowOf(score, "C").status, "no_denominator");
  EXPECT_EQ(RowOf(score, "D").distances[0].members, 3);
  EXPECT_EQ(score.readings.at("edge"), "closed");
  EXPECT_EQ(ScoreProgramme(programme, evidence, {{"edge", "ajar"}}).error().reason, "BAD_READING");
  EXPECT_EQ(ScoreProgramme(programme, evidence, {{"edges", "open"}}).error().reason, "BAD_READING");
}

TEST(Score, GivesBoundsWhereCountsAreHidden) {
  const Programme programme = ParseProgramme(kSmall).value();
  Evidence evidence = Of({{"B", 0, 12}, {"C", 0, 12}});
  const auto hide = [&](const char* group, std::int64_t low, std::int64_t high) {
    evidence.standings[{"o", "M", "current", {"", group, ""}}].counts->numerator =
        Count::Between(low, high);
  };
  hide("B", 1, 10);
  hide("C", 10, 12);
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  EXPECT_EQ(FigureOf(RowOf(score, "B"), "tier"), "0..2");
  EXPECT_EQ(FigureOf(RowOf(score, "C"), "tier"), "2..2");
  EXPECT_TRUE(RowOf(score, "B").bounded);
  EXPECT_EQ(FigureOf(RowOf(score, ""), "total"), "2..4");
}

TEST(Score, HoldsTheEdgesOf64Bits) {
  const Programme programme = ParseProgramme(kSmall).value();
  constexpr std::int64_t kMost = INT64_MAX - 1;
  const Score score =
      ScoreProgramme(programme, Of({{"B", kMost / 2, kMost}, {"D", kMost / 2 - 1, kMost}}), {})
          .value();
  EXPECT_EQ(FigureOf(RowOf(score, "B"), "tier"), "1");
  EXPECT_EQ(FigureOf(RowOf(score, "D"), "tier"), "0");
  EXPECT_EQ(RowOf(score, "D").distances[0].members, 1);
}

TEST(Score, ScalingCountsChangesNoDecisionAndOrderNothing) {
  const Programme& minnesota = *FindProgramme("mn_disparity");
  EXPECT_TRUE(rc::check("scaled, and named the other way round", [&]() {
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 12; ++i) numbers.push_back(*rc::gen::inRange<std::int64_t>(0, 60));
    const std::int64_t scale = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    const auto points = [&](std::int64_t by, bool backwards) {
      Evidence evidence;
      const std::vector<std::string> names = {"Black", "Hispanic", "Native American"};
      for (std::size_t g = 0; g < 3; ++g) {
        const std::size_t from = backwards ? 2 - g : g;
        for (const std::size_t year : {0, 1}) {
          const auto standing = [&](std::int64_t num) {
            return Standing{CellCounts{Count::Exact(num * by), Count::Exact(60 * by)}, {}};
          };
          const std::string period = year == 0 ? "previous" : "current";
          evidence.standings[{"o", "COL", period, {"", names[from], ""}}] =
              standing(numbers[g * 2 + year]);
          evidence.standings[{"o", "COL", period, {"", minnesota.reference->name, ""}}] =
              standing(numbers[10 + year]);
        }
      }
      const Score score = ScoreProgramme(minnesota, evidence, {}).value();
      std::vector<std::string> out;
      for (std::size_t g = 0; g < 3; ++g) {
        out.push_back(FigureOf(RowOf(score, names[backwards ? 2 - g : g]), "points"));
      }
      out.push_back(FigureOf(RowOf(score, ""), "total_points"));
      return out;
    };
    const auto plain = points(1, false);
    RC_ASSERT(points(scale, false) == plain);
    RC_ASSERT(points(1, true) == plain);
  }));
}

TEST(Bands, OfEveryProgrammeAreTotalAndMonotone) {
  int tables = 0;
  for (const Programme& programme : AllProgrammes()) {
    for (const Figure& figure : programme.figures) {
      if (figure.bands.empty()) continue;
      ++tables;
      EXPECT_TRUE(rc::check(programme.id + "." + figure.name, [&]() {
        const Rational a = Rational::Of(*rc::gen::inRange(-7000, 7000), *rc::gen::inRange(1, 70));
        const Rational b = Rational::Of(*rc::gen::inRange(-7000, 7000), *rc::gen::inRange(1, 70));
        RC_ASSERT(StepOf(figure.bands, Min(a, b)).number <= StepOf(figure.bands, Max(a, b)).number);
      }));
    }
  }
  EXPECT_GE(tables, 3);
}

// The distance is the least: with one member fewer nothing changes yet.
TEST(Distance, IsTheLeastNumberThatHelps) {
  const Programme programme = ParseProgramme(kSmall).value();
  EXPECT_TRUE(rc::check("least", [&]() {
    const std::int64_t den = *rc::gen::inRange<std::int64_t>(1, 500);
    const std::int64_t num = *rc::gen::inRange<std::int64_t>(0, den + 1);
    const Score score = ScoreProgramme(programme, Of({{"B", num, den}}), {}).value();
    const ScoreRow& row = RowOf(score, "B");
    if (row.distances.empty()) {
      RC_ASSERT(FigureOf(row, "tier") == "2");
      return;
    }
    const std::int64_t more = row.distances[0].members;
    const auto tier = [&](std::int64_t hits) {
      return FigureOf(RowOf(ScoreProgramme(programme, Of({{"B", hits, den}}), {}).value(), "B"),
                      "tier");
    };
    RC_ASSERT(tier(num + more) > tier(num));
    RC_ASSERT(tier(num + more - 1) == tier(num));
  }));
}

TEST(Spread, IsExactWhereSmallAndTheDrawsComeNearIt) {
  const Programme programme = ParseProgramme(kSmall).value();
  const Evidence evidence = Of({{"B", 5, 10}});
  Scorer scorer = Scorer::Make(programme, evidence, {}).value();
  const std::size_t figure = scorer.FigureAt("tier");
  const std::size_t row = 3;
  ASSERT_EQ(scorer.rows()[row].group.group, "B");
  SeededRandom random(1);
  const Spread exact = SpreadOf(scorer, row, figure, {}, random).value();
  ASSERT_TRUE(exact.exact);
  ASSERT_EQ(exact.chances.size(), 3u);
  // Binomial(10, 1/2): below 5 hits 386 of 1024, 5 to 7 582, above 56.
  EXPECT_NEAR(exact.chances[0].second, 386.0 / 1024, 1e-12);
  EXPECT_NEAR(exact.chances[1].second, 582.0 / 1024, 1e-12);
  EXPECT_NEAR(exact.chances[2].second, 56.0 / 1024, 1e-12);
  const Evidence large = Of({{"B", 15'000, 30'000}});
  Scorer drawn = Scorer::Make(programme, large, {}).value();
  const Spread spread = SpreadOf(drawn, row, figure, {Supposing::kSameRates, 4000}, random).value();
  EXPECT_FALSE(spread.exact);
  ASSERT_EQ(spread.chances.size(), 2u);
  EXPECT_NEAR(spread.chances[1].second, 0.5, 0.03);
  SeededRandom again(1), once_more(1);
  EXPECT_EQ(SpreadOf(drawn, row, figure, {}, again)->chances,
            SpreadOf(drawn, row, figure, {}, once_more)->chances);
  EXPECT_EQ(Text(drawn.Get(row, figure), Unit::kPoints), "1");
}

TEST(WhatIf, ReachesTheBenchmarkWithTheFewest) {
  const Programme programme = ParseProgramme(kSmall).value();
  Evidence evidence = Of({{"B", 40, 99}, {"", 60, 200}});
  evidence.benchmarks[{"", "M", "p50"}] = R("50");
  const Evidence then = Supposed(programme, evidence, {"M", "B", "p50", {}}).value();
  const auto of = [&](const char* group) {
    return then.standings.at({"o", "M", "current", {"", group, ""}}).counts->numerator.lower;
  };
  EXPECT_EQ(of("B"), 50);
  EXPECT_EQ(of(""), 70);
  EXPECT_EQ(Supposed(programme, evidence, {"M", "B", "p75", {}}).error().reason, "NO_SUCH_NAME");
  EXPECT_EQ(Supposed(programme, evidence, {"M", "X", "p50", {}}).error().reason, "NO_SUCH_GROUP");
  EXPECT_EQ(Supposed(programme, evidence, {"M", "B", "", 100}).error().reason, "BAD_COUNT");
}

TEST(ReadValues, SaysWhereAFileIsWrong) {
  const Programme& programme = *FindProgramme("ca_dmhc_heqms");
  const auto said = [&](std::string_view csv) {
    Evidence evidence;
    const Status read = ReadValues(csv, ValueFile::kBenchmarks, programme, evidence);
    return read.ok() ? std::string("taken") : read.error().message;
  };
  EXPECT_EQ(said("measure,name,value\r\nCOL,p50,38.07\r\n"), "taken");
  EXPECT_EQ(said("measure;name;value\nCOL;p50;38.07"), "taken");
  EXPECT_NE(said("measure,name,valu\n").find("line 1, column 3 (valu)"), std::string::npos);
  EXPECT_NE(said("measure,name\n").find("column value is missing"), std::string::npos);
  EXPECT_NE(said("measure,name,value\nCOL,p55,1\n").find("line 2, column 2 (name)"),
            std::string::npos);
  EXPECT_NE(said("measure,name,value\nCOL,p50,\"1,5\"\n").find("line 2, column 3 (value)"),
            std::string::npos);
  EXPECT_NE(said("measure,name,value\nCOL,p50,1\nCOL,p50,2\n").find("line 3"), std::string::npos);
  EXPECT_NE(said("measure,name,value\nCOL,p50\n").find("2 fields"), std::string::npos);
  EXPECT_NE(said("").find("line 1"), std::string::npos);
}

TEST(Evidence, NeverMixesFrames) {
  const Programme& minnesota = *FindProgramme("mn_disparity");
  CountTable table{{Series{"COL", "2019", "omb_1997", "race", "White"}}, {"o"}, {{0, 0, {}}}};
  EXPECT_EQ(EvidenceOf(minnesota, table, {}).error().reason, "FRAME_DIFFERS");
  table.series[0].frame = "minnesota";
  EXPECT_TRUE(EvidenceOf(minnesota, table, {}).ok());
  EXPECT_EQ(EvidenceOf(minnesota, table, {{{"now", "2019"}}}).error().reason, "NO_SUCH_PERIOD");
}

}  // namespace
}  // namespace equinode::equity::programs
