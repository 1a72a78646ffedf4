// Every case of the reference folder: the audit's intervals are the stated ones, for every pattern.
#include <gtest/gtest.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "client/privacy/family_file.h"
#include "domain/privacy/audit/audit.h"
#include "tests/domain/privacy/audit/case_files.h"

namespace equinode::privacy {
namespace {

using Json = nlohmann::json;

const Finding* FindingOf(const AuditReport& report, Cell cell) {
  for (const Finding& finding : report.findings) {
    if (finding.cell == cell) return &finding;
  }
  return nullptr;
}

void ComparePattern(const Json& expected, const FamilyCase& one, const NamedPattern& named,
                    std::size_t* intervals) {
  SCOPED_TRACE(one.id + ": " + named.name);
  for (const Level level : {Level::kExact, Level::kLabel}) {
    const char* key = level == Level::kExact ? "safe_exact" : "safe_label";
    for (const bool all : {true, false}) {
      const auto report = Audit(one.family, named.pattern, {one.small, level, all});
      ASSERT_TRUE(report.ok()) << report.error().message;
      EXPECT_EQ(report->verdict, expected.at(key).get<bool>() ? Verdict::kSafe : Verdict::kUnsafe)
          << key << (all ? " with intervals" : "");
      if (!all) continue;
      const Json none = Json::object();
      const Json& stated =
          expected.contains("feasible_integer") ? expected["feasible_integer"] : none;
      std::size_t hidden = 0;
      for (Cell cell = 0; cell < one.family.cells.size(); ++cell) {
        const std::string& name = one.family.cells[cell].name;
        if (named.pattern.cells[cell] == CellState::kShown) continue;
        ++hidden;
        const Finding* finding = FindingOf(*report, cell);
        ASSERT_NE(finding, nullptr) << name;
        EXPECT_TRUE(finding->low_proven && finding->high_proven) << name;
        ASSERT_TRUE(stated.contains(name)) << name;
        EXPECT_EQ(finding->low, stated[name][0].get<std::int64_t>()) << name;
        EXPECT_EQ(finding->open, stated[name][1].is_null()) << name;
        if (!stated[name][1].is_null()) {
          EXPECT_EQ(finding->high, stated[name][1].get<std::int64_t>()) << name;
        }
        const bool recovered =
            expected.contains("recovered") && expected["recovered"].contains(name);
        EXPECT_EQ(!finding->open && finding->low == finding->high, recovered) << name;
        ++*intervals;
      }
      EXPECT_EQ(hidden, stated.size());
    }
  }
}

TEST(AuditCases, IntervalsAreTheStatedOnes) {
  const auto files = CaseFiles();
  if (files.empty()) GTEST_SKIP() << "no reference folder";
  std::size_t intervals = 0, patterns = 0;
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
        ComparePattern(expected["patterns"][p], one, one.patterns[p], &intervals);
        ++patterns;
      }
      std::cout << one.id << ": " << one.patterns.size() << " patterns\n";
    }
    std::cout << path.filename() << ": " << file->cases.size() << " cases\n";
  }
  std::cout << patterns << " patterns, " << intervals << " intervals compared\n";
  EXPECT_GT(intervals, 0u);
}

}  // namespace
}  // namespace equinode::privacy
