// A case for each of the forty systems: from the files that an analyst brings to the figure, or to
// the checklist.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "domain/equity/counts/read_counts.h"
#include "domain/equity/measures/measures.h"
#include "domain/equity/programs/catalogue.h"
#include "domain/equity/programs/read_values.h"
#include "domain/equity/programs/score.h"

namespace equinode::equity::programs {
namespace {

struct Want {
  const char* organisation;
  const char* measure;
  const char* group;
  const char* figure;
  const char* value;  // A decimal, exactly; yes, no; or "-reason" for none.
};

struct Case {
  const char* id;
  const char* counts;      // Without the header.
  const char* benchmarks;  // Without the header.
  const char* facts;
  Choices choices;
  std::vector<Want> wanted;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"ca_dhcs_hems",
       "COL,MY2022,plan,california,race,White,40,100\n"
       "COL,MY2022,plan,california,race,Black or African American,20,80\n"
       "COL,MY2022,plan,california,race,Asian,9,29\n"
       "COL,MY2022,plan,,,,69,209\n",
       "",
       "",
       {},
       {{"plan", "COL", "White", "rate", "40"},
        {"plan", "COL", "Black or African American", "rate", "25"},
        {"plan", "COL", "Asian", "judged", "no"}}},
      {"ca_dmhc_heqms",
       "COL,MY2023,plan,ncqa_hedis,race,White,38065,100000\n"
       "COL,MY2023,plan,ncqa_hedis,race,Asian,38064,100000\n"
       "COL,MY2023,plan,ncqa_hedis,race,Two or More Races,29,29\n"
       "HBD>9,MY2023,plan,ncqa_hedis,race,White,50,100\n",
       ",COL,p50,38.07\n,HBD>9,p50,37.96\n",
       "",
       {},
       {{"plan", "COL", "White", "meets_minimum", "yes"},
        {"plan", "COL", "Asian", "meets_minimum", "no"},
        {"plan", "COL", "Two or More Races", "meets_minimum", "-na_small_denominator"},
        {"plan", "HBD>9", "White", "meets_minimum", "no"},
        {"plan", "COL", "", "groups_below", "1"},
        {"plan", "", "", "rows_below", "3"}}},
      {"ca_covered_qti",
       "CBP,MY2023,issuer,,,,50,100\nCOL,MY2023,issuer,,,,40,100\n",
       ",CBP,benchmark,50\n,COL,benchmark,40.01\n",
       "issuer,,gross_premium,1000000000\n",
       {},
       {{"issuer", "CBP", "", "payment", "0"},
        {"issuer", "COL", "", "payment", "2000000"},
        {"issuer", "", "", "at_risk", "8000000"},
        {"issuer", "", "", "total_payment", "2000000"}}},
      {"ca_covered_demographics",
       "REAL-RE,2021,issuer,,,,80,100\nREAL-RE,2021,other,,,,79,100\n",
       "",
       "other,REAL-RE,declined,1\n",
       {},
       {{"issuer", "REAL-RE", "", "met", "yes"}, {"other", "REAL-RE", "", "met", "no"}}},
      {"ca_calpers_qams",
       "PPC-PRE,PY2026,hmo,,,,80,100\nPPC-POST,PY2026,hmo,,,,70,100\nHBD>9,PY2026,hmo,,,,30,100\n",
       ",Maternity,benchmark,75.01\n,HBD>9,benchmark,30\n",
       "hmo,,gross_premium,1000\n",
       {{"year", "2026"}},
       {{"hmo", "Maternity", "", "score", "75"},
        {"hmo", "Maternity", "", "payment", "6"},
        {"hmo", "HBD>9", "", "payment", "0"},
        {"hmo", "", "", "at_risk", "30"}}},
      {"ca_calaim",
       "",
       "",
       "plan,FY2022-23,allocation,100.005\nplan,FY2022-23,done,no\nplan,FY2023-24,allocation,7\n"
       "plan,FY2023-24,done,yes\n",
       {},
       {{"plan", "FY2022-23", "", "statewide", "600000000"},
        {"plan", "FY2022-23", "", "recouped", "100.01"},
        {"plan", "2022-H1", "", "done", "-not_reported"},
        {"plan", "", "", "kept_total", "7"}}},
      {"ca_covid_incentive",
       "COVID-VAX,2021-08,plan,,,,500,1000\nCOVID-VAX,2022-02,plan,,,,600,1000\n"
       "COVID-VAX,2021-08,plan,california,race,White,60,100\n"
       "COVID-VAX,2021-08,plan,california,race,Asian,30,100\n"
       "COVID-VAX,2021-08,plan,california,race,Black or African American,35,100\n"
       "COVID-VAX,2022-02,plan,california,race,White,70,100\n"
       "COVID-VAX,2022-02,plan,california,race,Asian,50,100\n"
       "COVID-VAX,2022-02,plan,california,race,Black or African American,49,100\n",
       "",
       "",
       {},
       {{"plan", "COVID-VAX", "Asian", "met", "yes"},
        {"plan", "COVID-VAX", "Black or African American", "met", "no"},
        {"plan", "COVID-VAX", "White", "met", "-not_judged"},
        {"plan", "COVID-VAX", "", "target", "0.5"},
        {"plan", "COVID-VAX", "", "all_met", "no"}}},
      {"ca_hsag_disparity",
       "CBP,MY2020,ca,california,race,White,540,1000\n"
       "CBP,MY2020,ca,california,race,Black or African American,230,500\n",
       ",CBP,benchmark,55\n",
       "",
       {},
       {{"ca", "CBP", "White", "disparity", "no"},
        {"ca", "CBP", "Black or African American", "disparity", "yes"},
        {"ca", "CBP", "", "disparities", "1"}}},
      {"ca_medical_contract",
       "",
       "",
       "plan,pip,done,yes\nplan,ncqa_hea,done,no\n",
       {},
       {{"plan", "pip", "", "done", "yes"},
        {"plan", "chief_health_equity_officer", "", "done", "-not_reported"},
        {"plan", "", "", "open_count", "1"},
        {"plan", "", "", "complete", "no"}}},
      {"ca_ept",
       "",
       "",
       "clinic,data plan,done,yes\nclinic,data plan,grant,2500.5\n",
       {},
       {{"clinic", "data plan", "", "paid", "2500.5"}, {"clinic", "", "", "complete", "yes"}}},
      {"cqc_real",
       "REAL-R,2020,clinic,,,,70,100\n",
       "",
       "clinic,REAL-R,declined,10\n",
       {},
       {{"clinic", "REAL-R", "", "known", "0.7"},
        {"clinic", "REAL-R", "", "declined", "0.1"},
        {"clinic", "REAL-R", "", "neither", "0.2"}}},
      {"gvhc_telehealth",
       "TELE-LANG,2021,gvhc,,language,English,300,1000\nTELE-LANG,2021,gvhc,,language,Hmong,8,"
       "100\n",
       "",
       "",
       {},
       {{"gvhc", "TELE-LANG", "Hmong", "difference", "-0.22"},
        {"gvhc", "TELE-LANG", "Hmong", "differs", "yes"},
        {"gvhc", "TELE-LANG", "English", "video_share", "0.3"}}},
      {"equip_la",
       "CBP,2023,p1,california,race,Asian,30,60\nCBP,2023,p1,,,,50,80\n",
       "",
       "",
       {},
       {{"p1", "CBP", "Asian", "rate", "50"}, {"p1", "CBP", "Asian", "difference", "-12.5"}}},
      {"la_withhold",
       "COL,2022,mco,,,,50,100\n",
       ",COL,p50,50\n",
       "mco,,capitation,1000.5\nmco,plan filed,milestone_share,40\nmco,plan filed,done,yes\n",
       {},
       {{"mco", "COL", "", "meets_p50", "yes"},
        {"mco", "", "", "withhold_total", "20.01"},
        {"mco", "", "", "health_equity", "5"},
        {"mco", "", "", "quality", "10.01"},
        {"mco", "", "", "value_based_payment", "5"},
        {"mco", "", "", "earned", "2"},
        {"mco", "", "", "not_earned", "3"}}},
      {"mi_pairwise",
       "BCS,2020,mi,michigan,race,White,2600,4600\nBCS,2020,mi,michigan,race,African "
       "American,300,700\n",
       ",BCS,p50,58\n",
       "",
       {},
       {{"mi", "BCS", "African American", "vs_reference", "-1"},
        {"mi", "BCS", "African American", "vs_p50", "-1"}}},
      {"mi_index_of_disparity",
       "BCS,2020,mi,,,,400,1000\nBCS,2020,mi,michigan,race,White,38,100\n"
       "BCS,2020,mi,michigan,race,African American,42,100\n"
       "BCS,2020,mi,michigan,race,Unknown/Other/Declined,0,100\n",
       "",
       "",
       {},
       {{"mi", "BCS", "", "groups", "2"},
        {"mi", "BCS", "", "index_pct", "5"},
        {"mi", "BCS", "", "low", "no"}}},
      {"mi_withhold",
       "BCS,2020,p,michigan,race,White,500,1000\nBCS,2021,p,michigan,race,White,500,1000\n"
       "BCS,2020,p,michigan,race,African American,300,1000\n"
       "BCS,2021,p,michigan,race,African American,400,1000\n"
       "BCS,2020,p,michigan,ethnicity,Hispanic,300,1000\n"
       "BCS,2021,p,michigan,ethnicity,Hispanic,310,1000\n",
       "",
       "p,,capitation,1000000\n",
       {},
       {{"p", "BCS", "African American", "significant_improvement", "yes"},
        {"p", "BCS", "Hispanic", "significant_improvement", "no"},
        {"p", "", "", "withheld", "10000"}}},
      {"mi_low_birth_weight",
       "",
       "",
       "p,baseline_analysis,done,yes\np,reporting,done,yes\n",
       {},
       {{"p", "", "", "done_count", "2"},
        {"p", "implementation", "", "done", "-not_reported"},
        {"p", "", "", "complete", "-not_reported"}}},
      // The source's own example: 1.25 + 2 + 1 + 1.75 = 6.
      {"mn_disparity",
       "COL,2019,mco,minnesota,race,Non-Hispanic White,4000,10000\n"
       "COL,2020,mco,minnesota,race,Non-Hispanic White,4200,10000\n"
       "COL,2019,mco,minnesota,race,Asian/Pacific Islander,300,1000\n"
       "COL,2020,mco,minnesota,race,Asian/Pacific Islander,350,1000\n"
       "COL,2019,mco,minnesota,race,Black,350,1000\nCOL,2020,mco,minnesota,race,Black,400,1000\n"
       "COL,2019,mco,minnesota,ethnicity,Hispanic,250,1000\n"
       "COL,2020,mco,minnesota,ethnicity,Hispanic,300,1000\n"
       "COL,2019,mco,minnesota,race,Native American,280,1000\n"
       "COL,2020,mco,minnesota,race,Native American,350,1000\n"
       "COL,2019,mco,,,,5180,14000\nCOL,2020,mco,,,,5600,14000\n",
       "",
       "",
       {},
       {{"mco", "COL", "Asian/Pacific Islander", "points", "1.25"},
        {"mco", "COL", "Black", "points", "2"},
        {"mco", "COL", "Hispanic", "points", "1"},
        {"mco", "COL", "Native American", "points", "1.75"},
        {"mco", "COL", "", "total_points", "6"},
        {"mco", "COL", "", "gate_met", "yes"},
        {"mco", "", "", "points_of_all", "6"}}},
      {"mn_withhold",
       "",
       "",
       "mco,,payments,100000000\nmco,MN-HE,activities,4\nmco,X,points,9.5\n",
       {},
       {{"mco", "MN-HE", "", "points", "12"},
        {"mco", "", "", "returned", "1075000"},
        {"mco", "", "", "forfeited", "3925000"},
        {"mco", "", "", "not_tied_to_points", "3000000"}}},
      {"nc_reporting",
       "CIS-10,2024,plan,north_carolina,race,African American,20,100\n"
       "CIS-10,2024,plan,,sex,Female,30,100\n",
       "",
       "",
       {},
       {{"plan", "CIS-10", "African American", "rate", "20"},
        {"plan", "CIS-10", "Female", "rate", "30"}}},
      // 20 % to 22 % earns all of the 35 percent.
      {"nc_withhold",
       "CIS-10,MY2023,plan,north_carolina,race,African American,200,1000\n"
       "CIS-10,MY2024,plan,north_carolina,race,African American,220,1000\n"
       "CIS-10,MY2023,plan,,,,300,1000\nCIS-10,MY2024,plan,,,,300,1000\n",
       ",CIS-10,target,30.01\n",
       "plan,,capitation,100000000\n",
       {},
       {{"plan", "CIS-10-priority", "", "relative_improvement", "10"},
        {"plan", "CIS-10-priority", "", "earned_pct", "100"},
        {"plan", "CIS-10-priority", "", "earned", "525000"},
        {"plan", "CIS-10", "", "earned_pct", "0"},
        {"plan", "", "", "unearned_total", "975000"}}},
      {"nc_bonus_pool",
       "CIS-10-priority,MY2023,a,,,,200,1000\nCIS-10-priority,MY2024,a,,,,220,1000\n"
       "CIS-10-priority,MY2023,b,,,,200,1000\nCIS-10-priority,MY2024,b,,,,206,1000\n",
       "",
       "a,,capitation,1000000\nb,,capitation,1000000\n",
       {},
       {{"a", "CIS-10-priority", "", "won", "yes"},
        {"a", "", "", "earned", "5250"},
        {"a", "", "", "bonus", "3150"},
        {"b", "", "", "earned", "1050"},
        {"", "", "", "retained_total", "20550"}}},
      {"pa_equity",
       "FUH-7,2023,mco,omb_1997,race,Black or African American,300,1000\n"
       "FUH-7,2024,mco,omb_1997,race,Black or African American,330,1000\n"
       "FUH-7,2023,mco,,,,400,1000\nFUH-7,2024,mco,,,,410,1000\n"
       "FUH-30,2023,mco,omb_1997,race,Black or African American,500,1000\n"
       "FUH-30,2024,mco,omb_1997,race,Black or African American,520,1000\n"
       "FUH-30,2023,mco,,,,600,1000\nFUH-30,2024,mco,,,,600,1000\n",
       "",
       "mco,,p4p_funds,1000\n",
       {},
       {{"mco", "FUH-7", "Black", "gap_narrowing_pp", "2"},
        {"mco", "", "", "paid", "yes"},
        {"mco", "", "", "incentive", "100"}}},
      {"pa_maternal",
       "PPC-PRE,2022,prov,omb_1997,race,Black or African American,80,100\n"
       "PPC-PRE,2023,prov,omb_1997,race,Black or African American,88,100\n"
       "PPC-POST,2022,prov,omb_1997,race,Black or African American,70,100\n"
       "PPC-POST,2023,prov,omb_1997,race,Black or African American,75,100\n",
       ",PPC-PRE,p75,88\n,PPC-POST,p75,85\n",
       "",
       {},
       {{"prov", "PPC-PRE", "Black", "meets_p75", "yes"},
        {"prov", "PPC-POST", "Black", "gap_reduced", "yes"},
        {"prov", "", "", "n_meeting_p75", "1"},
        {"prov", "", "", "n_meeting_or_reduced", "2"}}},
      {"wa_quality",
       "AMM,2019,wa,,,,55,100\nHBD>9,2019,wa,,,,335,1000\n",
       ",AMM,baseline,52\n,AMM,target,64\n,HBD>9,baseline,40\n,HBD>9,target,27\n",
       "",
       {},
       {{"wa", "AMM", "", "score", "0.25"},
        {"wa", "HBD>9", "", "score", "0.5"},
        {"wa", "", "", "quality_score", "0.375"}}},
      {"wa_ach_dsrip",
       "",
       "",
       "ach,plan,done,yes\nach,plan,value,10\nach,report,done,no\n",
       {},
       {{"ach", "", "", "paid_total", "10"}, {"ach", "", "", "complete", "no"}}},
      {"or_quality_pool", "", "", "", {}, {}},
      {"or_eot",
       "COVID-VAX,2021-01,cco,oregon_reald,race,Slavic,30,100\n"
       "COVID-VAX,2021-12,cco,oregon_reald,race,Slavic,45,100\n"
       "COVID-VAX,2021-01,cco,,,,50,100\nCOVID-VAX,2021-12,cco,,,,60,100\n",
       "",
       "",
       {},
       {{"cco", "COVID-VAX", "Slavic", "narrowed", "yes"},
        {"cco", "COVID-VAX", "Slavic", "met", "no"}}},
      {"or_pdtm",
       "M,2022,or,,language,A,120,300\nM,2022,or,,language,B,80,200\nM,2022,or,,language,C,300,"
       "500\n",
       "",
       "",
       {},
       {{"or", "M", "", "mean_rate", "0.5"},
        {"or", "M", "A", "pdtm", "-20"},
        {"or", "M", "C", "pdtm", "20"}}},
      {"or_reald",
       "M,2022,or,oregon_reald,race_and_ethnicity,Somali,30,60\nM,2022,or,,,,50,80\n",
       "",
       "",
       {},
       {{"or", "M", "Somali", "rate", "50"}, {"or", "M", "", "in_a_group", "0.75"}}},
      {"cms_core_set",
       "W30-CH,2025,ca,,sex,Female,40,80\n",
       "",
       "",
       {},
       {{"ca", "W30-CH", "Female", "rate", "50"}}},
      {"ncqa_hedis",
       "COL,MY2024,plan,ncqa_hedis,race,White,40,80\nCOL,MY2024,plan,ncqa_hedis,race,Asian,10,20\n",
       "",
       "",
       {},
       {{"plan", "COL", "White", "rate", "50"},
        {"plan", "COL", "Asian", "rate", "-na_small_denominator"}}},
      {"ncqa_hea",
       "",
       "",
       "plan,race_data,done,yes\n",
       {},
       {{"plan", "race_data", "", "done", "yes"}, {"plan", "", "", "done_count", "1"}}},
      {"cms_ma_hei",
       "",
       "",
       ",,median_srf_pct,30\n,,measures_in_set,2\nH1,,enrollees,500\nH1,,srf_pct,30\n"
       "H1,A,third,1\nH1,A,weight,3\nH1,B,third,-1\nH1,B,weight,1\nH2,,enrollees,499\n"
       "H2,,srf_pct,30\nH2,A,third,1\nH2,A,weight,1\n",
       {},
       {{"H1", "", "", "hei", "0.5"},
        {"H1", "", "", "reward", "0.2"},
        {"H2", "", "", "hei", "-not_scored"}}},
      {"cms_hospital_hrsn",
       "SDOH-1,FY2023,h,,,,90,100\nSDOH-2-FOOD,FY2023,h,,,,9,90\n",
       "",
       "h,data collection,done,yes\n",
       {},
       {{"h", "SDOH-1", "", "rate_of_all", "90"},
        {"h", "SDOH-2-FOOD", "", "rate_of_all", "10"},
        {"h", "", "", "attested_count", "1"}}},
      {"cms_medicare_stratified",
       "M,2023,us,,sex,Female,500,1000\nM,2023,us,,sex,Male,400,1000\nM,2023,us,,,,900,2000\n",
       "",
       "",
       {},
       {{"us", "M", "Male", "difference", "-10"}, {"us", "M", "Male", "of_note", "yes"}}},
      {"cms_ahead", "", "", "", {}, {}},
      {"cms_tmah", "", "", "", {}, {}},
      {"hcplan_heat", "", "", "", {}, {}},
  };
  return cases;
}

