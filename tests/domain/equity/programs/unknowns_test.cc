// What a figure would be if the people without an answer were of a group; and what is decided by a
// p value.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "domain/equity/counts/read_counts.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/programme_text.h"
#include "domain/equity/programs/score.h"

namespace equinode::equity::programs {
namespace {

constexpr std::string_view kTiers = R"(id tiers
name Tiers with money
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
figure far group points = if(pct > 50, pct - 50, 50 - pct) -- a bend inside
figure total measure points = sum(tier) -- together
figure paid organisation dollars = cents(sum(total) * 100.005) -- for the points
outcome tier
)";

CountTable TableOf(const std::string& rows) {
  const auto table = ReadCounts(
      "measure,period,organisation,frame,dimension,stratum,numerator,denominator,numerator_lower,"
      "numerator_upper\n" +
          rows,
      {[](std::string_view) {
        return KnownMeasure{MeasureKind::kProportion, Better::kHigher};
      }});
  EXPECT_TRUE(table.ok()) << table.error().message;
  return table.value();
}

const ScoreRow::Shown& ShownOf(const Score& score, std::string_view figure,
                               std::string_view group = "", std::string_view measure = "") {
  static const ScoreRow::Shown none;
  for (const ScoreRow& row : score.rows) {
    if (row.group.group != group || (!measure.empty() && row.measure != measure)) continue;
    for (const ScoreRow::Shown& shown : row.figures) {
      if (shown.figure->name == figure) return shown;
    }
  }
  ADD_FAILURE() << "no " << figure << " of " << group;
  return none;
}

std::string RangeOf(const ScoreRow::Shown& shown) {
  if (!shown.if_unknowns) return "none";
  const auto& [low, high] = *shown.if_unknowns;
  return low.number.Exact() + ".." + high.number.Exact();
}

TEST(Unknowns, GiveTheWorstAndTheBestOfPointsAndMoney) {
  const Programme programme = ParseProgramme(kTiers).value();
  const Evidence evidence =
      EvidenceOf(programme,
                 TableOf("M,1,o,,sex,A,30,60,,\nM,1,o,,sex,B,10,40,,\nM,1,o,,sex,Unknown,5,20,,\n"),
                 {})
          .value();
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  // 30/75 is 40 %, 35/65 is 53.8 %; of B 10/55 to 15/45.
  EXPECT_EQ(RangeOf(ShownOf(score, "tier", "A")), "0..1");
  EXPECT_EQ(RangeOf(ShownOf(score, "tier", "B")), "0..0");
  EXPECT_EQ(RangeOf(ShownOf(score, "total")), "0..1");
  EXPECT_EQ(RangeOf(ShownOf(score, "paid")), "0..100.01");
  EXPECT_EQ(RangeOf(ShownOf(score, "pct", "A")), "none") << "rates have theirs in the gate";
  EXPECT_EQ(ShownOf(score, "paid").value.number.Exact(), "100.01") << "as it was without them";
}

TEST(Unknowns, AreNotThereWhereEverybodyAnswered) {
  const Programme programme = ParseProgramme(kTiers).value();
  const Evidence evidence =
      EvidenceOf(programme, TableOf("M,1,o,,sex,A,30,60,,\nM,1,o,,sex,B,10,40,,\n"), {}).value();
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  EXPECT_EQ(RangeOf(ShownOf(score, "tier", "A")), "none");
  EXPECT_EQ(RangeOf(ShownOf(score, "paid")), "none");
}

// With the group's own numbers hidden as well the range holds both.
TEST(Unknowns, JoinAHiddenGroup) {
  const Programme programme = ParseProgramme(kTiers).value();
  const Evidence evidence =
      EvidenceOf(programme,
                 TableOf("M,1,o,,sex,A,,12,1,10\nM,1,o,,sex,B,10,40,,\nM,1,o,,sex,Unknown,2,2,,\n"),
                 {})
          .value();
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  EXPECT_EQ(RangeOf(ShownOf(score, "tier", "A")), "0..2");  // 12/14 at best.
  EXPECT_EQ(RangeOf(ShownOf(score, "tier", "B")), "0..0");
  EXPECT_EQ(RangeOf(ShownOf(score, "total")), "0..2");
}

// Every way in which the unknowns could belong to the group, one after the other.
TEST(Unknowns, ReachWhatTryingAllOfThemReachesAndNoLess) {
  const Programme programme = ParseProgramme(kTiers).value();
  std::mt19937 engine(7);
  const auto drawn = [&](int low, int high) {
    return static_cast<std::int64_t>(low) +
           static_cast<std::int64_t>(engine() % static_cast<unsigned>(high - low + 1));
  };
  int open = 0;
  for (int round = 0; round < 60; ++round) {
    const std::int64_t den = drawn(1, 60), num = drawn(0, static_cast<int>(den));
    const std::int64_t people = drawn(1, 12), hits = drawn(0, static_cast<int>(people));
    const auto row = [](const char* group, std::int64_t x, std::int64_t n) {
      return "M,1,o,,sex," + std::string(group) + "," + std::to_string(x) + "," +
             std::to_string(n) + ",,\n";
    };
    Evidence evidence =
        EvidenceOf(programme, TableOf(row("A", num, den) + row("Unknown", hits, people)), {})
            .value();
    const Score score = ScoreProgramme(programme, evidence, {}).value();
    const ScoreRow::Shown& tier = ShownOf(score, "tier", "A");
    const ScoreRow::Shown& far = ShownOf(score, "far", "A");
    ASSERT_TRUE(tier.if_unknowns && far.if_unknowns);
    CellCounts& counts = *evidence.standings.at({"o", "M", "current", {"sex", "A", ""}}).counts;
    std::optional<Rational> least, greatest;
    for (std::int64_t in = 0; in <= hits; ++in) {
      for (std::int64_t out = 0; out <= people - hits; ++out) {
        counts = {Count::Exact(num + in), Count::Exact(den + in + out)};
        const Score one = ScoreProgramme(programme, evidence, {}).value();
        const Rational& points = ShownOf(one, "tier", "A").value.number;
        least = least ? Min(*least, points) : points;
        greatest = greatest ? Max(*greatest, points) : points;
        const Rational& distance = ShownOf(one, "far", "A").value.number;
        EXPECT_LE(far.if_unknowns->first.number, distance);
        EXPECT_GE(far.if_unknowns->second.number, distance);
      }
    }
    EXPECT_EQ(tier.if_unknowns->first.number, *least) << num << "/" << den;
    EXPECT_EQ(tier.if_unknowns->second.number, *greatest) << num << "/" << den;
    open += *least < *greatest ? 1 : 0;
  }
  std::cout << open << " of 60 with two tiers or more\n";
  EXPECT_GT(open, 5);
}

// 20 % to 22 % earns all of the 35 percent; a hundred people without an answer could undo it.
TEST(Unknowns, OfNorthCarolinasPriorityMeasure) {
  const Programme& programme = *FindProgramme("nc_withhold");
  Evidence evidence =
      EvidenceOf(programme,
                 TableOf("CIS-10,2023,plan,north_carolina,race,African American,200,1000,,\n"
                         "CIS-10,2024,plan,north_carolina,race,African American,220,1000,,\n"
                         "CIS-10,2024,plan,north_carolina,race,Unknown,10,100,,\n"
                         "CIS-10,2023,plan,,,,200,1000,,\nCIS-10,2024,plan,,,,230,1100,,\n"),
                 {})
          .value();
  evidence.facts[{"plan", "", "capitation"}] = Rational(100'000'000);
  const Score score = ScoreProgramme(programme, evidence, {}).value();
  const ScoreRow::Shown& earned = ShownOf(score, "earned", "", "CIS-10-priority");
  EXPECT_EQ(earned.value.number, Rational(525'000));
  EXPECT_EQ(RangeOf(earned), "0..525000");
}

// Who said to be of another group is none of the unknown; who is in no row may be.
TEST(Unknowns, AreNotThoseWhoAnswered) {
  const Programme& programme = *FindProgramme("nc_withhold");
  const auto earned = [&](const std::string& total) {
    Evidence evidence =
        EvidenceOf(programme,
                   TableOf("CIS-10,2023,plan,north_carolina,race,African American,200,1000,,\n"
                           "CIS-10,2024,plan,north_carolina,race,African American,220,1000,,\n"
                           "CIS-10,2023,plan,north_carolina,race,White,2500,8000,,\n"
                           "CIS-10,2024,plan,north_carolina,race,White,2580,8000,,\n"
                           "CIS-10,2023,plan,,,,2700,9000,,\nCIS-10,2024,plan,,,," +
                           total + ",,\n"),
                   {})
            .value();
    evidence.facts[{"plan", "", "capitation"}] = Rational(100'000'000);
    const Score score = ScoreProgramme(programme, evidence, {}).value();
    return RangeOf(ShownOf(score, "earned", "", "CIS-10-priority"));
  };
  EXPECT_EQ(earned("2800,9000"), "none");
  EXPECT_EQ(earned("2810,9100"), "0..525000");
}

constexpr std::string_view kTested = R"(id tested
name Decided by a p value
version 1
source a test
kind computed
period current
any-measure
reference A
figure p group number = p_value(rate.current, n.current, ref_rate.current, ref_n.current) -- p
figure differs group truth = p <= EDGE -- decided by it
figure points group points = if(differs, 1, 0) -- for it
outcome differs
)";

Score Tested(const std::string& edge, std::optional<Programme>& programme) {
  std::string text(kTested);
  text.replace(text.find("EDGE"), 4, edge);
  programme = ParseProgramme(text).value();
  const Evidence evidence =
      EvidenceOf(*programme, TableOf("M,1,o,,sex,A,50,100,,\nM,1,o,,sex,B,35,100,,\n"), {}).value();
  return ScoreProgramme(*programme, evidence, {}).value();
}

TEST(PValue, DecidesOnlyWhereItsDigitsCan) {
  std::optional<Programme> programme;
  Score score = Tested("0.05", programme);
  const Value p = ShownOf(score, "p", "B").value;
  EXPECT_EQ(p.number.Text(6), "0.031905");  // z^2 = .0225 / (.425 * .575 * .02).
  ASSERT_LT(p.number, p.high());
  EXPECT_FALSE(ShownOf(score, "p", "B").upper) << "all the digits that are printed are equal";
  EXPECT_TRUE(ShownOf(score, "differs", "B").value.truth);
  // An edge between the two ends of what is known of p: neither way is right.
  score = Tested(((p.number + p.high()) / 2).Text(55), programme);
  EXPECT_EQ(ShownOf(score, "differs", "B").value.reason, "undecided");
  const ScoreRow::Shown& points = ShownOf(score, "points", "B");
  EXPECT_EQ(points.value.number, Rational());
  ASSERT_TRUE(points.upper);
  EXPECT_EQ(points.upper->number, Rational(1));
  for (const ScoreRow& row : score.rows) {
    if (row.group.group == "B") {
      EXPECT_EQ(row.status, "undecided");
    }
  }
  // An edge just past either end decides, where a double would give all three the same answer.
  const Rational tiny = Rational(1) / Rational::Parse("1" + std::string(30, '0')).value();
  score = Tested((p.high() + tiny).Text(40), programme);
  EXPECT_TRUE(ShownOf(score, "differs", "B").value.truth);
  score = Tested((p.number - tiny).Text(40), programme);
  EXPECT_FALSE(ShownOf(score, "differs", "B").value.truth);
  EXPECT_TRUE(ShownOf(score, "differs", "B").value.known());
}

}  // namespace
}  // namespace equinode::equity::programs
