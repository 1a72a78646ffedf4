// Which code could be reported when. The dates of the issue by name; the whole reference by rule.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/csv_rows.h"
#include "domain/zcodes/code_table.h"
#include "domain/zcodes/day.h"

namespace equinode {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using Words = std::vector<std::string>;

CodeVerdict On(std::string_view code, std::string_view day) {
  return ZCodeTable::BuiltIn()->Judge(code, *ReadDay(day));
}

struct DatedCase {
  const char* name;
  const char* code;
  const char* day;
  CodeState state;
  Words successors;
};

class CodeByDate : public ::testing::TestWithParam<DatedCase> {};

TEST_P(CodeByDate, IsJudgedOnThatDay) {
  const DatedCase& c = GetParam();
  const CodeVerdict verdict = On(c.code, c.day);
  EXPECT_EQ(CodeStateName(verdict.state), CodeStateName(c.state));
  EXPECT_EQ(verdict.successors, c.successors);
}

INSTANTIATE_TEST_SUITE_P(
    All, CodeByDate,
    ::testing::Values(
        DatedCase{"HeaderFoodNow", "Z59.4", "2026-11-27", CodeState::kHeader, {"Z59.41", "Z59.48"}},
        DatedCase{"HeaderHomelessNow",
                  "Z59.0",
                  "2026-11-27",
                  CodeState::kHeader,
                  {"Z59.00", "Z59.01", "Z59.02"}},
        DatedCase{"FoodOnItsLastDay", "Z59.4", "2021-09-30", CodeState::kBillable, {}},
        DatedCase{
            "FoodTheDayAfter", "Z59.4", "2021-10-01", CodeState::kHeader, {"Z59.41", "Z59.48"}},
        DatedCase{"FinancialOnItsLastDay", "Z59.86", "2025-09-30", CodeState::kBillable, {}},
        DatedCase{"FinancialTheDayAfter",
                  "Z59.86",
                  "2025-10-01",
                  CodeState::kHeader,
                  {"Z59.861", "Z59.868", "Z59.869"}},
        DatedCase{"InadequateHousingMidYear", "Z59.1", "2023-03-31", CodeState::kBillable, {}},
        DatedCase{"InadequateHousingNextDay",
                  "Z59.1",
                  "2023-04-01",
                  CodeState::kHeader,
                  {"Z59.10", "Z59.11", "Z59.12", "Z59.19"}},
        DatedCase{"NewCodeBeforeItsTime", "Z59.41", "2021-09-30", CodeState::kNotYet, {"Z59.4"}},
        DatedCase{"NewCodeTwoStepsBack", "Z59.868", "2022-03-01", CodeState::kNotYet, {"Z59.89"}},
        DatedCase{"NewCodeThreeStepsBack", "Z59.868", "2020-03-01", CodeState::kNotYet, {"Z59.8"}},
        DatedCase{"HeaderBeforeItsTime", "Z59.81", "2020-01-01", CodeState::kNotYet, {}},
        DatedCase{
            "HeaderThatNeverWas",
            "Z55",
            "2024-01-01",
            CodeState::kHeader,
            {"Z55.0", "Z55.1", "Z55.2", "Z55.3", "Z55.4", "Z55.5", "Z55.6", "Z55.8", "Z55.9"}},
        DatedCase{"NobodyHasSeenZ5949",
                  "Z59.49",
                  "2026-11-27",
                  CodeState::kUnknown,
                  {"Z59.41", "Z59.48"}},
        DatedCase{"NobodyHasSeenZ5942",
                  "Z59.42",
                  "2026-11-27",
                  CodeState::kUnknown,
                  {"Z59.41", "Z59.48"}},
        DatedCase{"NobodyHasSeenZ5943",
                  "Z59.43",
                  "2026-11-27",
                  CodeState::kUnknown,
                  {"Z59.41", "Z59.48"}},
        DatedCase{"NobodyHasSeenZ5909",
                  "Z59.09",
                  "2026-11-27",
                  CodeState::kUnknown,
                  {"Z59.00", "Z59.01", "Z59.02"}},
        DatedCase{"UnknownOfAnOldDay", "Z59.49", "2020-01-01", CodeState::kUnknown, {"Z59.4"}},
        DatedCase{"ACategoryThatIsGone", "Z61.1", "2026-01-01", CodeState::kUnknown, {}},
        DatedCase{"TooDeep", "Z56.01", "2026-01-01", CodeState::kUnknown, {"Z56.0"}},
        DatedCase{"WithoutItsPoint", "z5941", "2026-01-01", CodeState::kBillable, {}},
        DatedCase{"NotOurs", "E11.9", "2026-01-01", CodeState::kNotCovered, {}},
        DatedCase{"NeighbourOfANeighbour", "Z71.1", "2026-01-01", CodeState::kNotCovered, {}},
        DatedCase{"NoCodeAtAll", "homeless", "2026-01-01", CodeState::kUnknown, {}},
        DatedCase{"BeforeIcd10", "Z59.5", "2015-09-30", CodeState::kNotYet, {}},
        DatedCase{"CaregiverShortLived", "Z91.A4", "2023-09-30", CodeState::kBillable, {}},
        DatedCase{"CaregiverNextDay",
                  "Z91.A4",
                  "2023-10-01",
                  CodeState::kHeader,
                  {"Z91.A41", "Z91.A48"}}),
    [](const auto& c) { return c.param.name; });

TEST(CodeByDateText, SaysWhatToUseInstead) {
  const Error error = RefusalOf(On("Z59.4", "2026-01-02"), *ReadDay("2026-01-02"));
  EXPECT_EQ(error.reason, "HEADER_CODE");
  EXPECT_EQ(
      error.message,
      "Z59.4 is a header since 2021-10-01 and cannot be reported on 2026-01-02; use Z59.41 or "
      "Z59.48");
}

// Every row of the reference: good from its first to its last day, refused on the days beside them,
// with the codes that replaced it.
TEST(CodeByDateReference, AgreesOnEveryCodeAtItsEdges) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "EQUINODE_REFERENCE_DIR is not set";
  std::ifstream file(std::string(root) + "/sdoh/zcodes.csv");
  if (!file) GTEST_SKIP() << "no sdoh/zcodes.csv there";
  std::stringstream text;
  text << file.rdbuf();
  std::size_t rows = 0;
  std::size_t replaced = 0;
  const sys_days late = *ReadDay("2026-09-30");
  ForEachRow(text.str(), [&](const Words& row) {
    ++rows;
    const auto table = ZCodeTable::BuiltIn();
    const std::string& code = row[0];
    ASSERT_NE(table->Find(code), nullptr) << code;
    EXPECT_EQ(table->Judge(code, late).billable(), row[6] == "y") << code;
    const auto from = ReadDay(row[10]);
    const auto until = ReadDay(row[11]);
    if (from) {
      EXPECT_TRUE(table->Judge(code, *from).billable()) << code;
      EXPECT_FALSE(table->Judge(code, *from - days{1}).billable()) << code;
    }
    if (!until) return;
    ++replaced;
    EXPECT_TRUE(table->Judge(code, *until).billable()) << code;
    EXPECT_FALSE(table->Judge(code, *until + days{1}).billable()) << code;
    std::string now;
    for (const std::string& next : table->Judge(code, late).successors) {
      now += (now.empty() ? "" : "|") + next;
    }
    EXPECT_EQ(now, row[12]) << code;
  });
  EXPECT_GT(rows, 200u);
  std::printf("codes: %zu, of which %zu were replaced\n", rows, replaced);
}

