#include "domain/privacy/blocks/partition.h"

#include <gtest/gtest.h>

#include "domain/privacy/blocks/partition_book.h"

namespace equinode::blocks {
namespace {

// Practices "a1", "a2", ... of block "a".
DeclaredBlock Declare(const std::string& id, int practices, const std::string& neighbour = "") {
  DeclaredBlock block{id, {}, neighbour};
  for (int i = 1; i <= practices; ++i) block.practices.push_back(id + std::to_string(i));
  return block;
}

void Report(std::vector<Panel>* panels, const std::string& id,
            const std::vector<std::uint64_t>& people) {
  for (std::size_t i = 0; i < people.size(); ++i) {
    panels->push_back({id + std::to_string(i + 1), people[i]});
  }
}

std::string Names(const Result<Partition>& partition) {
  if (!partition.ok()) return partition.error().reason;
  std::string names;
  for (const Block& block : partition->blocks()) {
    names += block.id + ":" + std::to_string(block.practices.size()) + " ";
  }
  for (const WithheldBlock& one : partition->withheld()) {
    names += std::string("(") + one.block.id + " " +
             (one.why == WhyWithheld::kDominated ? "dominated" : "few") + ") ";
  }
  if (!names.empty()) names.pop_back();
  return names;
}

struct Case {
  std::string name{};
  std::vector<DeclaredBlock> declared{};
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>> reports{};
  std::string expected{};
  BlockRule rule{};
};

class FormsBlocks : public ::testing::TestWithParam<Case> {};

TEST_P(FormsBlocks, AsTheRuleSays) {
  std::vector<Panel> panels;
  for (const auto& [id, people] : GetParam().reports) Report(&panels, id, people);
  EXPECT_EQ(Names(Partition::Form(GetParam().declared, panels, GetParam().rule)),
            GetParam().expected);
}

const std::vector<std::uint64_t> kFive(5, 100);

INSTANTIATE_TEST_SUITE_P(
    All, FormsBlocks,
    ::testing::Values(
        Case{"FiveAreEnough", {Declare("a", 5)}, {{"a", kFive}}, "a:5"},
        Case{"FourAreNot", {Declare("a", 5)}, {{"a", {100, 100, 100, 100}}}, "(a few)"},
        Case{"OneWithoutPeopleDoesNotCount",
             {Declare("a", 5)},
             {{"a", {100, 100, 100, 100, 0}}},
             "(a few)"},
        Case{"SixOfWhichOneIsEmptyAreEnough",
             {Declare("a", 6)},
             {{"a", {100, 100, 100, 100, 0, 100}}},
             "a:6"},
        Case{"HalfIsAllowed", {Declare("a", 5)}, {{"a", {400, 100, 100, 100, 100}}}, "a:5"},
        Case{"MoreThanHalfIsNot",
             {Declare("a", 5)},
             {{"a", {401, 100, 100, 100, 100}}},
             "(a dominated)"},
        Case{"ASmallOneJoinsItsNeighbour",
             {Declare("a", 3, "b"), Declare("b", 5), Declare("c", 5)},
             {{"a", {1, 2, 3}}, {"b", kFive}, {"c", kFive}},
             "a+b:8 c:5"},
        Case{"ADominatedOneJoinsItsNeighbour",
             {Declare("a", 5, "b"), Declare("b", 5)},
             {{"a", {401, 100, 100, 100, 100}}, {"b", kFive}},
             "a+b:10"},
        Case{"JoiningCanMakeTheNeighbourDominated",
             {Declare("a", 1, "b"), Declare("b", 5)},
             {{"a", {501}}, {"b", kFive}},
             "(a+b dominated)"},
        Case{"AndThenItGoesOnToTheNext",
             {Declare("a", 1, "b"), Declare("b", 5, "c"), Declare("c", 5)},
             {{"a", {501}}, {"b", kFive}, {"c", kFive}},
             "a+b+c:11"},
        Case{"TwoThatNameEachOther",
             {Declare("a", 3, "b"), Declare("b", 3, "a")},
             {{"a", {9, 9, 9}}, {"b", {9, 9, 9}}},
             "a+b:6"},
        Case{"TwoThatNameEachOtherInVain",
             {Declare("a", 2, "b"), Declare("b", 2, "a"), Declare("c", 5)},
             {{"a", {9, 9}}, {"b", {9, 9}}, {"c", kFive}},
             "c:5 (a+b few)"},
        Case{"TheWayOutOfAnyOfThem",
             {Declare("a", 2, "b"), Declare("b", 2, "a"), Declare("c", 2, "b"), Declare("d", 5)},
             {{"a", {9, 9}}, {"b", {9, 9}}, {"c", {9, 9}}, {"d", kFive}},
             "a+b+c:6 d:5"},
        Case{"WithoutANeighbourItIsWithheld",
             {Declare("a", 2), Declare("b", 5)},
             {{"a", {9, 9}}, {"b", kFive}},
             "b:5 (a few)"},
        Case{"NobodyReported",
             {Declare("a", 5, "b"), Declare("b", 5)},
             {{"b", kFive}},
             "b:5 (a few)"},
        Case{"ThroughOneWhereNobodyReported",
             {Declare("a", 2, "b"), Declare("b", 5, "c"), Declare("c", 5)},
             {{"a", {9, 9}}, {"c", kFive}},
             "a+b+c:7"},
        Case{"NothingAtAll", {}, {}, ""},
        Case{"AStricterRule", {Declare("a", 6)}, {{"a", kFive}}, "(a few)", {6, 50}},
        Case{"AStricterShare",
             {Declare("a", 5)},
             {{"a", {150, 100, 100, 100, 100}}},
             "(a dominated)",
             {5, 25}},
        Case{"AWeakerNumber", {Declare("a", 5)}, {}, "RULE_TOO_WEAK", {4, 50}},
        Case{"AWeakerShare", {Declare("a", 5)}, {}, "RULE_TOO_WEAK", {5, 51}},
        Case{"AnIdWithASign", {Declare("a+b", 5)}, {}, "BAD_BLOCK_ID"},
        Case{"AnEmptyId", {DeclaredBlock{}}, {}, "BAD_BLOCK_ID"},
        Case{"ABlockTwice", {Declare("a", 0), Declare("a", 0)}, {}, "BLOCK_TWICE"},
        Case{"APracticeInTwoBlocks",
             {Declare("a", 1), DeclaredBlock{"b", {"a1"}, ""}},
             {},
             "PRACTICE_TWICE"},
        Case{"APracticeTwiceInOne", {DeclaredBlock{"b", {"x", "x"}, ""}}, {}, "PRACTICE_TWICE"},
        Case{"APracticeWithoutAName", {DeclaredBlock{"b", {""}, ""}}, {}, "BAD_PRACTICE"},
        Case{"ItsOwnNeighbour", {Declare("a", 5, "a")}, {}, "BAD_NEIGHBOUR"},
        Case{"ANeighbourThatIsNone", {Declare("a", 5, "z")}, {}, "BAD_NEIGHBOUR"},
        Case{"AReportFromNowhere", {Declare("a", 1)}, {{"z", {5}}}, "UNKNOWN_PRACTICE"},
        Case{"TwoPanelsOfOne", {Declare("a", 1)}, {{"a", {5}}, {"a", {6}}}, "PANEL_TWICE"},
        Case{"APanelPastAllPeople", {Declare("a", 1)}, {{"a", {UINT64_MAX}}}, "PANEL_TOO_LARGE"}),
    [](const auto& one) { return one.param.name; });

TEST(Partition, ItsDigestSaysWhoIsWithWhom) {
  std::vector<Panel> panels;
  Report(&panels, "a", kFive);
  const auto digest = [&](const std::vector<DeclaredBlock>& declared) {
    return Partition::Form(declared, panels, {}).value().digest();
  };
  const Digest plain = digest({Declare("a", 5)});
  EXPECT_EQ(digest({Declare("a", 9)}), plain);  // Those who have not reported are in nothing.
  for (Panel& panel : panels) panel.people += 1;
  EXPECT_EQ(digest({Declare("a", 5)}), plain);
  panels.push_back({"a6", 100});
  EXPECT_NE(digest({Declare("a", 6)}), plain);
}

TEST(PartitionBook, HoldsOnePartitionForOneTime) {
  using std::chrono::sys_days, std::chrono::days;
  const auto period = [](int first, int last) {
    return Period{sys_days{days{first}}, sys_days{days{last}}};
  };
  const Digest one = Sha256(AsBytes("one"));
  const Digest other = Sha256(AsBytes("other"));
  PartitionBook book;
  EXPECT_TRUE(book.Fix(period(0, 89), one).ok());
  EXPECT_TRUE(book.Fix(period(0, 89), one).ok());
  EXPECT_EQ(book.Fix(period(0, 89), other).error().reason, "OTHER_PARTITION");
  EXPECT_EQ(book.Fix(period(89, 100), other).error().reason, "OTHER_PARTITION");
  EXPECT_EQ(book.Fix(period(10, 20), other).error().reason, "OTHER_PARTITION");
  EXPECT_TRUE(book.Fix(period(90, 179), other).ok());
  EXPECT_EQ(book.Fix(period(0, 179), one).error().reason, "OTHER_PARTITION");
  EXPECT_EQ(book.Fix(period(0, 179), other).error().reason, "OTHER_PARTITION");
  EXPECT_TRUE(book.Fix(period(180, 365), one).ok());
  EXPECT_EQ(book.Fix(period(5, 4), one).error().reason, "BAD_PERIOD");
}

}  // namespace
}  // namespace equinode::blocks
