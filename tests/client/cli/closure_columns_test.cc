#include "client/cli/closure_columns.h"

#include <gtest/gtest.h>

#include <chrono>

#include "client/cli/member_ids.h"
#include "client/convert/record_body.h"

namespace equinode::cli {
namespace {

constexpr char kPlan[] = R"(
system = "DHCS CLR"
plan = "spiffe://net.test/payer/sunrise"
[[column]]
what = "member_id"
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

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kNovember27 = 20'784 * kDay;  // 2026-11-27.

v1::Referral Failed() {
  v1::Referral referral;
  referral.set_id("01920000-0000-7000-8000-000000000001");
  referral.set_person("feed/Patient/1");
  referral.set_state("failed");
  referral.set_closure("unable-to-reach");
  referral.mutable_state_since()->set_seconds(kNovember27 + 50'000);
  // A note or an acknowledgement since is not when it failed.
  referral.mutable_last_event()->set_seconds(kNovember27 + 3 * kDay);
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
  const auto row = ClosureRow(*columns, Failed(), "S-100");
  ASSERT_TRUE(row.ok()) << row.error().message;
  EXPECT_EQ(*row,
            "S-100,01920000-0000-7000-8000-000000000001,Referral Loop Closed: Unable to "
            "Reach Member,2026-11-27,Unable to Reach Member");
  const auto lines = ParseClosures(*columns, header + "\r\n" + *row + "\r\n");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().line, 2u);
  EXPECT_EQ(lines->front().cells.at("referral"), Failed().id());
  EXPECT_EQ(lines->front().cells.at("status"), "Referral Loop Closed: Unable to Reach Member");
}

TEST(ClosureColumns, AnOpenOneHasNoReasonAndAStateWithoutAWordIsSaid) {
  auto columns = ParseClosureColumns(kPlan);
  ASSERT_TRUE(columns.ok());
  v1::Referral open = Failed();
  open.set_state("accepted");
  open.set_closure("none");
  const auto row = ClosureRow(*columns, open, "");
  ASSERT_TRUE(row.ok());
  EXPECT_TRUE(row->ends_with(",Accepted,2026-11-27,")) << *row;
  open.set_state("on-hold");
  const auto none = ClosureRow(*columns, open, "");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().reason, "NO_WORD");
  EXPECT_TRUE(none.error().message.ends_with(
      "say one of its words under [words_instead], as in on-hold = \"...\""))
      << none.error().message;
  columns = ParseClosureColumns(std::string(kPlan) +
                                "[words_instead]\non-hold = \"Outreach Initiated\"\n");
  ASSERT_TRUE(columns.ok()) << columns.error().message;
  EXPECT_TRUE(ClosureRow(*columns, open, "")->ends_with(",Outreach Initiated,2026-11-27,"));
}

TEST(ClosureColumns, TheWordThatCameInGoesOutWithItsDay) {
  const auto columns = ParseClosureColumns(kPlan);
  ASSERT_TRUE(columns.ok());
  v1::Referral referral = Failed();
  for (const auto& [system, word] : {std::pair{"findhelp", "Couldn't contact"},
                                     std::pair{"DHCS CLR", "Referral Loop Closed: Other"}}) {
    v1::StatusWordTakenIn* taken = referral.add_words();
    taken->set_system(system);
    taken->set_word(word);
    taken->mutable_said_on()->set_seconds(kNovember27 - 2 * kDay);
  }
  const auto row = ClosureRow(*columns, referral, "S-100");
  ASSERT_TRUE(row.ok());
  EXPECT_TRUE(row->ends_with(",Referral Loop Closed: Other,2026-11-25,Unable to Reach Member"))
      << *row;
}

TEST(ClosureColumns, ALineAsksForItsWordItsDayAndItsReason) {
  auto columns = ParseClosureColumns(std::string(kPlan) + "other = \"Other\"\n" +
                                     "no-capacity = \"Other\"\nclient-declined = \"Declined\"\n");
  ASSERT_TRUE(columns.ok()) << columns.error().message;
  const std::string header = "Referral ID,Status,Date of Status,Reason for Referral Loop Closure\n";
  const auto asked = [&](const std::string& cells) -> std::string {
    const auto lines = ParseClosures(*columns, header + "x," + cells + "\n");
    const auto request = RequestOf(*columns, lines->front());
    if (!request.ok()) return request.error().reason + ": " + request.error().message;
    return request->word() + "|" +
           (request->has_said_on() ? std::to_string(request->said_on().seconds()) : "") + "|" +
           request->closure();
  };
  const std::string other = "Referral Loop Closed: Other";
  EXPECT_EQ(asked(other + ",2026-11-27,"), other + "|" + std::to_string(kNovember27) + "|");
  EXPECT_EQ(asked(other + ",,Unable to Reach Member"), other + "||unable-to-reach");
  EXPECT_EQ(asked(other + ",,unable-to-reach"), other + "||unable-to-reach");
  // Of several of ours the one that the line's own word says.
  EXPECT_EQ(asked(other + ",,Other"), other + "||other");
  EXPECT_EQ(asked("Declined,,Declined"), "Declined||client-declined");
  EXPECT_TRUE(
      asked("Declined,,Other")
          .starts_with("CLOSURE_DISAGREES: line 2, column \"Reason for Referral Loop Closure\": "));
  for (const char* day : {"1999-13-45", "2026-02-29", "27/11/2026", "2026-1-2", "yesterday"}) {
    EXPECT_EQ(asked(other + "," + day + ","),
              "BAD_STATUS_DAY: line 2, column \"Date of Status\": \"" + std::string(day) +
                  "\" is no day; write YYYY-MM-DD");
  }
  EXPECT_TRUE(asked("Closed,,").starts_with("NO_SUCH_STATUS: line 2, column \"Status\": "));
}

v1::Record CoverageOf(const std::string& id, const std::string& person, CoverageRecord coverage) {
  v1::Record record;
  record.set_source_id(id);
  record.set_person(person);
  const Bytes body = BodyFrom(coverage);
  record.set_body(body.data(), body.size());
  return record;
}

TEST(MemberIds, AreThePlansOnThatDay) {
  const std::string plan = "spiffe://net.test/payer/sunrise";
  MemberIds ids(plan);
  const auto add = [&](const std::string& id, const std::string& payer, const std::string& member,
                       PartialDate start, PartialDate end, const std::string& status = "active") {
    ASSERT_TRUE(ids.Add(CoverageOf(id, "ann", {payer, "", "", member, start, end, status})).ok());
  };
  using std::chrono::sys_days;
  using std::chrono::year;
  const auto on = [&](int y) { return ids.Of("ann", sys_days{year{y} / 6 / 1}); };
  EXPECT_FALSE(ids.Covers("ann"));
  add("1", plan, "OLD", {2020, 1, 1}, {2022, 12, 31});
  add("2", plan, "NEW", {2023, 1, 1}, {});
  add("3", "spiffe://net.test/payer/bluffs", "THEIRS", {2024, 1, 1}, {});
  add("4", plan, "NEVER", {2024, 1, 1}, {}, "entered-in-error");
  EXPECT_TRUE(ids.Covers("ann"));
  EXPECT_FALSE(ids.Covers("bea"));
  EXPECT_EQ(on(2021), "OLD");
  EXPECT_EQ(on(2026), "NEW");
  EXPECT_EQ(on(2010), "NEW") << "on no day of a coverage: the last that began";
  // A later version of the same coverage; then none at all.
  add("2", plan, "NEWER", {2023, 1, 1}, {});
  EXPECT_EQ(on(2026), "NEWER");
  v1::Record gone;
  for (const char* id : {"1", "2"}) {
    gone.set_source_id(id);
    gone.set_deleted(true);
    ASSERT_TRUE(ids.Add(gone).ok());
  }
  EXPECT_FALSE(ids.Covers("ann"));
  EXPECT_EQ(on(2026), "");
}

TEST(ClosureColumns, WhatIsWrongWithTheColumnsIsSaidWithItsLine) {
  EXPECT_EQ(Why("system = 'DHCS CLR'\nrows = 1\n"),
            "BAD_COLUMNS: line 2: there are `system`, `plan`, [[column]], [closure_words] and "
            "[words_instead]");
  EXPECT_TRUE(
      Why("system = \"SuperCare\"\n").starts_with("BAD_COLUMNS: `system` says whose words"));
  EXPECT_TRUE(Why("system = \"DHCS CLR\"\n[[column]]\nwhat = \"name\"\nheading = \"Name\"\n")
                  .starts_with("BAD_COLUMNS: line 2: `what` is one of referral,"));
  EXPECT_TRUE(Why("system = \"DHCS CLR\"\n[[column]]\nwhat = \"status\"\nheading = \"S\"\n")
                  .ends_with("a [[column]] with what = \"referral\" is missing"));
  std::string planless = kPlan;
  planless.erase(planless.find("plan ="), planless.find("[[column]]") - planless.find("plan ="));
  EXPECT_TRUE(Why(planless).starts_with(
      "BAD_COLUMNS: a column with what = \"member_id\" needs to know of which plan"))
      << Why(planless);
  EXPECT_TRUE(
      Why(std::string(kPlan) + "[words_instead]\non-hold = \"On hold\"\n")
          .starts_with("BAD_COLUMNS: [words_instead] on-hold: DHCS CLR has no such status"));
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
