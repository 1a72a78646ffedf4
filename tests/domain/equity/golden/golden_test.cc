#include "tests/domain/equity/golden/golden.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace equinode::equity::golden {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::filesystem::path> GoldenFiles() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(from != nullptr ? from : "../shared/reference") / "equity" / "golden";
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

TEST(Golden, EveryFieldOfEveryCaseOfEveryFile) {
  const auto files = GoldenFiles();
  if (files.empty()) GTEST_SKIP() << "no reference folder";
  Registry registry;
  ClaimStatistics(registry);
  ClaimProgrammes(registry);
  std::size_t compared = 0;
  std::size_t elsewhere = 0;
  for (const auto& path : files) {
    std::ifstream stream(path);
    const Json file = Json::parse(stream);
    const std::string id = file.at("id");
    const Json& cases = file.at("cases");
    EXPECT_FALSE(cases.empty()) << path.filename();
    if (const Elsewhere* other = registry.ElsewhereOf(id)) {
      std::cout << id << ": " << cases.size() << " cases, tested in " << other->test << "\n";
      elsewhere += cases.size();
      continue;
    }
    const Formula* formula = registry.FormulaOf(id);
    if (formula == nullptr) {
      ADD_FAILURE() << path.filename() << ": nobody claims \"" << id << "\"";
      continue;
    }
    for (const Json& one : cases) {
      const Json actual = (*formula)(one.at("input"));
      EXPECT_THAT(Differences(actual, one.at("expected"), file.value("tolerance", Json())),
                  IsEmpty())
          << id << ", " << one.at("id");
      ++compared;
    }
    std::cout << id << ": " << cases.size() << " cases\n";
  }
  std::cout << files.size() << " files, " << compared << " cases compared, " << elsewhere
            << " tested elsewhere\n";
}

TEST(Golden, TheComparisonSeesWhatDiffers) {
  const Json tolerance = {{"relative", 1e-12}, {"absolute", 1e-12}};
  const auto differ = [&](const char* actual, const char* expected) {
    return Differences(Json::parse(actual), Json::parse(expected), tolerance);
  };
  EXPECT_THAT(differ(R"({"a":{"b":[1,0.5]},"more":1})", R"({"a":{"b":[1,0.5]}})"), IsEmpty());
  EXPECT_THAT(differ(R"({"a":0.5000000000001})", R"({"a":0.5})"), IsEmpty());
  EXPECT_THAT(differ(R"({"a":0.50000000001})", R"({"a":0.5})"), SizeIs(1));
  EXPECT_THAT(differ(R"({"a":1})", R"({"a":null})"), SizeIs(1));
  EXPECT_THAT(differ(R"({})", R"({"a":null})"), SizeIs(1));
  EXPECT_THAT(differ(R"({"a":[1]})", R"({"a":[1,2]})"), SizeIs(1));
  EXPECT_THAT(differ(R"({"a":"met"})", R"({"a":"not_met"})"), SizeIs(1));
  EXPECT_THAT(differ(R"({"x":{"l":1,"u":2}})", R"({"x":{"l":1},"DO_NOT_USE":{"l":1,"u":2}})"),
              SizeIs(1));
  EXPECT_THAT(differ(R"({"x":{"l":1,"u":3}})", R"({"x":{"l":1},"DO_NOT_USE":{"l":1,"u":2}})"),
              IsEmpty());
}

}  // namespace
}  // namespace equinode::equity::golden
