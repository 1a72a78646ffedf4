// Every case of the reference folder: the audit's intervals are the stated ones, for every pattern.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "client/privacy/family_file.h"
#include "domain/privacy/audit/audit.h"
#include "tests/domain/privacy/audit/case_files.h"
#include "tests/support/reference.h"

namespace equinode::privacy {
namespace {

using Json = nlohmann::json;

const Finding* FindingOf(const AuditReport& report, Cell cell) {
  for (const Finding& finding : report.findings) {
    if (finding.cell == cell) return &finding;
  }
  return nullptr;
}

// What is printed of hidden cells, against the stated intervals: null is no end.
void CompareIntervals(const FamilyCase& one, const Pattern& pattern, const AuditReport& report,
                      const Json& stated, std::size_t* intervals) {
  std::size_t hidden = 0;
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    const std::string& name = one.family.cells[cell].name;
    if (pattern.cells[cell] == CellState::kShown) continue;
    ++hidden;
    const Finding* finding = FindingOf(report, cell);
    ASSERT_NE(finding, nullptr) << name;
    EXPECT_TRUE(finding->low_proven && finding->high_proven) << name;
    ASSERT_TRUE(stated.contains(name)) << name;
    EXPECT_EQ(finding->low, stated[name][0].get<std::int64_t>()) << name;
    EXPECT_EQ(finding->open, stated[name][1].is_null()) << name;
    if (!stated[name][1].is_null()) {
      EXPECT_EQ(finding->high, stated[name][1].get<std::int64_t>()) << name;
    }
    ++*intervals;
  }
  EXPECT_EQ(hidden, stated.size());
}

// Just the cells that can be told exactly.
void CompareRecovered(const FamilyCase& one, const Pattern& pattern, const AuditReport& report,
                      const Json& recovered) {
  std::size_t told = 0;
  for (const Finding& finding : report.findings) {
    if (finding.open || finding.low != finding.high) continue;
    if (pattern.cells[finding.cell] == CellState::kShown) continue;
    const std::string& name = one.family.cells[finding.cell].name;
    ASSERT_TRUE(recovered.contains(name)) << name;
    EXPECT_EQ(finding.low, recovered[name].get<std::int64_t>()) << name;
    ++told;
  }
  EXPECT_EQ(told, recovered.size());
}

// Another auditor, without whole numbers, sees no more than we do. Its ends are given to 3
// decimals.
std::size_t CompareRelaxation(const FamilyCase& one, const AuditReport& report,
                              const Json& stated) {
  std::size_t narrower = 0;
  for (const Finding& finding : report.findings) {
    const std::string& name = one.family.cells[finding.cell].name;
    if (!stated.contains(name)) continue;
    EXPECT_GE(static_cast<double>(finding.low), stated[name][0].get<double>() - 1e-3) << name;
    const bool end = !stated[name][1].is_null();
    if (end) {
      EXPECT_FALSE(finding.open) << name;
      EXPECT_LE(static_cast<double>(finding.high), stated[name][1].get<double>() + 1e-3) << name;
    }
    narrower += static_cast<double>(finding.low) > stated[name][0].get<double>() + 1e-3 ||
                (end && static_cast<double>(finding.high) < stated[name][1].get<double>() - 1e-3);
  }
  return narrower;
}

struct Compared {
  std::size_t patterns = 0, intervals = 0, zeros_unknown = 0, narrower = 0, examples = 0;
};

void ComparePattern(const Json& expected, const FamilyCase& one, const NamedPattern& named,
                    Compared* compared) {
  SCOPED_TRACE(one.id + ": " + named.name);
  const Json& pattern = expected.is_object() ? expected : Json::object();
  for (const Level level : {Level::kExact, Level::kLabel}) {
    const char* key = level == Level::kExact ? "safe_exact" : "safe_label";
    for (const bool all : {true, false}) {
      const auto report = Audit(one.family, named.pattern, {one.small, level, all});
      ASSERT_TRUE(report.ok()) << report.error().message;
      EXPECT_EQ(report->verdict, pattern.at(key).get<bool>() ? Verdict::kSafe : Verdict::kUnsafe)
          << key << (all ? " with intervals" : "");
      if (!all) continue;
      if (pattern.contains("feasible_integer")) {
        CompareIntervals(one, named.pattern, *report, pattern["feasible_integer"],
                         &compared->intervals);
      }
      if (pattern.contains("recovered")) {
        CompareRecovered(one, named.pattern, *report, pattern["recovered"]);
      }
      if (pattern.contains("feasible_linear_relaxation")) {
        compared->narrower +=
            CompareRelaxation(one, *report, pattern["feasible_linear_relaxation"]);
      }
    }
  }
  const char* zeros = "feasible_integer_if_attacker_thinks_zeros_may_be_hidden";
  if (pattern.contains(zeros)) {
    FamilyCase other = one;
    other.family.zeros_printed = false;
    const auto report = Audit(other.family, named.pattern, {one.small, Level::kExact, true});
    ASSERT_TRUE(report.ok()) << report.error().message;
    CompareIntervals(other, named.pattern, *report, pattern[zeros], &compared->zeros_unknown);
  }
  ++compared->patterns;
}

// The choice that an exhaustive search found: as many cells as it says, none that is kept, and
// safe.
void CompareExample(const Json& expected, const FamilyCase& one, Level level, Compared* compared) {
  const std::string word = level == Level::kExact ? "exact" : "label";
  const std::string key = "example_complementary_" + word;
  if (!expected.contains(key) || expected[key].is_null()) return;
  SCOPED_TRACE(one.id + ": " + key);
  EXPECT_EQ(expected[key].size(), expected.at("fewest_complementary_" + word));
  Pattern pattern = EverythingShown(one.family);
  for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
    const FamilyCell& each = one.family.cells[cell];
    const bool chosen =
        std::find(expected[key].begin(), expected[key].end(), each.name) != expected[key].end();
    EXPECT_FALSE(chosen && each.kind == CellKind::kKept) << each.name;
    if (chosen || one.small.Has(each.count)) pattern.cells[cell] = CellState::kHidden;
  }
  // A rate is printed where both its counts are, as we would.
  for (std::size_t i = 0; i < one.family.rates.size(); ++i) {
    pattern.rates_shown[i] = ReaderHas(one.family, pattern, one.family.rates[i].numerator) &&
                             ReaderHas(one.family, pattern, one.family.rates[i].denominator);
  }
  const auto report = Audit(one.family, pattern, {one.small, level, false});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kSafe);
  ++compared->examples;
}

