#include "client/csv/csv_cell.h"

#include <gtest/gtest.h>

namespace equinode {
namespace {

TEST(CsvCell, IsNeitherBrokenNorAFormula) {
  EXPECT_EQ(CsvCell("plain"), "plain");
  EXPECT_EQ(CsvCell("Peña"), "Peña");
  EXPECT_EQ(CsvCell("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvCell("a;b"), "\"a;b\"");
  EXPECT_EQ(CsvCell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(CsvCell("a\nb\x01"), "a b ");
  EXPECT_EQ(CsvCell("=1+1"), "'=1+1");
  EXPECT_EQ(CsvCell("  @SUM(A1)"), "'  @SUM(A1)");
  EXPECT_EQ(CsvCell("\t=1"), "' =1");
  EXPECT_EQ(CsvCell("+1"), "'+1");
  EXPECT_EQ(CsvCell("-1"), "'-1");
  EXPECT_EQ(CsvCell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
  EXPECT_EQ(CsvCell(""), "");
}

}  // namespace
}  // namespace equinode
