#include "domain/equity/counts/read_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace equinode::equity {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kNarrow =
    "measure,period,organisation,dimension,stratum,numerator,denominator";
constexpr std::string_view kWide =
    "measure,period,organisation,dimension,stratum,numerator,denominator,numerator_lower,"
    "numerator_upper,denominator_lower,denominator_upper,numerator_noise_variance,"
    "denominator_noise_variance,frame,source,order,kind,better";

Result<CountTable> Read(std::string_view header, std::string_view rows) {
  return ReadCounts(std::string(header) + "\n" + std::string(rows), {});
}

CellCounts FirstCounts(const Result<CountTable>& table) {
  EXPECT_TRUE(table.ok()) << table.error().message;
  return table.ok() ? table->cells[0].counts : CellCounts{};
}

TEST(ReadCounts, ReadsExactCountsAndTheirSeries) {
  const auto table = Read(kNarrow,
                          "COL,MY2024,p1,language,Spanish,5,10\n"
                          "COL,MY2024,p2,language,Spanish,6,19\n"
                          "COL,MY2024,p1,,,7,40\n");
  ASSERT_TRUE(table.ok()) << table.error().message;
  ASSERT_EQ(table->series.size(), 2U);
  EXPECT_EQ(table->series[0].measure, "COL");
  EXPECT_EQ(table->series[0].period, "MY2024");
  EXPECT_EQ(table->series[0].dimension, "language");
  EXPECT_EQ(table->series[0].stratum, "Spanish");
  EXPECT_EQ(table->series[1].dimension, "");
  EXPECT_EQ(table->organisations, (std::vector<std::string>{"p1", "p2"}));
  ASSERT_EQ(table->cells.size(), 3U);
  EXPECT_EQ(table->cells[1], (Cell{0, 1, {Count::Exact(6), Count::Exact(19)}}));
}

TEST(ReadCounts, ColumnsComeInAnyOrderAndWithBlanksSemicolonsAndCarriageReturns) {
  const auto table = ReadCounts(
      "\xEF\xBB\xBF"
      "Denominator; numerator;STRATUM;dimension;organization;period;measure\r\n"
      "10 ; 5;\" a;\"\"b \"; Language ;p1;2024;COL\r\n\r\n",
      {});
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->series[0].stratum, " a;\"b ");
  EXPECT_EQ(table->series[0].dimension, "language");
  EXPECT_EQ(table->cells[0].counts, (CellCounts{Count::Exact(5), Count::Exact(10)}));
}

TEST(ReadCounts, HiddenNumbersHaveBoundsNarrowedToWhatAProportionLeaves) {
  EXPECT_EQ(FirstCounts(Read(kWide, "COL,1,p,sex,F,,8,1,10,,,,,,,,,\n")),
            (CellCounts{Count::Between(1, 8), Count::Exact(8)}));
  EXPECT_EQ(FirstCounts(Read(kWide, "COL,1,p,sex,F,4,,,,1,10,,,,,,,\n")),
            (CellCounts{Count::Exact(4), Count::Between(4, 10)}));
  // Not for events per member months.
  EXPECT_EQ(FirstCounts(Read(kWide, "ED,1,p,sex,F,,8,1,10,,,,,,,,per_member_months,lower\n")),
            (CellCounts{Count::Between(1, 10), Count::Exact(8)}));
}

TEST(ReadCounts, NoisedNumbersMayBeNegativeAndKeepTheirVariance) {
  EXPECT_EQ(FirstCounts(Read(kWide, "COL,1,p,sex,F,-3,2,,,,,12.5,0.0000001,,,,,\n")),
            (CellCounts{Count::Noised(-3, 12'500'000), Count::Noised(2, 1)}));
}

TEST(ReadCounts, ExpectedEventsAndSumsAreDecimals) {
  const auto ratio = Read(kWide, "PCR,1,p,sex,F,12,10.25,,,,,,,,,,observed_expected,lower\n");
  EXPECT_EQ(FirstCounts(ratio), (CellCounts{Count::Exact(12), Count::Exact(10'250'000)}));
  EXPECT_EQ(ratio->series[0].kind, MeasureKind::kObservedExpected);
  EXPECT_EQ(ratio->series[0].better, Better::kLower);
  EXPECT_EQ(FirstCounts(Read(kWide, "GNC,1,p,sex,F,81.5,100,,,,,,,,,,mean,higher\n")),
            (CellCounts{Count::Exact(81'500'000), Count::Exact(100)}));
}

TEST(ReadCounts, AKnownMeasureNeedsNoKind) {
  ReadCountsOptions options;
  options.measure = [](std::string_view id) -> std::optional<KnownMeasure> {
    if (id != "PCR") return std::nullopt;
    return KnownMeasure{MeasureKind::kObservedExpected, Better::kLower};
  };
  const auto table =
      ReadCounts(std::string(kNarrow) + "\nPCR,1,p,sex,F,12,10.5\nCOL,1,p,sex,F,1,2\n", options);
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->series[0].better, Better::kLower);
  EXPECT_EQ(table->cells[0].counts.denominator, Count::Exact(10'500'000));
  EXPECT_EQ(table->cells[1].counts.denominator, Count::Exact(2));
}

TEST(ReadCounts, SixtyFourBitsAreReadAndNotMore) {
  EXPECT_EQ(FirstCounts(Read(kNarrow, "C,1,p,sex,F,9223372036854775807,9223372036854775807\n"))
                .numerator.lower,
            INT64_MAX);
  const auto over = Read(kNarrow, "C,1,p,sex,F,1,9223372036854775808\n");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "line 2, column 7 (denominator): is past 64 bits");
}