// The years in which each code was a header or could be reported, in the history by fiscal year.
// The one mid-year edition (1 April 2023) is told as FY2023 there: the year's last day decides.
TEST(CodeByDateReference, AgreesWithTheHistoryByFiscalYear) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "EQUINODE_REFERENCE_DIR is not set";
  std::ifstream file(std::string(root) + "/sdoh/zcodes_history.csv");
  if (!file) GTEST_SKIP() << "no sdoh/zcodes_history.csv there";
  std::stringstream text;
  text << file.rdbuf();
  std::map<std::string, std::map<int, bool>> history;
  ForEachRow(text.str(),
             [&](const Words& row) { history[row[0]][std::stoi(row[1])] = row[2] == "y"; });
  std::size_t checked = 0;
  for (const auto& [code, years] : history) {
    for (int year = 2016; year <= 2026; ++year) {
      auto known = years.upper_bound(year);
      const bool there = known != years.begin();
      const bool billable = there && (--known)->second;
      const CodeVerdict verdict = On(code, std::to_string(year) + "-09-30");
      EXPECT_EQ(verdict.billable(), billable) << code << " in FY" << year;
      if (!there) {
        EXPECT_EQ(verdict.state, CodeState::kNotYet) << code << " in FY" << year;
      }
      if (there && !billable) {
        EXPECT_EQ(verdict.state, CodeState::kHeader) << code << year;
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 2000u);
  std::printf("codes by year: %zu\n", checked);
}

}  // namespace
}  // namespace equinode
