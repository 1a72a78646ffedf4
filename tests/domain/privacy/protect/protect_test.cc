// What is given up when hiding is not enough, what is marked how, and what is never called safe.
#include "domain/privacy/protect/protect.h"

#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/domain/privacy/audit/case_files.h"
#include "tests/support/reference.h"

namespace equinode::privacy {
namespace {

// a + b + c = all, and so on: the first name is the total.
Family Of(const std::vector<std::pair<std::string, std::int64_t>>& cells,
          const std::vector<std::vector<Cell>>& equations) {
  Family family;
  for (const auto& [name, count] : cells) family.cells.push_back({name, count});
  for (const std::vector<Cell>& each : equations) {
    family.equations.push_back({each[0], {each.begin() + 1, each.end()}});
  }
  return family;
}

Protected Decided(const Family& family, ProtectOptions options = {}) {
  auto outcome = Protect(family, options);
  EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
  return std::move(outcome).value();
}

constexpr CellState kShown = CellState::kShown, kHidden = CellState::kHidden,
                    kDropped = CellState::kDropped;

TEST(Protect, GivesUpDetailBeforeATable) {
  // Nine people in all but "rest": no pattern makes 1 and 2 and 6 look like 10 beside kept margins.
  Family family = Of({{"group", 9}, {"x", 1}, {"y", 2}, {"z", 6}, {"rest", 300}, {"all", 309}},
                     {{0, 1, 2, 3}, {5, 0, 4}});
  family.cells[4].kind = family.cells[5].kind = CellKind::kKept;
  family.coarsenings.push_back({"one group less", {0, 1, 2, 3, 4}, {}});
  family.tables.push_back({"t", {0, 1, 2, 3, 4, 5}});
  const Protected outcome = Decided(family);
  EXPECT_TRUE(outcome.safe);
  EXPECT_EQ(outcome.coarsened, std::vector<std::size_t>{0});
  EXPECT_TRUE(outcome.withheld.empty());
  EXPECT_EQ(outcome.pattern.cells[5], kShown);
  EXPECT_EQ(outcome.pattern.cells[1], kDropped);
}

TEST(Protect, ACoarseCellIsShownInPlaceOfItsParts) {
  // Marked as hidden each of a, b and d is from 1 to 9, since they add up to 11; not printed at all
  // each is from 0 to 11.
  Family family = Of({{"all", 51}, {"a", 6}, {"b", 2}, {"d", 3}, {"c", 40}, {"a, b or d", 11}},
                     {{0, 1, 2, 3, 4}, {5, 1, 2, 3}});
  family.cells[0].kind = family.cells[4].kind = CellKind::kKept;
  family.cells[5].kind = CellKind::kUnprinted;
  family.coarsenings.push_back({"no split", {1, 2, 3}, {5}});
  const Protected outcome = Decided(family);
  EXPECT_TRUE(outcome.safe);
  EXPECT_EQ(outcome.coarsened, std::vector<std::size_t>{0});
  EXPECT_EQ(outcome.pattern.cells,
            (std::vector<CellState>{kShown, kDropped, kDropped, kDropped, kShown, kShown}));
}

TEST(Protect, WithholdsTheTableWhenNothingElseHelps) {
  Family family =
      Of({{"all", 11}, {"a", 3}, {"b", 4}, {"c", 4}, {"other all", 100}, {"p", 40}, {"q", 60}},
         {{0, 1, 2, 3}, {4, 5, 6}});
  family.cells[0].kind = CellKind::kPublished;
  family.tables.push_back({"t", {1, 2, 3}});
  family.tables.push_back({"u", {4, 5, 6}});
  const Protected outcome = Decided(family);
  EXPECT_TRUE(outcome.safe);
  EXPECT_EQ(outcome.withheld, std::vector<std::size_t>{0});
  EXPECT_EQ(outcome.pattern.cells,
            (std::vector<CellState>{kShown, kDropped, kDropped, kDropped, kShown, kShown, kShown}));
  // What was marked as hidden before is known not to be 0, and stays known.
  for (Cell cell = 1; cell <= 3; ++cell) family.cells[cell].kind = CellKind::kHiddenBefore;
  EXPECT_FALSE(Decided(family).safe);
}

TEST(Protect, NothingIsSafeAfterASmallCountWasPrinted) {
  Family family = Of({{"all", 100}, {"a", 4}, {"b", 96}}, {{0, 1, 2}});
  family.cells[1].kind = CellKind::kPublished;
  const Protected outcome = Decided(family);
  EXPECT_FALSE(outcome.safe);
  EXPECT_EQ(outcome.audit.verdict, Verdict::kUnsafe);
  EXPECT_EQ(outcome.pattern.cells, (std::vector<CellState>{kDropped, kShown, kDropped}));
}

TEST(Protect, OutOfEffortIsNotSafe) {
  Family family = Of({{"all", 120}, {"a", 4}, {"b", 46}, {"c", 70}}, {{0, 1, 2, 3}});
  Pattern pattern = EverythingShown(family);
  pattern.cells[1] = pattern.cells[2] = kHidden;
  AuditOptions options;
  EXPECT_EQ(Audit(family, pattern, options)->verdict, Verdict::kSafe);
  options.max_effort = 1;
  EXPECT_EQ(Audit(family, pattern, options)->verdict, Verdict::kUndecided);
  ProtectOptions protect;
  protect.max_effort = 1;
  EXPECT_FALSE(Decided(family, protect).safe);
}

TEST(Protect, MarksARateByWhatTheReaderMayKnow) {
  Family family = Of({{"den", 29},
                      {"met", 14},
                      {"not", 15},
                      {"den2", 25},
                      {"met2", 20},
                      {"not2", 5},
                      {"all", 54},
                      {"den3", 1000},
                      {"met3", 400},
                      {"not3", 600}},
                     {{0, 1, 2}, {3, 4, 5}, {6, 0, 3}, {7, 8, 9}});
  for (const auto& [numerator, denominator] : {std::pair<Cell, Cell>{1, 0}, {4, 3}, {8, 7}}) {
    Rate rate{numerator, denominator};
    rate.scaled = ScaledPercent(family.cells[numerator].count, family.cells[denominator].count, 1);
    family.rates.push_back(rate);
  }
  const Protected outcome = Decided(family);
  EXPECT_TRUE(outcome.safe);
  EXPECT_EQ(outcome.pattern.cells[5], kHidden);
  EXPECT_EQ(outcome.rates[2], RateMark::kShown);
  // 25 is few as well, but its numerator is hidden: "few" would say something of what is hidden.
  EXPECT_EQ(outcome.rates[1], RateMark::kHidden);
  EXPECT_EQ(outcome.rates[0], RateMark::kFew);
  ProtectOptions all;
  all.rules.least_denominator = 1;
  EXPECT_EQ(Decided(family, all).rates[0], RateMark::kShown);
}

TEST(Protect, RefusesWhatDoesNotAddUp) {
  const auto outcome = Protect(Of({{"all", 13}, {"a", 4}, {"b", 8}}, {{0, 1, 2}}), {});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().reason, "EQUATION_WRONG");
  EXPECT_EQ(outcome.error().message.find("13"), std::string::npos);
}

TEST(Protect, AnImportantCellIsHiddenLast) {
  Family family = Of({{"all", 200}, {"a", 4}, {"b", 46}, {"c", 150}}, {{0, 1, 2, 3}});
  family.cells[0].kind = CellKind::kKept;
  EXPECT_EQ(Decided(family).pattern.cells[2], kHidden);
  family.cells[2].important = true;
  EXPECT_EQ(Decided(family).pattern.cells[3], kHidden);
}

// Numerator, denominator and complement of each group of one published row, with their totals.
TEST(PublishedRows, WhatWePublishOfEachRowPassesTheAudit) {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const auto path = std::filesystem::path(from != nullptr ? from : "../shared/reference") /
                    "equity" / "golden" / "small_cell_suppression.json";
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_TRUE(std::filesystem::exists(path));
  const auto json = nlohmann::json::parse(TextOf(path));
  std::size_t rows = 0;
  for (const auto& one : json["cases"]) {
    SCOPED_TRACE(one["id"].get<std::string>());
    Family family;
    const bool totals = one["input"]["total_published"].get<bool>();
    Equation sums[3];
    std::int64_t sum[3] = {0, 0, 0};
    std::vector<std::string> small;
    for (const auto& cell : one["input"]["cells"]) {
      const auto num = cell["num"].get<std::int64_t>(), den = cell["den"].get<std::int64_t>();
      const std::int64_t counts[3] = {den, num, den - num};
      const auto first = static_cast<Cell>(family.cells.size());
      const auto group = cell["group"].get<std::string>();
      bool any = false;
      for (std::size_t k = 0; k < 3; ++k) {
        family.cells.push_back({group + (k == 0 ? " den" : k == 1 ? " num" : " not"), counts[k]});
        sums[k].parts.push_back(first + static_cast<Cell>(k));
        sum[k] += counts[k];
        any |= SmallCounts{}.Has(counts[k]);
      }
      if (any) small.push_back(group);
      family.equations.push_back({first, {first + 1, first + 2}});
    }
    if (totals) {
      for (std::size_t k = 0; k < 3; ++k) {
        sums[k].total = static_cast<Cell>(family.cells.size());
        family.cells.push_back({"total " + std::to_string(k), sum[k], CellKind::kKept});
        family.equations.push_back(sums[k]);
      }
    }
    EXPECT_EQ(small, one["expected"]["primary_suppressed"].get<std::vector<std::string>>());
    const Protected outcome = Decided(family);
    EXPECT_TRUE(outcome.safe);
    AuditOptions options;
    options.intervals = true;
    const auto report = Audit(family, outcome.pattern, options);
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(report->verdict, Verdict::kSafe);
    ++rows;
  }
  std::cout << rows << " rows\n";
  EXPECT_GT(rows, 0u);
}

}  // namespace
}  // namespace equinode::privacy
