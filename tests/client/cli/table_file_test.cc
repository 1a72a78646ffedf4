#include "client/cli/table_file.h"

#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

std::string Said(std::string_view text) {
  const auto table = ParseTable(text);
  if (!table.ok()) return table.error().reason + ": " + table.error().message;
  std::string said;
  for (std::size_t i = 0; i < table->cells.size(); ++i) {
    said += table->cells[i] + "=" + std::to_string(table->counts[i]) + " ";
  }
  return said;
}

TEST(TableFile, ReadsCsvAsSpreadsheetsWriteIt) {
  EXPECT_EQ(Said("cell,count\nAIAN,7\nWHITE,1200\n"), "AIAN=7 WHITE=1200 ");
  EXPECT_EQ(Said("\xEF\xBB\xBF"
                 "count;year;cell\r\n7;2026;AIAN\r\n\r\n0;2026;NHPI"),
            "AIAN=7 NHPI=0 ");
  EXPECT_EQ(Said("cell,count\n\"Black, not Hispanic\",12\n"), "Black, not Hispanic=12 ");
}

TEST(TableFile, ReadsJson) {
  EXPECT_EQ(Said("\n {\"cells\": {\"AIAN\": 7, \"WHITE\": 1200}}"), "AIAN=7 WHITE=1200 ");
}

TEST(TableFile, SaysWhatIsWrongAndWhere) {
  const auto says = [](std::string_view text, std::string_view what) {
    const std::string said = Said(text);
    EXPECT_NE(said.find(what), std::string::npos) << said;
  };
  says("", "BAD_TABLE: there is no cell");
  says("cell,count\n", "BAD_TABLE: there is no cell");
  says("name,n\nAIAN,7\n", "line 1: the first line names the columns");
  says("cell,count\nAIAN,7\nNHPI\n", "line 3: there are fewer cells");
  says("cell,count\nAIAN,-1\n", "line 2: the count is a whole number");
  says("cell,count\nAIAN,1.5\n", "line 2: the count is a whole number");
  says("cell,count\nAIAN,99999999999999\n", "line 2: the count is a whole number");
  says("cell,count\nAIAN,\n", "line 2: the count is a whole number");
  says("cell,count\n,5\n", "line 2: the cell has no name");
  says("cell,count\nAIAN,7\nAIAN,8\n", "line 3: this cell comes twice");
  says("cell,count\n\"AIAN,7\n", "line 2: a quote");
  says("{\"cells\": {\"a\": 1, \"a\": 2}}", "BAD_TABLE");
  says("{\"cells\": {\"a\": -1}}", "BAD_");
  says("{\"cells\": {}}", "BAD_");
  says(
      "{\"cells\": {\"t\": 3, \"a\": 1, \"b\": 2}, \"equations\": [{\"total\": \"t\", \"parts\": "
      "[\"a\", \"b\"]}]}",
      "a family with equations");
  says("{\"cases\": [{\"id\": \"x\", \"cells\": {\"a\": 1}}]}", "write one table");
  says("{\"cells\": [1, 2]}", "write one table");
  says("{\"cells\": {\"a\": 1e3}}", "cell \"a\": the count");
  says("{\"cells\": {\"a\": 18446744073709551616}}", "cell \"a\": the count");
  says("{\"cells\": {\"a\": {}}}", "cell \"a\": the count");
  says("{\"cells\": {\"\": 1}}", "a cell has no name");
  says("{\"cells\": {\"a\": 1,}}", "not JSON at line 1");
  says("{\"a\": [[[[[[[[[[[[1]]]]]]]]]]]]}", "write one table");
  says("{", "BAD_TABLE");
}

}  // namespace
}  // namespace equinode::cli
