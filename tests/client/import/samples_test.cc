// Published samples of other hands, found by pattern; skipped where the reference folder is absent.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "client/convert/record_body.h"
#include "tests/client/import/collecting_sink.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;

class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* reference = std::getenv("EQUINODE_REFERENCE_DIR");
    if (reference != nullptr) folder_ = fs::path(reference) / "people" / "fhir-samples";
    if (folder_.empty() || !fs::is_directory(folder_)) GTEST_SKIP() << "no reference folder";
    options_.feed = "samples";
    options_.today = Day(2026, 11, 1);
  }
  ImportReport Run(const fs::path& path, CollectingSink& sink) {
    options_.paths = {path};
    const auto report = Import(options_, sink.sink());
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? *report : ImportReport{};
  }
  fs::path folder_{};
  ImportOptions options_{};
};

std::string Words(const std::map<std::string, std::uint64_t>& counts) {
  std::string words;
  for (const auto& [word, count] : counts) words += " " + word + "=" + std::to_string(count);
  return words;
}

// A file that yields nothing and of which nothing is said would be a file that got lost.
TEST_F(Samples, EveryFileGivesRecordsOrIsPassedOverByTypeOrIsRefusedWithAReason) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    CollectingSink sink;
    const ImportReport report = Run(entry.path(), sink);
    std::uint64_t passed = 0;
    for (const auto& [type, count] : report.passed_over) passed += count;
    const std::string name = fs::relative(entry.path(), folder_).string();
    std::printf(
        "%s: %llu persons, %llu coverages, %llu organizations; passed over:%s; refused:%s\n",
        name.c_str(), static_cast<unsigned long long>(report.persons),
        static_cast<unsigned long long>(report.coverages),
        static_cast<unsigned long long>(report.organizations), Words(report.passed_over).c_str(),
        Words(report.refused_by_reason).c_str());
    EXPECT_GT(sink.records.size() + passed + report.refused, 0u) << name;
    EXPECT_EQ(sink.rejected.size(), report.refused) << name;
    for (const RejectedLine& line : sink.rejected) {
      EXPECT_FALSE(line.reason.empty()) << name;
      EXPECT_GT(line.what_to_do.size(), 20u) << name;
    }
    // What is read is neither lost nor counted twice: a line is one of the three.
    if (report.lines > 0 && name.find("Bundle") == std::string::npos &&
        report.passed_over.count("Bundle") == 0) {
      EXPECT_GE(report.lines, sink.records.size()) << name;
    }
  }
  EXPECT_GT(files, 150u);
}

}  // namespace
}  // namespace equinode
