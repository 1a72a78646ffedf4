#include "domain/report/pool.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace equinode {
namespace {

ShownValue Shown(std::uint64_t count) { return {ShownKind::kCount, count}; }
const ShownValue kHidden{ShownKind::kHidden, 0};

ReportDefinition Definition() {
  ReportDefinition definition;
  definition.tables = {{"lang", {"available.language"}, {Stratifier::kLanguage}}};
  return definition;
}

NodeAnswer Of(std::string node, std::vector<AnswerCell> cells) {
  return {std::move(node),
          {{"lang", "available.language", Stratifier::kLanguage, std::move(cells), false, ""}}};
}

const PooledCell& Cell(const PooledTable& table, const std::string& stratum) {
  return *std::ranges::find(table.cells, stratum, &PooledCell::stratum);
}

TEST(Pool, ACellIsExactWhereEveryNodeShowedIt) {
  const NodeAnswer answers[] = {
      Of("a", {{"en", Shown(100), Shown(90)}, {"", Shown(100), Shown(90)}}),
      Of("b",
         {{"en", Shown(50), Shown(50)}, {"es", Shown(20), Shown(0)}, {"", Shown(70), Shown(50)}})};
  const auto tables = Pool(Definition(), answers);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(Cell(tables[0], "en").denominator.value, Shown(150));
  EXPECT_EQ(Cell(tables[0], "en").numerator.value, Shown(140));
  EXPECT_EQ(Cell(tables[0], "").denominator.value, Shown(170));
}

TEST(Pool, AStratumThatANodeDoesNotNameIsZeroThere) {
  const NodeAnswer answers[] = {
      Of("a", {{"", Shown(0), Shown(0)}}),
      Of("b", {{"es", Shown(20), Shown(12)}, {"", Shown(20), Shown(12)}})};
  EXPECT_EQ(Cell(Pool(Definition(), answers)[0], "es").denominator.value, Shown(20));
}

TEST(Pool, AHiddenCellIsHiddenWithTheSumOfTheOthersAndHowManyHidIt) {
  const NodeAnswer answers[] = {Of("a", {{"en", Shown(100), kHidden}, {"", Shown(100), Shown(90)}}),
                                Of("b", {{"en", Shown(50), Shown(40)}, {"", Shown(50), Shown(40)}}),
                                Of("c", {{"en", kHidden, kHidden}, {"", Shown(31), Shown(20)}})};
  const PooledTable table = Pool(Definition(), answers)[0];
  EXPECT_EQ(Cell(table, "en").numerator.value, kHidden);
  EXPECT_EQ(Cell(table, "en").numerator.shown_sum, 40u);
  EXPECT_EQ(Cell(table, "en").numerator.nodes_hidden, 2u);
  EXPECT_EQ(Cell(table, "en").denominator.shown_sum, 150u);
  EXPECT_EQ(Cell(table, "en").denominator.nodes_hidden, 1u);
  EXPECT_EQ(Cell(table, "").denominator.value, Shown(181));
}

TEST(Pool, AWithheldTableHidesEveryCellOfThePool) {
  NodeAnswer withheld = Of("b", {});
  withheld.tables[0].withheld = true;
  const NodeAnswer answers[] = {
      Of("a", {{"en", Shown(100), Shown(90)}, {"", Shown(100), Shown(90)}}), withheld};
  const PooledTable table = Pool(Definition(), answers)[0];
  EXPECT_EQ(table.nodes_withheld, 1u);
  EXPECT_EQ(Cell(table, "en").denominator.value, kHidden);
  EXPECT_EQ(Cell(table, "").denominator.value, kHidden);
  EXPECT_EQ(Cell(table, "").denominator.shown_sum, 100u);
}

TEST(Pool, TheOrderOfAnswersDoesNotMatter) {
  std::vector<NodeAnswer> answers = {
      Of("a", {{"en", Shown(100), kHidden}, {"", Shown(100), Shown(90)}}),
      Of("b", {{"es", kHidden, kHidden}, {"fr", kHidden, kHidden}, {"", Shown(30), Shown(20)}})};
  const auto there = Pool(Definition(), answers);
  std::ranges::reverse(answers);
  EXPECT_EQ(Pool(Definition(), answers), there);
}

TEST(Pool, ThePopulationHasNoNumerator) {
  ReportDefinition definition;
  definition.tables = {{"sex", {"population"}, {Stratifier::kSex}}};
  const NodeAnswer answers[] = {
      {"a", {{"sex", "population", Stratifier::kSex, {{"", Shown(40), {}}}, false, ""}}}};
  EXPECT_EQ(Pool(definition, answers)[0].cells[0].numerator.value.kind, ShownKind::kNone);
}

TEST(Pool, NoAnswersGiveNoTables) { EXPECT_TRUE(Pool(Definition(), {}).empty()); }

TEST(CheckAnswer, AcceptsWhatTheDefinitionAsksFor) {
  EXPECT_TRUE(
      CheckAnswer(Of("a", {{"en", Shown(1), Shown(0)}, {"", Shown(1), Shown(0)}}), Definition())
          .ok());
}

TEST(CheckAnswer, RefusesEveryOtherForm) {
  const AnswerCell total{"", Shown(100), Shown(90)};
  std::vector<NodeAnswer> bad = {
      Of("no total", {{"en", Shown(100), Shown(90)}}),
      Of("total first", {total, {"en", Shown(100), Shown(90)}}),
      Of("a stratum twice", {{"en", Shown(1), Shown(1)}, {"en", Shown(1), Shown(1)}, total}),
      Of("not sorted", {{"es", Shown(1), Shown(1)}, {"en", Shown(1), Shown(1)}, total}),
      Of("no numerator", {{"en", Shown(1), {}}, total}),
      Of("beyond counting", {{"en", Shown(std::uint64_t{1} << 60), Shown(1)}, total}),
      Of("nothing", {})};
  bad.push_back(Of("another table", {total}));
  bad.back().tables[0].table_id = "race";
  bad.push_back(Of("another measure", {total}));
  bad.back().tables[0].measure = "available.race";
  bad.push_back(Of("one too many", {total}));
  bad.back().tables.push_back(bad.back().tables[0]);
  bad.push_back(Of("withheld with cells", {total}));
  bad.back().tables[0].withheld = true;
  for (const NodeAnswer& answer : bad) {
    EXPECT_FALSE(CheckAnswer(answer, Definition()).ok()) << answer.node;
  }
}

// TI14: what an answer that passed CheckAnswer may still claim.
TEST(TI14_CheckSums, AcceptsCountsOfPeople) {
  EXPECT_TRUE(CheckSums(Of("a", {{"en", Shown(60), Shown(50)},
                                 {"es", Shown(40), Shown(30)},
                                 {"", Shown(100), Shown(80)}}))
                  .ok());
  EXPECT_TRUE(CheckSums(Of("a", {{"en", kHidden, kHidden},
                                 {"es", kHidden, Shown(0)},
                                 {"fr", Shown(80), kHidden},
                                 {"", Shown(100), Shown(80)}}))
                  .ok());
  EXPECT_TRUE(CheckSums(Of("a", {})).ok());
}

TEST(TI14_CheckSums, RefusesCountsThatCannotBe) {
  std::vector<NodeAnswer> bad = {
      Of("numerator over denominator", {{"en", Shown(50), Shown(60)}, {"", Shown(50), Shown(60)}}),
      Of("strata short of the total", {{"en", Shown(50), Shown(50)}, {"", Shown(60), Shown(50)}}),
      Of("strata over the total", {{"en", Shown(70), Shown(50)}, {"", Shown(60), Shown(50)}}),
      Of("no room for the hidden",
         {{"en", Shown(60), Shown(50)}, {"es", kHidden, kHidden}, {"", Shown(60), Shown(60)}})};
  bad.push_back(
      Of("one count, two values", {{"en", Shown(60), Shown(5)}, {"", Shown(60), Shown(5)}}));
  bad.back().tables.push_back({"lang2",
                               "selfreported.language",
                               Stratifier::kLanguage,
                               {{"en", Shown(61), Shown(5)}, {"", Shown(61), Shown(5)}},
                               false,
                               ""});
  bad.push_back(
      Of("over the population", {{"en", Shown(60), Shown(5)}, {"", Shown(60), Shown(5)}}));
  bad.back().tables.push_back({"bcs",
                               "BCS-E",
                               Stratifier::kSex,
                               {{"FEMALE", Shown(61), Shown(5)}, {"", Shown(61), Shown(5)}},
                               false,
                               ""});
  for (const NodeAnswer& answer : bad) {
    const Status checked = CheckSums(answer);
    ASSERT_FALSE(checked.ok()) << answer.node;
    EXPECT_EQ(checked.error().reason, "ANSWER_INCONSISTENT");
  }
}

}  // namespace
}  // namespace equinode
