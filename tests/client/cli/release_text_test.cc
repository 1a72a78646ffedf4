#include "client/cli/release_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Release Sample() {
  v1::Release release;
  release.set_definition_name("r");
  release.set_definition_version(2);
  release.set_number(5);
  release.set_title("Sexes");
  release.mutable_period_end()->set_year(2025);
  release.mutable_period_end()->set_month(6);
  release.mutable_period_end()->set_day(30);
  release.add_answered("spiffe://n/practice/a");
  release.add_silent("spiffe://n/practice/b");
  release.set_note("people count twice");
  v1::PooledTable& table = *release.add_tables();
  table.set_table_id("sex");
  table.set_measure("CBP");
  table.set_stratifier(v1::STRATIFIER_SEX);
  v1::PooledCell& shown = *table.add_cells();
  shown.set_stratum("FEMALE");
  shown.mutable_denominator()->mutable_value()->set_count(120);
  shown.mutable_numerator()->mutable_value()->set_count(0);
  v1::PooledCell& hidden = *table.add_cells();
  hidden.set_stratum("MALE");
  hidden.mutable_denominator()->mutable_value()->set_suppressed(v1::SUPPRESSED_HIDDEN);
  hidden.mutable_denominator()->set_shown_sum(33);
  hidden.mutable_denominator()->set_nodes_hidden(1);
  hidden.mutable_numerator()->mutable_value()->set_suppressed(v1::SUPPRESSED_WITHHELD);
  hidden.mutable_numerator()->set_nodes_hidden(2);
  return release;
}

TEST(ReleaseText, NeverShowsAHiddenValueAsANumber) {
  const std::string table = ReleaseText(Sample(), Format::kTable);
  EXPECT_THAT(
      table, HasSubstr("of people hidden at 1 node, the others show 33; number hidden at 2 nodes"));
  EXPECT_THAT(table, HasSubstr("silent: spiffe://n/practice/b"));
  EXPECT_THAT(table, HasSubstr("note: people count twice"));
  const Json json = ReleaseJson(Sample());
  const Json& male = json["tables"][0]["cells"][1];
  EXPECT_EQ(json["title"], "Sexes");
  EXPECT_EQ(json["period_end"], "2025-06-30");
  EXPECT_TRUE(male["denominator"]["count"].is_null());
  EXPECT_EQ(male["denominator"]["hidden"], true);
  EXPECT_TRUE(male["numerator"]["count"].is_null());
  EXPECT_EQ(json["tables"][0]["cells"][0]["numerator"]["count"], 0);
}

TEST(ReleaseText, IsOneRowACellInCsv) {
  const std::string csv = ReleaseText(Sample(), Format::kCsv);
  EXPECT_THAT(csv, HasSubstr("r,2,5,,2025-06-30,sex,CBP,sex,FEMALE,120,false,0,0,0,false,0,0\n"));
  EXPECT_THAT(csv, HasSubstr("sex,CBP,sex,MALE,,true,33,1,,true,0,2\n"));
}

TEST(ReleaseText, TellsNoNumeratorFromAHiddenOne) {
  v1::Release release = Sample();
  release.mutable_tables(0)->mutable_cells(0)->clear_numerator();
  const Json json = ReleaseJson(release);
  EXPECT_TRUE(json["tables"][0]["cells"][0]["numerator"].is_null());
  EXPECT_TRUE(json["tables"][0]["cells"][1]["numerator"]["hidden"].get<bool>());
}

TEST(ReleaseText, TheDictionaryLiesBesideTheCells) {
  EXPECT_EQ(DictionaryPath("out/first.csv"), "out/first.dictionary.csv");
  EXPECT_EQ(DictionaryPath("cells"), "cells.dictionary.csv");
}

}  // namespace
}  // namespace equinode::cli
