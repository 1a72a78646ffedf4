#include "domain/equity/counts/stratify.h"

#include <gtest/gtest.h>

#include "domain/equity/counts/read_counts.h"

namespace equinode::equity {
namespace {

std::vector<Stratification> StratifiedOf(std::string_view csv) {
  const auto table = ReadCounts(csv, {});
  EXPECT_TRUE(table.ok()) << table.error().message;
  return table.ok() ? Stratify(*table) : std::vector<Stratification>{};
}

TEST(Stratify, PutsTheStrataOfOneDimensionSideBySide) {
  const auto all = StratifiedOf(
      "measure,period,organisation,dimension,stratum,numerator,denominator,frame,order\n"
      "COL,2024,p1,race,White,5,10,omb_1997,\n"
      "COL,2024,p1,income,low,1,10,,1\n"
      "COL,2024,p1,race,Black or African American,6,10,omb_1997,\n"
      "COL,2024,p2,race,White,5,11,omb_1997,\n"
      "COL,2024,p1,,,12,22,,\n"
      "COL,2024,p1,income,high,2,10,,2\n"
      "COL,2024,p1,income,,4,21,,\n"
      "COL,2024,p1,race,White,7,10,omb_2024,\n");
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].dimension, "race");
  EXPECT_EQ(all[0].frame, "omb_1997");
  ASSERT_EQ(all[0].strata.size(), 2U);
  EXPECT_EQ(all[0].strata[1].name, "Black or African American");
  ASSERT_TRUE(all[0].total.has_value());  // StratifiedOf all people.
  EXPECT_EQ(all[0].total->denominator, Count::Exact(22));
  EXPECT_FALSE(all[0].ordered());
  EXPECT_TRUE(all[1].ordered());
  ASSERT_TRUE(all[1].total.has_value());  // Its own.
  EXPECT_EQ(all[1].total->denominator, Count::Exact(21));
  EXPECT_EQ(all[2].organisation, "p2");
  EXPECT_FALSE(all[2].total.has_value());
  EXPECT_EQ(all[3].dimension, "");
  EXPECT_TRUE(all[3].strata.empty());
  EXPECT_EQ(all[4].frame, "omb_2024");
  EXPECT_EQ(all[4].strata.size(), 1U);
}

TEST(Stratify, PeopleWithoutAnAnswerAreNoGroup) {
  for (const char* word :
       {"UNKNOWN", "Declined", "NOT_ASKED", "Asked But No Answer", "Unknown/Other/Declined"}) {
    EXPECT_TRUE(IsNoAnswer(word)) << word;
  }
  for (const char* word : {"White", "Other", "Some Other Race", "Two or More Races"}) {
    EXPECT_FALSE(IsNoAnswer(word)) << word;
  }
}

}  // namespace
}  // namespace equinode::equity
