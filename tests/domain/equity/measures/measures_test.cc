#include "domain/equity/measures/measures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "base/csv_rows.h"

namespace equinode::equity {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Measures, ASubRateHasItsOwnDirection) {
  ASSERT_NE(FindMeasureRate("HBD<8"), nullptr);
  EXPECT_EQ(FindMeasureRate("HBD<8")->better, Better::kHigher);
  EXPECT_EQ(FindMeasureRate("HBD>9")->better, Better::kLower);
  EXPECT_EQ(FindMeasureRate("HBD>9")->measure, "HBD");
  EXPECT_EQ(FindMeasureRate("PCR")->kind, MeasureKind::kObservedExpected);
  EXPECT_EQ(FindMeasureRate("AMB-ED")->kind, MeasureKind::kPerMemberMonths);
  EXPECT_TRUE(FindMeasureRate("MN-HE")->structural);
  EXPECT_EQ(FindMeasureRate("nothing"), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(MeasureRates(), {}, &MeasureRate::id));
}

TEST(Measures, SetsChangeWithTheYear) {
  const MeasureSet* dmhc = FindMeasureSet("ca_dmhc_heqms");
  ASSERT_NE(dmhc, nullptr);
  EXPECT_THAT(RatesInYear(*dmhc, 2022), IsEmpty());
  EXPECT_THAT(RatesInYear(*dmhc, 2023), SizeIs(18));  // 13 measures.
  EXPECT_THAT(StratifiedInYear(*dmhc, 2023), ::testing::Not(Contains("CIS-10")));
  EXPECT_THAT(StratifiedInYear(*dmhc, 2024), Contains("CIS-10"));
  const MeasureSet* ncqa = FindMeasureSet("ncqa_hedis");
  EXPECT_THAT(StratifiedInYear(*ncqa, 2022),
              ElementsAre("COL", "CBP", "HBD<8", "HBD>9", "PPC-PRE", "PPC-POST", "WCV"));
  EXPECT_GT(StratifiedInYear(*ncqa, 2023).size(), StratifiedInYear(*ncqa, 2022).size());
  const MeasureSet* michigan = FindMeasureSet("mi_reported_only");
  EXPECT_THAT(RatesInYear(*michigan, 2019), Contains("CAP"));
  EXPECT_THAT(RatesInYear(*michigan, 2020), ::testing::Not(Contains("CAP")));
  EXPECT_THAT(SetsOf("HVL"), ElementsAre("la_healthequity"));
}

TEST(Measures, EveryMemberIsAKnownRate) {
  for (const MeasureSet& set : MeasureSets()) {
    EXPECT_FALSE(set.members.empty() && set.id != "pa_maternal") << set.id;
    for (const SetMember& member : set.members) {
      EXPECT_NE(FindMeasureRate(member.rate), nullptr) << set.id << " " << member.rate;
    }
  }
}

// Every row of the sources' list is in our tables: its set, its measure, its kind, its direction.
TEST(Measures, HoldEveryRowOfTheReference) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  const auto path =
      std::filesystem::path(root ? root : "../shared/reference") / "equity" / "measures.csv";
  std::ifstream in(path);
  if (!in) GTEST_SKIP() << "no reference folder";
  std::ostringstream text;
  text << in.rdbuf();
  std::size_t rows = 0;
  std::size_t unlisted = 0;
  ForEachRow(text.str(), [&](const std::vector<std::string>& row) {
    ++rows;
    const std::string where = row[0] + " " + row[1];
    const MeasureSet* set = FindMeasureSet(row[0]);
    ASSERT_NE(set, nullptr) << where;
    if (row[3].empty()) {  // "(seven HEDIS maternal measures, not listed)".
      ++unlisted;
      return;
    }
    bool found = false;
    for (const SetMember& member : set->members) {
      const MeasureRate* rate = FindMeasureRate(member.rate);
      if (rate->measure != row[3]) continue;
      found = true;
      EXPECT_TRUE(rate->steward == row[5] || rate->id == "COVID-VAX") << where;
      EXPECT_TRUE(row[7] != "lower" || rate->better == Better::kLower) << where;
      EXPECT_TRUE(row[6] != "ratio" || rate->kind == MeasureKind::kObservedExpected) << where;
    }
    EXPECT_TRUE(found) << where << " " << row[3];
  });
  std::cout << rows << " rows, " << unlisted << " without a measure\n";
  EXPECT_GE(rows, 143U);
  EXPECT_LE(unlisted, 1U);
}

}  // namespace
}  // namespace equinode::equity
