#include "client/cli/closure_columns.h"

#include <gtest/gtest.h>

namespace equinode::cli {
namespace {

constexpr char kPlan[] = R"(
system = "DHCS CLR"
[[column]]
what = "person"
heading = "Member ID"
[[column]]
what = "referral"
heading = "Referral ID"
[[column]]
what = "status"
heading = "Status"
[[column]]
what = "status_date"
heading = "Date of Status"
[[column]]
what = "closure"
heading = "Reason for Referral Loop Closure"
[closure_words]
unable-to-reach = "Unable to Reach Member"
)";

v1::Referral Failed() {
  v1::Referral referral;
  referral.set_id("01920000-0000-7000-8000-000000000001");
  referral.set_person("feed/Patient/1");
  referral.set_state("failed");
  referral.set_closure("unable-to-reach");
  return referral;
}

std::string Why(std::string_view toml) {
  const auto columns = ParseClosureColumns(toml);
  return columns.ok() ? "OK" : columns.error().reason + ": " + columns.error().message;
}

TEST(ClosureColumns, GoOutInThePlansColumnsAndComeBackAsTheSame) {
  const auto columns = ParseClosureColumns(kPlan);
  ASSERT_TRUE(columns.ok()) << columns.error().message;
  const std::string header = ClosureHeader(*columns);
  EXPECT_EQ(header, "Member ID,Referral ID,Status,Date of Status,Reason for Referral Loop Closure");
  const auto row = ClosureRow(*columns, Failed(), "2026-11-27");
  ASSERT_TRUE(row.ok()) << row.error().message;
  EXPECT_EQ(*row,
            "feed/Patient/1,01920000-0000-7000-8000-000000000001,Referral Loop Closed: Unable to "
            "Reach Member,2026-11-27,Unable to Reach Member");
  const auto lines = ParseClosures(*columns, header + "\r\n" + *row + "\r\n");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().line, 2u);
  EXPECT_EQ(lines->front().cells.at("referral"), Failed().id());
  EXPECT_EQ(lines->front().cells.at("status"), "Referral Loop Closed: Unable to Reach Member");
}

TEST(ClosureColumns, AnOpenOneHasNoReasonAndAStateWithoutAWordIsSaid) {
  const auto columns = ParseClosureColumns(kPlan);
  ASSERT_TRUE(columns.ok());
  v1::Referral open = Failed();
  open.set_state("accepted");
  open.set_closure("none");
  const auto row = ClosureRow(*columns, open, "2026-11-27");
  ASSERT_TRUE(row.ok());
  EXPECT_TRUE(row->ends_with(",Accepted,2026-11-27,")) << *row;
  open.set_state("on-hold");
  const auto none = ClosureRow(*columns, open, "2026-11-27");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().reason, "NO_WORD");
}

TEST(ClosureColumns, WhatIsWrongWithTheColumnsIsSaidWithItsLine) {
  EXPECT_EQ(Why("system = 'DHCS CLR'\nrows = 1\n"),
            "BAD_COLUMNS: line 2: there are `system`, [[column]] and [closure_words]");
  EXPECT_TRUE(
      Why("system = \"SuperCare\"\n").starts_with("BAD_COLUMNS: `system` says whose words"));
  EXPECT_TRUE(Why("system = \"DHCS CLR\"\n[[column]]\nwhat = \"name\"\nheading = \"Name\"\n")
                  .starts_with("BAD_COLUMNS: line 2: `what` is one of referral,"));
  EXPECT_TRUE(Why("system = \"DHCS CLR\"\n[[column]]\nwhat = \"status\"\nheading = \"S\"\n")
                  .ends_with("a [[column]] with what = \"referral\" is missing"));
  std::string twice = kPlan;
  twice.insert(twice.find("[closure_words]"),
               "[[column]]\nwhat = \"need\"\nheading = \"Status\"\n");
  EXPECT_TRUE(Why(twice).ends_with("this column is named twice")) << Why(twice);
  EXPECT_TRUE(Why("system = \n").starts_with("BAD_COLUMNS: line ")) << Why("system = \n");
}

TEST(ClosureColumns, WhatIsWrongWithAFileIsSaidWithItsLine) {
  const auto columns = ParseClosureColumns(kPlan);
  ASSERT_TRUE(columns.ok());
  const auto why = [&](std::string_view csv) {
    const auto lines = ParseClosures(*columns, csv);
    return lines.ok() ? "OK" : lines.error().reason + ": " + lines.error().message;
  };
  EXPECT_EQ(why("Member ID,Status\nx,y\n"),
            "BAD_CLOSURES: line 1: the column for `referral` is not in the header");
  EXPECT_EQ(why("Referral ID,Status\na,b\nc\n"),
            "BAD_CLOSURES: line 3: 1 cells where the header has 2");
  EXPECT_TRUE(why("Referral ID,Status\n\"a,b\n").starts_with("BAD_CLOSURES: line 2")) << "no end";
  // A semicolon, a mark at the start, a column of their own.
  EXPECT_EQ(why("\xEF\xBB\xBFReferral ID;Their own;Status\na;1;b\n"), "OK");
}

}  // namespace
}  // namespace equinode::cli
