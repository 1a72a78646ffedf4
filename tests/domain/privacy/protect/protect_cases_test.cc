// Every case of the reference folder: our own pattern is sound at the level asked for, and hides no
// fewer cells than the least that an exhaustive search found.
#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "client/privacy/family_file.h"
#include "domain/privacy/protect/protect.h"
#include "tests/domain/privacy/audit/case_files.h"
#include "tests/support/reference.h"

namespace equinode::privacy {
namespace {

using Json = nlohmann::json;

void RunCase(const FamilyCase& one, const Json& expected, Level level) {
  const bool exact = level == Level::kExact;
  SCOPED_TRACE(one.id + (exact ? " exact" : " label"));
  ProtectOptions options;
  options.rules.small = one.small;
  options.rules.level = level;
  const auto outcome = Protect(one.family, options);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_TRUE(outcome->safe);
  // All intervals, afresh: every small count is as wide as the level asks.
  const auto report = Audit(one.family, outcome->pattern, {one.small, level, true});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kSafe);
  std::size_t beside = 0, small = 0, dropped = 0;
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    const FamilyCell& each = one.family.cells[cell];
    const CellState state = outcome->pattern.cells[cell];
    if (one.small.Has(each.count)) {
      ++small;
      EXPECT_NE(state, CellState::kShown) << each.name;
      continue;
    }
    if (each.count == 0) {
      EXPECT_NE(state, CellState::kHidden) << each.name;
    }
    if (each.kind == CellKind::kKept && !outcome->block_withheld) {
      EXPECT_EQ(state, CellState::kShown) << each.name;
    }
    beside += state == CellState::kHidden;
    dropped += state == CellState::kDropped;
  }
  const char* key = exact ? "fewest_complementary_exact" : "fewest_complementary_label";
  std::cout << one.id << (exact ? " exact: " : " label: ") << small << " small, " << beside
            << " beside";
  if (expected.contains(key) && !expected[key].is_null()) {
    EXPECT_EQ(dropped, 0u);  // It can be done, so nothing is withheld.
    const auto least = expected[key].get<std::size_t>();
    EXPECT_GE(beside, least);
    std::cout << ", least " << least;
  }
  std::cout << "\n";
}

TEST(ProtectCases, OwnPatternsAreSound) {
  const auto files = CaseFiles();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(files.empty()) << "the folder has no such cases";
  for (const auto& path : files) {
    const std::string text = TextOf(path);
    const auto file = ParseFamilies(text);
    ASSERT_TRUE(file.ok()) << path << ": " << file.error().message;
    const Json json = Json::parse(text);
    ASSERT_EQ(json["cases"].size(), file->cases.size());
    for (std::size_t i = 0; i < file->cases.size(); ++i) {
      RunCase(file->cases[i], json["cases"][i], Level::kExact);
      RunCase(file->cases[i], json["cases"][i], Level::kLabel);
    }
  }
}

}  // namespace
}  // namespace equinode::privacy
