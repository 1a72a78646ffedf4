#include "client/cli/sheet.h"

#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

Sheet Two() {
  Sheet sheet({"name", "people"});
  sheet.Add({"Peña", 12});
  sheet.Add({"a, \"b\"", Json()});
  return sheet;
}

TEST(Sheet, AlignsColumnsByWhatIsSeen) {
  EXPECT_EQ(Two().Text(Format::kTable),
            "name    people\n"
            "Peña        12\n"
            "a, \"b\"  \n");
}

TEST(Sheet, QuotesCsvCells) {
  EXPECT_EQ(Two().Text(Format::kCsv), "name,people\nPeña,12\n\"a, \"\"b\"\"\",\n");
}

TEST(Sheet, IsJsonForPrograms) {
  const Json json = Json::parse(Two().Text(Format::kJson));
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[0]["people"], 12);
  EXPECT_TRUE(json[1]["people"].is_null());
}

TEST(Sheet, LetsNoFormulaIntoASpreadsheet) {
  Sheet sheet({"name"});
  sheet.Add({"=HYPERLINK(0)"});
  sheet.Add({-5});
  EXPECT_EQ(sheet.Text(Format::kCsv), "name\n'=HYPERLINK(0)\n-5\n");
}

TEST(Harmless, TakesWhatSteersATerminal) {
  EXPECT_EQ(Harmless("a\x1b[2Jb\nc\x7f"), "a [2Jb c ");
  EXPECT_EQ(Harmless("\xc2\x9b"
                     "31m"),
            " 31m");  // CSI as one C1 character.
  EXPECT_EQ(Harmless("Inés 北"), "Inés 北");
  EXPECT_EQ(Harmless("\xff\xc3"), "??");
}

}  // namespace
}  // namespace equinode::cli
