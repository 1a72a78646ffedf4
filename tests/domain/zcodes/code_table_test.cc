#include "domain/zcodes/code_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/zcodes/day.h"

namespace equinode {
namespace {

constexpr const char* kHead =
    "# version 2026-10-01\n"
    "code,title,billable_from,billable_until,predecessors,domains,domain_basis,group,priority\n";

struct Case {
  const char* name;
  std::string text;
  const char* says;
};

class BadTable : public ::testing::TestWithParam<Case> {};

TEST_P(BadTable, IsRefusedWithItsLine) {
  const auto parsed = ZCodeTable::Parse(GetParam().text);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().reason, "BAD_CODE_TABLE");
  EXPECT_NE(parsed.error().message.find(GetParam().says), std::string::npos)
      << parsed.error().message;
}

std::string With(const std::string& rows) { return kHead + rows; }

INSTANTIATE_TEST_SUITE_P(
    All, BadTable,
    ::testing::Values(
        Case{"Empty", "", "line 1: the first line is"},
        Case{"NoVersion", "code,title\nZ59.1,x\n", "line 1: the first line is"},
        Case{"VersionIsNoDay", "# version 2026-02-30\n", "line 1"},
        Case{"ColumnMissing", "# version 2026-10-01\ncode,title\n", "line 2: there is no column"},
        Case{"NoRows", kHead, "holds no code"},
        Case{"NoCode", With("homeless,x,2020-10-01,,,,,,\n"), "line 3: \"homeless\" is no code"},
        Case{"LowerCase", With("z59.5,x,2020-10-01,,,,,,\n"), "line 3"},
        Case{"NoTitle", With("Z59.5,,2020-10-01,,,,,,\n"), "line 3: Z59.5 has no title"},
        Case{"Twice", With("Z59.5,x,2020-10-01,,,,,,\nZ59.5,x,2020-10-01,,,,,,\n"),
             "line 4: Z59.5 stands twice"},
        Case{"BadDay", With("Z59.5,x,2020-13-01,,,,,,\n"), "line 3: \"2020-13-01\" is no day"},
        Case{"EndsFirst", With("Z59.5,x,2020-10-01,2019-10-01,,,,,\n"), "ends before it begins"},
        Case{"EndsWithoutStart", With("Z59.5,x,,2019-10-01,,,,,\n"), "ends before it begins"},
        Case{"StrangePredecessor", With("Z59.5,x,2020-10-01,,Z59.6,,,,\n"),
             "line 3: the predecessor Z59.6"},
        Case{"StrangeDomain", With("Z59.5,x,2020-10-01,,,food,,,\n"), "no need domain \"food\""},
        Case{"LonelyHeader", With("Z59,x,,,,,,,\n"), "line 3: Z59 can never be reported"},
        Case{"ParentAndChild", With("Z59.5,x,2020-10-01,,,,,,\nZ59.51,x,2021-10-01,,,,,,\n"),
             "line 3: Z59.5 could be reported on a day on which Z59.51 could"},
        Case{"FieldMissing", With("Z59.5,x,2020-10-01,,,,,\n"), "line 3: 8 fields"},
        Case{"OpenQuote", With("Z59.5,\"x,2020-10-01,,,,,,\n"), "line 3: a quote does not close"},
        Case{"ControlCharacter", With("Z59.5,a\x01,2020-10-01,,,,,,\n"), "line 3: a control"},
        Case{"Priority", With("Z59.5,x,2020-10-01,,,,,,yes\n"), "line 3: priority is"}),
    [](const auto& c) { return c.param.name; });

TEST(CodeTable, TakesColumnsInAnyOrderAndCrLf) {
  const auto parsed = ZCodeTable::Parse(
      "\xEF\xBB\xBF# version 2026-10-01\r\n"
      "group,title,code,billable_from,billable_until,predecessors,domains,domain_basis,priority\r\n"
      "economic,\"Poverty, \"\"extreme\"\"\",Z59.5,2020-10-01,,,financial-insecurity,x,m");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const ZCode* code = parsed->Find("Z59.5");
  ASSERT_NE(code, nullptr);
  EXPECT_EQ(code->title, "Poverty, \"extreme\"");
  EXPECT_EQ(code->domains, std::vector<std::string>{"financial-insecurity"});
  EXPECT_TRUE(code->priority);
}

TEST(CodeTable, BuiltInCanBeRead) {
  const auto parsed = ZCodeTable::Parse(ZCodeTable::BuiltInText());
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(DayText(parsed->version()), "2025-10-01");
  std::size_t chapter = 0;
  for (const auto& [name, code] : parsed->codes()) {
    const bool in_chapter = name >= "Z55" && name < "Z66";
    chapter += in_chapter && parsed->Judge(name, *ReadDay("2026-01-01")).billable() ? 1 : 0;
  }
  EXPECT_EQ(chapter, 117u);  // Billable Z55-Z65 of FY2026.
}

TEST(CodeTable, NormalForm) {
  EXPECT_EQ(NormalCode(" z59.41 "), "Z59.41");
  EXPECT_EQ(NormalCode("Z5941"), "Z59.41");
  EXPECT_EQ(NormalCode("z91a41"), "Z91.A41");
  EXPECT_EQ(NormalCode("Z59"), "Z59");
  for (const char* bad : {"", "Z", "59.1", "Z5.941", "Z59.", "Z59.4.1", "Z59.41234", "Z59.4é"}) {
    EXPECT_EQ(NormalCode(bad).empty() || NormalCode(bad) == "Z59", true) << bad;
  }
}

// Whatever the code and the day: what is offered in its place can be reported on that day.
RC_GTEST_PROP(CodeTableProperty, SuccessorsAreGoodOnThatDay, ()) {
  const auto table = ZCodeTable::BuiltIn();
  const auto& codes = table->codes();
  auto at = codes.begin();
  std::advance(at, *rc::gen::inRange(0, static_cast<int>(codes.size())));
  std::string code = at->first;
  if (*rc::gen::arbitrary<bool>()) code += std::to_string(*rc::gen::inRange(0, 10));
  const auto day = *ReadDay("2014-01-01") + std::chrono::days{*rc::gen::inRange(0, 5500)};
  const CodeVerdict verdict = table->Judge(code, day);
  RC_ASSERT(!verdict.billable() || verdict.successors.empty());
  for (const std::string& next : verdict.successors) RC_ASSERT(table->Judge(next, day).billable());
  RC_ASSERT(std::is_sorted(verdict.successors.begin(), verdict.successors.end()));
  // A header always says what to choose.
  RC_ASSERT(verdict.state != CodeState::kHeader || !verdict.successors.empty());
}

}  // namespace
}  // namespace equinode
