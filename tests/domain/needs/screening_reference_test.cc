// Every row of the reference's answers, each asked alone.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/csv_rows.h"
#include "tests/domain/needs/asking.h"

namespace equinode {
namespace {

TEST(ScreeningReference, EveryAnswerIsJudgedAsTheTableSays) {
  const char* root = std::getenv("EQUINODE_REFERENCE_DIR");
  if (root == nullptr) GTEST_SKIP() << "EQUINODE_REFERENCE_DIR is not set";
  std::ifstream file(std::string(root) + "/sdoh/screening.csv");
  if (!file) GTEST_SKIP() << "no sdoh/screening.csv there";
  std::stringstream text;
  text << file.rdbuf();
  std::map<std::string, int> seen;
  // instrument,panel,question,text,answer,text,positive,domain,basis,note
  ForEachRow(text.str(), [&](const std::vector<std::string>& row) {
    const std::string& positive = row[6];
    if (row[4].empty()) {
      ++seen["computed"];  // A score's own row: screening_test.
      return;
    }
    ++seen[positive];
    const AskingResult result = JudgeAsking(AskingOf(row[0], {Said(row[2], {row[4]})}));
    EXPECT_TRUE(result.findings.empty()) << row[0] << " " << row[2] << " " << row[4];
    const auto outcomes = OutcomesOf(result);
    if (positive == "s") {
      EXPECT_NE(outcomes.count(row[7]) == 0 ? "" : outcomes.at(row[7]), "negative") << row[2];
      return;
    }
    ASSERT_EQ(outcomes.count(row[7]), 1u) << row[2] << " " << row[4];
    const std::string said = outcomes.at(row[7]);
    if (positive == "y") {
      EXPECT_EQ(said, "positive") << row[2] << " " << row[4];
    } else {
      EXPECT_NE(said, "positive") << row[2] << " " << row[4];
    }
    // Declined and unable are counted apart from a no.
    const std::string note = row[9];
    if (note.rfind("declined", 0) == 0 || row[5] == "I choose not to answer this question") {
      EXPECT_EQ(said, "declined") << row[2] << " " << row[4];
    }
    if (note.rfind("unable", 0) == 0) {
      EXPECT_EQ(said, "unable") << row[2];
    }
  });
  for (const auto& [positive, count] : seen) std::printf("%s: %d\n", positive.c_str(), count);
  EXPECT_GT(seen["y"], 50);
  EXPECT_GT(seen["n"], 50);
}

}  // namespace
}  // namespace equinode