// What is not a case file must be somebody else's: no file lies there unread.
TEST(AuditCases, EveryFileOfTheFolderIsClaimed) {
  const std::filesystem::path folder = PrivacyReference();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_TRUE(std::filesystem::is_directory(folder));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::filesystem::path path = entry.path().lexically_relative(folder);
    const std::string room = path.begin()->string(), name = path.filename().string();
    const bool top = !path.has_parent_path();
    const bool claimed = room == "prio3" || room == "xof" ||  // Prio3Vectors, XofVectors.
                         (top && name.ends_with(".md")) ||
                         (top && name.ends_with(".json") &&
                          (name.starts_with("suppression") || name.starts_with("dp_")));
    EXPECT_TRUE(claimed) << path << " is read by no test";
    ++files;
  }
  std::cout << files << " files\n";
}

TEST(AuditCases, IntervalsAreTheStatedOnes) {
  const auto files = CaseFiles();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(files.empty()) << "the folder has no such cases";
  Compared compared;
  for (const auto& path : files) {
    const std::string text = TextOf(path);
    const auto file = ParseFamilies(text);
    ASSERT_TRUE(file.ok()) << path << ": " << file.error().message;
    const Json json = Json::parse(text);
    ASSERT_EQ(json["cases"].size(), file->cases.size());
    for (std::size_t i = 0; i < file->cases.size(); ++i) {
      const FamilyCase& one = file->cases[i];
      const Json& expected = json["cases"][i];
      std::vector<std::string> small, stated;
      for (const FamilyCell& cell : one.family.cells) {
        if (one.small.Has(cell.count)) small.push_back(cell.name);
      }
      for (const Json& name : expected["primary"]) stated.push_back(name.get<std::string>());
      std::sort(small.begin(), small.end());
      std::sort(stated.begin(), stated.end());
      EXPECT_EQ(small, stated) << one.id;
      ASSERT_EQ(expected["patterns"].size(), one.patterns.size());
      for (std::size_t p = 0; p < one.patterns.size(); ++p) {
        ComparePattern(expected["patterns"][p], one, one.patterns[p], &compared);
      }
      CompareExample(expected, one, Level::kExact, &compared);
      CompareExample(expected, one, Level::kLabel, &compared);
      std::cout << one.id << ": " << one.patterns.size() << " patterns\n";
    }
    std::cout << path.filename() << ": " << file->cases.size() << " cases\n";
  }
  std::cout << compared.patterns << " patterns, " << compared.intervals << " intervals compared, "
            << compared.zeros_unknown << " more for a reader who allows for hidden zeros; "
            << compared.narrower << " ends nearer than without whole numbers; " << compared.examples
            << " choices of theirs audited\n";
  EXPECT_GT(compared.intervals, 0u);
}

}  // namespace
}  // namespace equinode::privacy