std::optional<KnownMeasure> KnownOf(std::string_view id) {
  const MeasureRate* rate = FindMeasureRate(id);
  if (rate == nullptr) return std::nullopt;
  return KnownMeasure{rate->kind, rate->better};
}

void PrintTo(const Case& one, std::ostream* out) { *out << one.id; }

const Value* Find(const Score& score, const Want& want) {
  for (const ScoreRow& row : score.rows) {
    if (row.organisation != want.organisation || row.measure != want.measure ||
        row.group.group != want.group) {
      continue;
    }
    for (const ScoreRow::Shown& shown : row.figures) {
      if (shown.figure->name == want.figure) return &shown.value;
    }
  }
  return nullptr;
}

std::string Said(const Value& value) {
  if (!value.known()) return "-" + value.reason;
  if (value.kind == Value::Kind::kTruth) return value.truth ? "yes" : "no";
  return value.number.Exact();
}

class EveryProgramme : public ::testing::TestWithParam<Case> {};

TEST_P(EveryProgramme, ComesFromItsFilesToItsFigures) {
  const Case& one = GetParam();
  const Programme* programme = FindProgramme(one.id);
  ASSERT_NE(programme, nullptr);
  Evidence evidence;
  if (*one.counts != 0) {
    const auto table = ReadCounts(
        std::string("measure,period,organisation,frame,dimension,stratum,numerator,denominator\n") +
            one.counts,
        {KnownOf});
    ASSERT_TRUE(table.ok()) << table.error().message;
    auto laid = EvidenceOf(*programme, *table, {});
    ASSERT_TRUE(laid.ok()) << laid.error().message;
    evidence = std::move(laid).value();
  }
  for (const auto& [text, file] :
       {std::pair{one.benchmarks, ValueFile::kBenchmarks}, {one.facts, ValueFile::kFacts}}) {
    if (*text == 0) continue;
    const Status read = ReadValues(std::string("organisation,measure,name,value\n") + text, file,
                                   *programme, evidence);
    ASSERT_TRUE(read.ok()) << read.error().message;
  }
  const auto score = ScoreProgramme(*programme, evidence, one.choices);
  ASSERT_TRUE(score.ok()) << score.error().message;
  EXPECT_EQ(score->version, programme->version);
  EXPECT_EQ(one.wanted.empty(), programme->kind == ProgrammeKind::kNoFormula);
  if (one.wanted.empty()) {
    EXPECT_TRUE(score->rows.empty());
    EXPECT_FALSE(score->notes.empty());
  }
  for (const Want& want : one.wanted) {
    const Value* value = Find(*score, want);
    ASSERT_NE(value, nullptr) << want.organisation << "/" << want.measure << "/" << want.group
                              << " has no " << want.figure;
    EXPECT_EQ(Said(*value), want.value) << want.measure << "/" << want.group << " " << want.figure;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryProgramme, ::testing::ValuesIn(Cases()),
                         [](const auto& one) { return std::string(one.param.id); });

TEST(Catalogue, HasFortySystemsEachWithACase) {
  std::set<std::string> cases, catalogue;
  for (const Case& one : Cases()) cases.insert(one.id);
  for (const Programme& programme : AllProgrammes()) catalogue.insert(programme.id);
  EXPECT_EQ(catalogue.size(), 40u);
  EXPECT_EQ(catalogue, cases);
}

TEST(Catalogue, HasEveryRowOfTheReference) {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  std::ifstream file(std::filesystem::path(from != nullptr ? from : "../shared/reference") /
                     "equity" / "programs.csv");
  if (!file) GTEST_SKIP() << "no reference folder";
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    if (line.empty()) continue;
    ++rows;
    EXPECT_NE(FindProgramme(line.substr(0, line.find(','))), nullptr) << line;
  }
  EXPECT_GE(rows, 40);
}

}  // namespace
}  // namespace equinode::equity::programs
