#include "client/privacy/family_file.h"

#include <gtest/gtest.h>

namespace equinode::privacy {
namespace {

struct Wrong {
  const char* name;
  const char* text;
  const char* reason;
  const char* says;
};

class FamilyFileRefuses : public ::testing::TestWithParam<Wrong> {};

TEST_P(FamilyFileRefuses, WithThePlace) {
  const auto file = ParseFamilies(GetParam().text);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().reason, GetParam().reason);
  EXPECT_NE(file.error().message.find(GetParam().says), std::string::npos) << file.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    All, FamilyFileRefuses,
    ::testing::Values(
        Wrong{"NoJson", "{", "BAD_FAMILY", "no JSON"},
        Wrong{"NoCells", "{}", "BAD_FAMILY", "cells"},
        Wrong{"ACellTwice", R"({"cells": {"a": 1, "a": 2}})", "BAD_FAMILY", "'a' comes twice"},
        Wrong{"AFraction", R"({"cells": {"a": 1.5}})", "BAD_FAMILY", "cells.a"},
        Wrong{"BelowZero", R"({"cells": {"a": -1}})", "BAD_COUNT", "'a'"},
        Wrong{"TooLarge", R"({"cells": {"a": 18446744073709551615}})", "BAD_COUNT", "'a'"},
        Wrong{"UnknownPart",
              R"({"cells": {"a": 1}, "equations": [{"total": "a", "parts": ["b"]}]})", "BAD_FAMILY",
              "equations[0].parts[0]"},
        Wrong{"WrongSum",
              R"({"cells": {"a": 5, "b": 4}, "equations": [{"total": "a", "parts": ["b"]}]})",
              "EQUATION_WRONG", "equations[0]"},
        Wrong{"InAList", R"({"cases": [{"cells": {"a": 1}}, {"cells": {"a": true}}]})",
              "BAD_FAMILY", "cases[1].cells.a"},
        Wrong{
            "WrongRate",
            R"({"cells": {"n": 49, "d": 55}, "rates": [{"num": "n", "den": "d", "percent": "89.2"}]})",
            "RATE_WRONG", "rates[0]"},
        Wrong{
            "ANumberForARate",
            R"({"cells": {"n": 49, "d": 55}, "rates": [{"num": "n", "den": "d", "percent": 89.1}]})",
            "BAD_FAMILY", "as text"},
        Wrong{"ZeroHidden", R"({"cells": {"a": 0}, "patterns": [{"suppressed": ["a"]}]})",
              "ZERO_HIDDEN", "'a'"},
        Wrong{"AMisspeltKey", R"({"cells": {"a": 3}, "never_supressed": ["a"]})", "BAD_FAMILY",
              "never_supressed: there is no such key; write \"never_suppressed\""},
        Wrong{"AMisspeltKeyOfARate", R"({"cells": {"n": 49, "d": 55}, "rates": [{"num": "n",
              "den": "d", "percent": "89", "decimal": 0}]})",
              "BAD_FAMILY", "rates[0].decimal: there is no such key; write \"decimals\""},
        Wrong{"AMisspeltKeyOfAPattern", R"({"cells": {"n": 49}, "patterns": [{"suppressed": [],
              "withheld_rate": []}]})",
              "BAD_FAMILY", "patterns[0].withheld_rate"},
        Wrong{"ZerosInWords", R"({"cells": {"a": 3}, "zeros_always_published": "no"})",
              "BAD_FAMILY", "zeros_always_published: is true or false"},
        Wrong{"Threshold", R"({"threshold": 1, "cells": {"a": 0}})", "BAD_FAMILY", "threshold"},
        Wrong{"UnknownKept", R"({"cells": {"a": 0}, "never_suppressed": ["b"]})", "BAD_FAMILY",
              "never_suppressed[0]"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(FamilyFile, ReadsEveryKey) {
  const auto file = ParseFamilies(R"({"id": "f", "threshold": 6, "zeros_always_published": false,
    "cells": {"d": 55, "n": 49, "c": 6, "u": 55, "z": 0},
    "equations": [{"total": "d", "parts": ["n", "c"]}, {"total": "u", "parts": ["d"]}],
    "rates": [{"num": "n", "den": "d", "percent": "89.1", "decimals": 1, "published": true},
              {"num": "c", "den": "u", "percent": "10.91", "decimals": 2}],
    "never_suppressed": ["d"], "published_before": ["n"], "hidden_before": ["c"], "unprinted": ["u"],
    "important": ["z"], "coarsenings": [{"name": "s", "drops": ["n"], "shows": ["u"]}],
    "tables": [{"name": "t", "cells": ["n", "c"], "width": 3}], "colour": "red",
    "patterns": [{"suppressed": ["z"], "withheld_rates": [1], "shown": ["u"], "dropped": ["d"]}]})");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_FALSE(file->list);
  const FamilyCase& one = file->cases.at(0);
  EXPECT_EQ(one.small.to, 5);
  EXPECT_FALSE(one.family.zeros_printed);
  EXPECT_EQ(one.family.cells[0].kind, CellKind::kKept);
  EXPECT_EQ(one.family.cells[1].kind, CellKind::kPublished);
  EXPECT_EQ(one.family.cells[2].kind, CellKind::kHiddenBefore);
  EXPECT_EQ(one.family.cells[3].kind, CellKind::kUnprinted);
  EXPECT_TRUE(one.family.cells[4].important);
  EXPECT_TRUE(one.family.rates[0].published);
  EXPECT_EQ(one.family.rates[1].scaled, 1091);
  EXPECT_EQ(PercentText(one.family.rates[1]), "10.91");
  EXPECT_EQ(one.unread, (std::vector<std::string>{"tables[0].width", "colour"}));
  // d = n + c covers the first rate; nothing covers the second.
  EXPECT_EQ(one.rates_without_complement, std::vector<std::size_t>{1});
  const Pattern& pattern = one.patterns.at(0).pattern;
  EXPECT_EQ(pattern.cells,
            (std::vector<CellState>{CellState::kDropped, CellState::kShown, CellState::kShown,
                                    CellState::kShown, CellState::kHidden}));
  EXPECT_EQ(pattern.rates_shown, (std::vector<std::uint8_t>{1, 0}));
}

TEST(FamilyFile, APatternIsAListOrAnObject) {
  const auto file = ParseFamilies(R"({"cells": {"a": 3, "b": 4}})");
  ASSERT_TRUE(file.ok());
  const auto list = ParsePattern(file->cases[0], R"(["b"])");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->cells[1], CellState::kHidden);
  EXPECT_TRUE(ParsePattern(file->cases[0], R"({"suppressed": []})").ok());
  EXPECT_FALSE(ParsePattern(file->cases[0], R"(["c"])").ok());
  EXPECT_FALSE(ParsePattern(file->cases[0], R"({"dropped": ["a"]})").ok());
}

}  // namespace
}  // namespace equinode::privacy
