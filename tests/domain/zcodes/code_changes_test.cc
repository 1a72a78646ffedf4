#include "domain/zcodes/code_changes.h"

#include <gtest/gtest.h>

#include <set>

namespace equinode {
namespace {

std::string TableOf(const std::string& version, const std::string& rows) {
  return "# version " + version +
         "\ncode,title,billable_from,billable_until,predecessors,domains,domain_basis,group,"
         "priority\n" +
         rows;
}

ZCodeTable Read(const std::string& text) {
  auto parsed = ZCodeTable::Parse(text);
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return *std::move(parsed);
}

const std::string kOld = "Z59.5,Poverty,2015-10-01,,,,,,\nZ59.6,Low income,2015-10-01,,,,,,\n";

constexpr std::chrono::sys_days kToday{std::chrono::year{2026} / 5 / 2};

std::string Refusal(const std::string& version, const std::string& rows, bool past = false) {
  const Status status =
      MayReplace(Read(TableOf("2025-10-01", kOld)), Read(TableOf(version, rows)), past, kToday);
  return status.ok() ? "" : status.error().reason;
}

TEST(CodeChanges, ANewYearAddsCodesAndEndsOthers) {
  const std::string next =
      "Z59.5,Poverty,2015-10-01,2026-09-30,,,,,\nZ59.51,Deep,2026-10-01,,Z59.5,,,,\n"
      "Z59.6,Little income,2015-10-01,,,,,,\n";
  EXPECT_EQ(Refusal("2026-10-01", next), "");
  using Kind = CodeChange::Kind;
  const auto changes =
      ChangesOf(Read(TableOf("2025-10-01", kOld)), Read(TableOf("2026-10-01", next)));
  EXPECT_EQ(changes, (std::vector<CodeChange>{{Kind::kEnds, "Z59.5", "2015-10-01..2026-09-30"},
                                              {Kind::kRetitled, "Z59.6", "Little income"},
                                              {Kind::kAdded, "Z59.51", "2026-10-01.."}}));
}

TEST(CodeChanges, TheSameOrAnOlderVersionIsRefused) {
  EXPECT_EQ(Refusal("2025-10-01", kOld), "OLDER_CODE_TABLE");
  EXPECT_EQ(Refusal("2024-10-01", kOld), "OLDER_CODE_TABLE");
}

TEST(CodeChanges, AVersionIsAtMostTheNextFiscalYearsFirstDay) {
  EXPECT_EQ(Refusal("2026-10-01", kOld), "");
  EXPECT_EQ(Refusal("2026-10-02", kOld), "FUTURE_CODE_TABLE");
  EXPECT_EQ(Refusal("2999-01-01", kOld), "FUTURE_CODE_TABLE");
  EXPECT_EQ(Refusal("2999-01-01", kOld, true), "FUTURE_CODE_TABLE");
  using namespace std::chrono;
  const sys_days first{year{2026} / 10 / 1};
  EXPECT_EQ(LastVersionOn(first - days{1}), first);
  EXPECT_EQ(LastVersionOn(first), sys_days{year{2027} / 10 / 1});
  EXPECT_EQ(LastVersionOn(sys_days{year{2026} / 12 / 31}), sys_days{year{2027} / 10 / 1});
}

TEST(CodeChanges, ACodeMayNotVanish) {
  EXPECT_EQ(Refusal("2026-10-01", "Z59.5,Poverty,2015-10-01,,,,,,\n"), "CODE_REMOVED");
  EXPECT_EQ(Refusal("2026-10-01", "Z59.5,Poverty,2015-10-01,,,,,,\n", true), "CODE_REMOVED");
}

TEST(CodeChanges, ThePastStaysUnlessItIsAllowedByName) {
  const std::string shorter =
      "Z59.5,Poverty,2015-10-01,2020-09-30,,,,,\nZ59.6,Low income,2015-10-01,,,,,,\n";
  EXPECT_EQ(Refusal("2026-10-01", shorter), "PAST_CHANGED");
  EXPECT_EQ(Refusal("2026-10-01", shorter, true), "");
  EXPECT_EQ(Refusal("2026-10-01", kOld + "Z59.9,Other,2020-10-01,,,,,,\n"), "PAST_CHANGED");
}

TEST(CodeChanges, ATableIsOfTheCategoriesThatTheProgramKnows) {
  std::set<std::string> neighbours;
  const ZCodeTable& own = *ZCodeTable::BuiltIn();
  for (const auto& [code, row] : own.codes()) {
    EXPECT_TRUE(IsSocialCategory(code)) << code;
    const std::string category = code.substr(0, 3);
    if (category < "Z55" || category > "Z65") neighbours.insert(category);
  }
  EXPECT_EQ(neighbours, (std::set<std::string>{"Z69", "Z71", "Z73", "Z74", "Z75", "Z76", "Z91"}));
  for (const char* other : {"Q12.3", "Z54.0", "Z66", "Z72.0", "F10.20", "T74.11"}) {
    EXPECT_FALSE(IsSocialCategory(other)) << other;
    const auto parsed =
        ZCodeTable::Parse(TableOf("2026-10-01", kOld + other + ",Something,2026-10-01,,,,,,\n"));
    ASSERT_FALSE(parsed.ok()) << other;
    EXPECT_EQ(parsed.error().reason, "BAD_CODE_TABLE");
    EXPECT_TRUE(parsed.error().message.starts_with("line 5: ")) << parsed.error().message;
  }
}

TEST(CodeChanges, TheBuiltInMayBeFollowed) {
  std::string next(ZCodeTable::BuiltInText());
  next.replace(next.find("2025-10-01"), 10, "2026-10-01");
  next += "Z59.42,Something new,2026-10-01,,Z59.48,food-insecurity,test,food,\n";
  EXPECT_TRUE(MayReplace(*ZCodeTable::BuiltIn(), Read(next), false, kToday).ok());
}

}  // namespace
}  // namespace equinode