struct Wrong {
  const char* name = "";
  std::string_view header{};
  std::string_view rows{};
  const char* reason = "";
  const char* says = "";
};
class ReadCountsRefuses : public ::testing::TestWithParam<Wrong> {};

TEST_P(ReadCountsRefuses, WithPlaceAndRemedy) {
  const Wrong& wrong = GetParam();
  const auto table = Read(wrong.header, wrong.rows);
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, Code::kInvalidArgument);
  EXPECT_EQ(table.error().reason, wrong.reason);
  EXPECT_THAT(table.error().message, HasSubstr(wrong.says));
}

INSTANTIATE_TEST_SUITE_P(
    All, ReadCountsRefuses,
    ::testing::Values(
        Wrong{"Nothing", "", "", "NO_ROWS", "the file is empty"},
        Wrong{"OnlyAHeader", kNarrow, "", "NO_ROWS", "no counts"},
        Wrong{"AMisspeltColumn",
              "measure,period,organisation,dimension,stratum,numerater,denominator", "",
              "BAD_COLUMN",
              "line 1, column 6: there is no column \"numerater\"; did you mean numerator?"},
        Wrong{"AStrangeColumn", "measure,colour", "", "BAD_COLUMN", "no column \"colour\""},
        Wrong{"AMissingColumn", "measure,period,organisation,dimension,stratum,numerator", "",
              "BAD_COLUMN", "line 1: the column denominator is missing"},
        Wrong{"AColumnTwice", "measure,measure", "", "BAD_COLUMN", "comes twice"},
        Wrong{"AShortLine", kNarrow, "COL,1,p,sex,F,5\n", "BAD_CSV",
              "line 2: 6 fields where the header has 7"},
        Wrong{"AnOpenQuote", kNarrow, "COL,1,p,\"sex,F,5,6\nCOL,1,p,sex,F,5,6\n", "BAD_CSV",
              "line 2, character 9: a quote that does not close"},
        Wrong{"Words", kNarrow, "\nCOL,1,p,sex,F,many,6\n", "BAD_COUNT",
              "line 3, column 6 (numerator): is not a number"},
        Wrong{"Thousands", kNarrow, "COL,1,p,sex,F,\"1,000\",6000\n", "BAD_COUNT",
              "without thousands separators"},
        Wrong{"AFractionOfAPerson", kNarrow, "COL,1,p,sex,F,1.5,6\n", "BAD_COUNT",
              "whole number of people"},
        Wrong{"NegativePeople", kNarrow, "COL,1,p,sex,F,-1,6\n", "BAD_COUNT",
              "line 2, column 6 (numerator): a count without noise is not negative"},
        Wrong{"MoreThanAll", kNarrow, "COL,1,p,sex,F,7,6\n", "BAD_COUNT", "over the denominator"},
        Wrong{"AHiddenOneWithoutBounds", kNarrow, "COL,1,p,sex,F,,6\n", "BAD_COUNT",
              "numerator_lower and numerator_upper"},
        Wrong{"BoundsUpsideDown", kWide, "COL,1,p,sex,F,,9,5,3,,,,,,,,,\n", "BAD_COUNT",
              "column 9 (numerator_upper): is below the lower bound"},
        Wrong{"ANumberAndBounds", kWide, "COL,1,p,sex,F,4,9,5,,,,,,,,,,\n", "BAD_COUNT",
              "not both"},
        Wrong{"ANegativeVariance", kWide, "COL,1,p,sex,F,4,9,,,,,-1,,,,,,\n", "BAD_COUNT",
              "a variance is not negative"},
        Wrong{"NoMeasure", kNarrow, ",1,p,sex,F,4,9\n", "BAD_TEXT",
              "line 2, column 1 (measure): may not be blank"},
        Wrong{"ControlCharacters", kNarrow, "C\x1BL,1,p,sex,F,4,9\n", "BAD_TEXT", "control"},
        Wrong{"BrokenUtf8", kNarrow, "C\xC3L,1,p,sex,F,4,9\n", "BAD_TEXT", "broken UTF-8"},
        Wrong{"RaceWithoutAFrame", kNarrow, "COL,1,p,race,White,4,9\n", "FRAME_MISSING",
              "there is no column frame"},
        Wrong{"RaceWithABlankFrame", kWide, "COL,1,p,race,White,4,9,,,,,,,,,,,\n", "FRAME_MISSING",
              "line 2, column 14 (frame): counts by race say whose groups"},
        Wrong{"AStratumOfNothing", kNarrow, "COL,1,p,,White,4,9\n", "BAD_TEXT",
              "a stratum is of a dimension"},
        Wrong{"ARowTwice", kNarrow, "COL,1,p,sex,F,4,9\nCOL,1,p,sex,M,4,9\nCOL,1,p,sex,F,4,9\n",
              "REPEATED_ROW", "line 4, column 5 (stratum): the same measure"},
        Wrong{"TwoKinds", kWide,
              "COL,1,p,sex,F,4,9,,,,,,,,,,mean,\nCOL,1,p,sex,M,4,9,,,,,,,,,,proportion,\n",
              "MEASURE_DIFFERS", "not what line 2 says"},
        Wrong{"AnUnknownKind", kWide, "COL,1,p,sex,F,4,9,,,,,,,,,,ratio,\n", "BAD_TEXT",
              "is proportion, observed_expected"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace equinode::equity
