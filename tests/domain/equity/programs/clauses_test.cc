// Clauses of the programmes that a case of each does not show, and what holds for all of them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "domain/equity/counts/read_counts.h"
#include "domain/equity/measures/measures.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/score.h"
#include "tests/domain/equity/programs/brought.h"

namespace equinode::equity::programs {
namespace {

CountTable TableOf(const std::string& rows, const std::string& more_columns = "") {
  const auto known = [](std::string_view id) -> std::optional<KnownMeasure> {
    const MeasureRate* rate = FindMeasureRate(id);
    if (rate == nullptr) return std::nullopt;
    return KnownMeasure{rate->kind, rate->better};
  };
  const auto table =
      ReadCounts("measure,period,organisation,frame,dimension,stratum,numerator,denominator" +
                     more_columns + "\n" + rows,
                 {known});
  EXPECT_TRUE(table.ok()) << table.error().message;
  return table.ok() ? *table : CountTable{};
}

struct Scored {
  Score score{};
  std::string Said(std::string_view figure, std::string_view group = "",
                   std::string_view measure = "") const {
    for (const ScoreRow& row : score.rows) {
      if (row.group.group != group || (!measure.empty() && row.measure != measure)) continue;
      for (const ScoreRow::Shown& shown : row.figures) {
        if (shown.figure->name != figure) continue;
        return shown.value.known() ? Text(shown.value, shown.figure->unit) : shown.value.reason;
      }
    }
    return "no such row";
  }
  bool Notes(std::string_view words) const {
    return std::ranges::any_of(score.notes, [&](const std::string& note) {
      return note.find(words) != std::string::npos;
    });
  }
};

Scored ScoreOf(const char* id, const CountTable& table, const Choices& choices = {},
               std::vector<std::pair<std::string, std::string>> benchmarks = {}) {
  const Programme& programme = *FindProgramme(id);
  auto evidence = EvidenceOf(programme, table, {});
  EXPECT_TRUE(evidence.ok()) << evidence.error().message;
  for (const auto& [name, value] : benchmarks) {
    evidence->benchmarks[{"", "", name}] = Rational::Parse(value).value();
  }
  return {ScoreProgramme(programme, *evidence, choices).value()};
}

// "The two race/ethnicity groups with the lowest baseline": no language is one of them.
TEST(Clauses, CovidJudgesGroupsOfRaceAndEthnicityOnly) {
  const CountTable table = TableOf(
      "COVID-VAX,1,p,,,,500,1000\nCOVID-VAX,2,p,,,,600,1000\n"
      "COVID-VAX,1,p,california,race,White,60,100\nCOVID-VAX,2,p,california,race,White,70,100\n"
      "COVID-VAX,1,p,california,race,Asian,30,100\nCOVID-VAX,2,p,california,race,Asian,70,100\n"
      "COVID-VAX,1,p,,language,Hmong,1,100\nCOVID-VAX,2,p,,language,Hmong,2,100\n");
  const Scored scored = ScoreOf("ca_covid_incentive", table);
  EXPECT_EQ(scored.Said("judged", "White"), "yes");
  EXPECT_EQ(scored.Said("judged", "Hmong"), "no such row");
  EXPECT_EQ(scored.Said("all_met"), "yes");
}

// Ties by rate, then the larger denominator, then the name: not by the dimension's name first.
TEST(Clauses, CovidTiesGoByNameAcrossDimensions) {
  std::string rows = "COVID-VAX,1,p,,,,500,1000\nCOVID-VAX,2,p,,,,600,1000\n";
  for (const char* period : {"1", "2"}) {
    for (const char* group : {"race,Asian", "race,Black or African American", "race,White",
                              "ethnicity,Hispanic or Latino"}) {
      rows += "COVID-VAX," + std::string(period) + ",p,california," + group + ",30,100\n";
    }
  }
  const Scored scored = ScoreOf("ca_covid_incentive", TableOf(rows));
  EXPECT_EQ(scored.Said("judged", "Asian"), "yes");
  EXPECT_EQ(scored.Said("judged", "Black or African American"), "yes");
  EXPECT_EQ(scored.Said("judged", "Hispanic or Latino"), "no");
}

// Disparities are flagged by race and ethnicity only, and DMHC's minimum is of its categories.
TEST(Clauses, CaliforniaFlagsNoLanguage) {
  const CountTable table = TableOf(
      "CBP,1,p,california,race,Asian,10,100\nCBP,1,p,,language,Hmong,10,100\n"
      "CBP,1,p,,age,18-44,10,100\nCBP,1,p,,,,20,200\n");
  EXPECT_EQ(ScoreOf("ca_hsag_disparity", table, {}, {{"benchmark", "50"}}).Said("disparities"),
            "1");
  const Scored dmhc = ScoreOf("ca_dmhc_heqms", table, {}, {{"p50", "50"}});
  EXPECT_EQ(dmhc.Said("groups_below"), "1");
  EXPECT_TRUE(dmhc.Notes("language"));
}

// Our own nodes count the states' combined frames in the dimension race_and_ethnicity.
TEST(Clauses, CombinedFramesOfOurOwnNodesAreTaken) {
  const CountTable minnesota = TableOf(
      "COL,1,p,minnesota,race_and_ethnicity,Non-Hispanic White,40,100\n"
      "COL,2,p,minnesota,race_and_ethnicity,Non-Hispanic White,42,100\n"
      "COL,1,p,minnesota,race_and_ethnicity,Black,35,100\n"
      "COL,2,p,minnesota,race_and_ethnicity,Black,40,100\n");
  EXPECT_EQ(ScoreOf("mn_disparity", minnesota).Said("points", "Black"), "2");
  const CountTable michigan = TableOf(
      "COL,1,p,michigan,race_and_ethnicity,White,40,100\n"
      "COL,1,p,michigan,race_and_ethnicity,Hispanic,35,100\n");
  EXPECT_EQ(ScoreOf("mi_pairwise", michigan).Said("vs_reference", "Hispanic"), "similar");
}

// Prenatal and postpartum care is two rates; HEQMS and Minnesota's set name both.
TEST(Clauses, MinnesotaScoresBothRatesOfPrenatalAndPostpartumCare) {
  std::string rows;
  for (const char* measure : {"PPC-PRE", "PPC-POST"}) {
    for (const char* of : {"1,p,minnesota,race,Non-Hispanic White,40,100",
                           "2,p,minnesota,race,Non-Hispanic White,42,100",
                           "1,p,minnesota,race,Black,35,100", "2,p,minnesota,race,Black,40,100"}) {
      rows += std::string(measure) + "," + of + "\n";
    }
  }
  const Scored scored = ScoreOf("mn_disparity", TableOf(rows));
  EXPECT_EQ(scored.Said("total_points", "", "PPC-PRE"), "2");
  EXPECT_EQ(scored.Said("total_points", "", "PPC-POST"), "2");
}

// The combination is not named: counts of the measure as the set has it are taken.
TEST(Clauses, CalpersTakesImmunizationsOfAnyCombination) {
  EXPECT_EQ(ScoreOf("ca_calpers_qams", TableOf("CIS,1,p,,,,50,100\n"), {}, {{"benchmark", "51"}})
                .Said("fraction_owed", "", "CIS"),
            "1.0000");
}

TEST(Clauses, DmhcStratifiesNineMeasuresThenTen) {
  const CountTable table = TableOf(
      "CIS-10,1,p,ncqa_hedis,race,Asian,10,100\nDSF-SCR,1,p,ncqa_hedis,race,Asian,10,100\n"
      "COL,1,p,ncqa_hedis,race,Asian,10,100\n");
  const auto said = [&](const char* year, const char* measure) {
    return ScoreOf("ca_dmhc_heqms", table, {{"stratified", year}}, {{"p50", "50"}})
        .Said("meets_minimum", "Asian", measure);
  };
  EXPECT_EQ(said("as_brought", "DSF-SCR"), "no");
  EXPECT_EQ(said("my2023", "COL"), "no");
  EXPECT_EQ(said("my2023", "CIS-10"), "not_stratified");
  EXPECT_EQ(said("my2024", "CIS-10"), "no");
  EXPECT_EQ(said("my2024", "DSF-SCR"), "not_stratified");
}

// The mean is of the groups of one dimension: two of them would count everybody twice.
TEST(Clauses, OregonsMeanIsOfOneDimension) {
  const Programme& programme = *FindProgramme("or_pdtm");
  const CountTable table =
      TableOf("COL,1,o,,language,A,10,100\nCOL,1,o,,language,B,30,100\nCOL,1,o,,sex,F,40,200\n");
  EXPECT_EQ(EvidenceOf(programme, table, {}).error().reason, "MANY_DIMENSIONS");
  EvidenceOptions one;
  one.dimension = "language";
  const auto evidence = EvidenceOf(programme, table, one);
  ASSERT_TRUE(evidence.ok());
  EXPECT_EQ(Scored{ScoreProgramme(programme, *evidence, {}).value()}.Said("mean_rate"), "0.2000");
  one.dimension = "county";
  EXPECT_EQ(EvidenceOf(programme, table, one).error().reason, "NO_SUCH_DIMENSION");
}

// A programme that does not keep sources apart adds them up; NCQA keeps them, and has Unknown only
// with the source unknown.
TEST(Clauses, SourcesAreAddedUpOrKeptApart) {
  const CountTable table = TableOf(
      "COL,1,p,ncqa_hedis,race,White,40,80,direct\nCOL,1,p,ncqa_hedis,race,White,10,20,indirect\n"
      "COL,1,p,ncqa_hedis,race,Unknown,10,20,direct\n",
      ",source");
  EXPECT_EQ(ScoreOf("ca_dmhc_heqms", table, {}, {{"p50", "50"}}).Said("rate_pct", "White"),
            "50.00");
  const Scored ncqa = ScoreOf("ncqa_hedis", table);
  EXPECT_TRUE(ncqa.Notes("Unknown with source direct, not unknown"));
  const auto direct = std::ranges::find_if(ncqa.score.rows, [](const ScoreRow& row) {
    return row.group.group == "White" && row.group.source == "direct";
  });
  ASSERT_NE(direct, ncqa.score.rows.end());
  ASSERT_EQ(direct->gates.size(), 1U);
  EXPECT_DOUBLE_EQ(*direct->gates[0].direct->value, 80.0 / 120);
  EXPECT_DOUBLE_EQ(*direct->gates[0].in_groups.value, 100.0 / 120);
}

TEST(Clauses, MinnesotasPointsAreOfAHundred) {
  Evidence evidence;
  evidence.facts[{"m", "", "payments"}] = Rational(1000);
  evidence.facts[{"m", "A", "points"}] = Rational(60);
  evidence.facts[{"m", "B", "points"}] = Rational(41);
  const Programme& programme = *FindProgramme("mn_withhold");
  EXPECT_EQ(Scored{ScoreProgramme(programme, evidence, {}).value()}.Said("returned"),
            "more_than_100_points");
}

TEST(Clauses, NorthCarolinaTellsHowManyOutcomesCouldNotBeScored) {
  const CountTable table = TableOf(
      "CIS-10,1,p,north_carolina,race,African American,200,1000\n"
      "CIS-10,2,p,north_carolina,race,African American,220,1000\n");
  EXPECT_EQ(ScoreOf("nc_withhold", table).Said("unscored"), "4");
}

// People of a group that the programme does not have are outside, who gave no answer is apart.
TEST(Clauses, EachRowSaysHowGoodItsDataAre) {
  const CountTable table = TableOf(
      "COL,1,p,michigan,race,White,40,100\nCOL,1,p,michigan,race,African American,10,50\n"
      "COL,1,p,michigan,race,Martian,5,20\nCOL,1,p,michigan,race,Unknown/Other/Declined,3,10\n"
      "COL,1,p,,,,60,200\n");
  const Scored scored = ScoreOf("mi_pairwise", table);
  for (const ScoreRow& row : scored.score.rows) {
    if (row.level == Level::kGroup && row.group.group != "African American") continue;
    ASSERT_EQ(row.gates.size(), 1U) << row.group.group;
    EXPECT_DOUBLE_EQ(*row.gates[0].in_groups.value, 0.75);
    EXPECT_DOUBLE_EQ(*row.gates[0].no_answer.value, 0.05);
    EXPECT_DOUBLE_EQ(*row.gates[0].outside.value, 0.2);
    EXPECT_EQ(row.gates[0].if_unknowns.has_value(), row.level == Level::kGroup);
    if (row.group.group != "African American") continue;
    EXPECT_EQ(*row.gates[0].if_unknowns, (Interval{10.0 / 57, 13.0 / 53}));
  }
}

constexpr int kRounds = 20;

bool Same(const Score& a, const Score& b) {
  if (a.rows.size() != b.rows.size()) return false;
  for (std::size_t r = 0; r < a.rows.size(); ++r) {
    for (std::size_t f = 0; f < a.rows[r].figures.size(); ++f) {
      const ScoreRow::Shown& one = a.rows[r].figures[f];
      const ScoreRow::Shown& other = b.rows[r].figures[f];
      if (one.figure->unit == Unit::kCount) continue;  // Numbers of people grow with them.
      if (one.value != other.value) return false;
    }
  }
  return true;
}

// Where no rule asks how many people there are, a hundred times as many decide the same.
TEST(Programmes, ScalingAllCountsChangesNoDecisionOfARate) {
  for (const char* id : {"mn_disparity", "nc_withhold", "pa_equity", "pa_maternal", "or_eot",
                         "ca_covid_incentive", "or_pdtm", "mi_index_of_disparity", "wa_quality",
                         "ca_covered_qti", "ca_calpers_qams", "la_withhold"}) {
    const Programme& programme = *FindProgramme(id);
    int rounds = kRounds;
    EXPECT_TRUE(rc::check(id, [&]() {
      if (rounds-- <= 0) return;
      Brought brought = BroughtFor(programme, 60);
      const Score before = ScoreProgramme(programme, brought.evidence, {}).value();
      const std::int64_t scale = *rc::gen::inRange<std::int64_t>(2, 100'000'000);
      for (const Evidence::Key& key : brought.cells) {
        CellCounts& counts = *brought.evidence.standings[key].counts;
        counts.numerator = Count::Exact(counts.numerator.lower * scale);
        counts.denominator = Count::Exact(counts.denominator.lower * scale);
      }
      RC_ASSERT(Same(before, ScoreProgramme(programme, brought.evidence, {}).value()));
    }));
  }
}

// Rows of the file in any order give the same score, with the same distances and data quality.
TEST(Programmes, TheOrderOfTheRowsChangesNothing) {
  for (const Programme& programme : AllProgrammes()) {
    if (programme.periods.empty()) continue;
    int rounds = kRounds;
    EXPECT_TRUE(rc::check(programme.id, [&]() {
      if (rounds-- <= 0) return;
      const Brought brought = BroughtFor(programme, 60);
      CountTable table;
      table.organisations = {"o"};
      for (const Evidence::Key& key : brought.cells) {
        Series series;
        series.measure = key.measure;
        series.period = std::to_string(std::ranges::find(programme.periods, key.period) -
                                       programme.periods.begin());
        series.better = Better::kHigher;
        series.stratum = key.group.group;
        if (!series.stratum.empty()) {
          series.dimension = programme.dimensions.empty() ? "d" : programme.dimensions.front();
          if (!programme.frames.empty()) series.frame = programme.frames.front();
        }
        table.cells.push_back({static_cast<std::uint32_t>(table.series.size()), 0,
                               *brought.evidence.standings.at(key).counts});
        table.series.push_back(std::move(series));
      }
      const auto scored = [&]() {
        auto evidence = EvidenceOf(programme, table, {}).value();
        evidence.benchmarks = brought.evidence.benchmarks;
        evidence.facts = brought.evidence.facts;
        return ScoreProgramme(programme, evidence, {}).value();
      };
      const Score before = scored();
      std::shuffle(table.cells.begin(), table.cells.end(),
                   std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
      const Score after = scored();
      RC_ASSERT(Same(before, after));
      for (std::size_t r = 0; r < before.rows.size(); ++r) {
        RC_ASSERT(before.rows[r].gates.size() == after.rows[r].gates.size());
        RC_ASSERT(before.rows[r].distances.size() == after.rows[r].distances.size());
      }
    }));
  }
}

}  // namespace
}  // namespace equinode::equity::programs
