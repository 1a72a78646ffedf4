#include "client/import/measure_table.h"

#include <gtest/gtest.h>

#include "client/import/csv_row.h"

namespace equinode {
namespace {

TEST(CsvRow, ReadsCellsAsRfc4180HasThem) {
  std::vector<std::string> cells;
  ASSERT_TRUE(ReadCsvRow(R"(a, b ,"c,d","e ""f""",)", ',', cells).ok());
  EXPECT_EQ(cells, (std::vector<std::string>{"a", "b", "c,d", "e \"f\"", ""}));
  ASSERT_TRUE(ReadCsvRow("", ',', cells).ok());
  EXPECT_EQ(cells, std::vector<std::string>{""});
  EXPECT_EQ(ReadCsvRow("a,\"b", ',', cells).error().reason, "BAD_CSV");
  EXPECT_EQ(ReadCsvRow("\"a\"b,c", ',', cells).error().reason, "BAD_CSV");
  EXPECT_EQ(ReadCsvRow(std::string(300, ','), ',', cells).error().reason, "TOO_MANY");
  EXPECT_EQ(SeparatorOf("a;b;c,d"), ';');
  EXPECT_EQ(SeparatorOf("a\tb"), '\t');
  EXPECT_EQ(SeparatorOf("\"a;b;c\",d"), ',');
}

TEST(MeasureTable, FindsItsColumnsInAnyOrderAndCase) {
  auto table = MeasureTable::FromHeader("Period;NUMERATOR;denominator;extra;Measure;MRN", {});
  ASSERT_TRUE(table.ok()) << table.error().message;
  MeasureRow row;
  ASSERT_TRUE(table->Read("2025;1;1;x;CDC-HBA1C;000123", row).ok());
  EXPECT_EQ(row.mrn, "000123");  // Leading zeros are part of a record number.
  EXPECT_EQ(row.result, (MeasureResultRecord{"CDC-HBA1C", "2025", true, true}));
}

TEST(MeasureTable, TheProfileNamesTheColumns) {
  MeasureColumns columns;
  columns.person = "Patient";
  columns.measure = "Measure Id";
  auto table = MeasureTable::FromHeader("patient,measure id,period,denominator,numerator", columns);
  ASSERT_TRUE(table.ok()) << table.error().message;
  MeasureRow row;
  ASSERT_TRUE(table->Read("Patient/p1,M,2025-Q1,1,0", row).ok());
  EXPECT_EQ(row.person_id, "p1");
}

TEST(MeasureTable, AHeaderThatLacksAColumnIsRefusedByName) {
  const auto table = MeasureTable::FromHeader("mrn,measure,period,numerator", {});
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().reason, "CSV_HEADER");
  EXPECT_NE(table.error().message.find("not found: denominator."), std::string::npos);
  EXPECT_NE(MeasureTable::FromHeader("a,b", {}).error().message.find("leave it out"),
            std::string::npos);
  EXPECT_EQ(MeasureTable::FromHeader("measure,period,denominator,numerator", {}).error().reason,
            "CSV_HEADER");
  EXPECT_EQ(
      MeasureTable::FromHeader("mrn,mrn,measure,period,denominator,numerator", {}).error().reason,
      "CSV_HEADER");
}

TEST(MeasureTable, RefusesARowThatSaysNothingOrTooMuch) {
  auto table = MeasureTable::FromHeader("mrn,person,measure,period,denominator,numerator", {});
  ASSERT_TRUE(table.ok());
  MeasureRow row;
  const auto reason = [&](std::string_view line) {
    const Status read = table->Read(line, row);
    return read.ok() ? std::string("OK") : read.error().reason;
  };
  EXPECT_EQ(reason("1,,M,2025,1,1"), "OK");
  EXPECT_EQ(reason("1,,M,2025,yes,No"), "OK");
  EXPECT_EQ(reason("1,,M,2025,0,"), "OK");
  EXPECT_EQ(reason("1,,M,2025,1,"), "BAD_FLAG");
  EXPECT_EQ(reason("1,,M,2025,,0"), "BAD_FLAG");
  EXPECT_EQ(reason("1,,M,2025,7,1"), "BAD_FLAG");
  EXPECT_EQ(reason("1,,M,2025,0,1"), "NUMERATOR_WITHOUT_DENOMINATOR");
  EXPECT_EQ(reason(",,M,2025,1,1"), "MISSING_PERSON");
  EXPECT_EQ(reason(",a b,M,2025,1,1"), "BAD_ID");
  EXPECT_EQ(reason(",##P##,M,2025,1,1"), "PLACEHOLDER_ID");
  EXPECT_EQ(reason(std::string(129, '1') + ",,M,2025,1,1"), "BAD_MRN");
  EXPECT_EQ(reason("1,,M M,2025,1,1"), "BAD_MEASURE");
  EXPECT_EQ(reason("1,,,2025,1,1"), "BAD_MEASURE");
  EXPECT_EQ(reason("1,,M,25,1,1"), "BAD_PERIOD");
  EXPECT_EQ(reason("1,,M,2025,1"), "CELL_MISSING");
  EXPECT_EQ(reason("1,,M,2025,1,1,1"), "CELL_MISSING");
  EXPECT_EQ(reason("\"1,,M,2025,1,1"), "BAD_CSV");
  EXPECT_EQ(reason("\xFF,,M,2025,1,1"), "BAD_UTF8");
  EXPECT_EQ(reason(std::string(70'000, '1') + ",,M,2025,1,1"), "LINE_TOO_LONG");
}

}  // namespace
}  // namespace equinode
