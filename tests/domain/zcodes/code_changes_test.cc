#include "domain/zcodes/code_changes.h"

#include <gtest/gtest.h>

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

std::string Refusal(const std::string& version, const std::string& rows, bool past = false) {
  const Status status =
      MayReplace(Read(TableOf("2025-10-01", kOld)), Read(TableOf(version, rows)), past);
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

TEST(CodeChanges, TheBuiltInMayBeFollowed) {
  std::string next(ZCodeTable::BuiltInText());
  next.replace(next.find("2025-10-01"), 10, "2026-10-01");
  next += "Z59.42,Something new,2026-10-01,,Z59.48,food-insecurity,test,food,\n";
  EXPECT_TRUE(MayReplace(*ZCodeTable::BuiltIn(), Read(next), false).ok());
}

}  // namespace
}  // namespace equinode
