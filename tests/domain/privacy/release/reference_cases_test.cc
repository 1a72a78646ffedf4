// The suppression cases of the reference folder: first the attacker is held against their exact
// intervals, then the gate against the attacker.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "domain/privacy/release/hiding.h"
#include "tests/domain/privacy/release/attacker.h"
#include "tests/support/reference.h"

namespace equinode {
namespace {

using Json = nlohmann::json;
using attacker::Search;

// All cases of all files of them.
std::vector<Json> ReferenceCases() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(from != nullptr ? from : "../shared/reference") / "privacy";
  std::vector<Json> cases;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("suppression") || !name.ends_with(".json")) continue;
    std::ifstream file(entry.path());
    const Json json = Json::parse(file);
    for (const Json& one : json["cases"]) cases.push_back(one);
  }
  return cases;
}

// This attacker knows no tricks: on what is too large for it, it gives up.
constexpr std::uint64_t kMostSteps = 20'000;

// Past every count that can be of interest.
std::int64_t FarPast(const LinkedCells& cells) {
  return 2 * static_cast<std::int64_t>(
                 *std::max_element(cells.values.begin(), cells.values.end())) +
         1000;
}

struct Case {
  LinkedCells cells{};
  std::map<std::string, CellIndex> names{};
};

Case Read(const Json& json) {
  Case one;
  for (const auto& [name, value] : json["cells"].items()) {
    one.names[name] = static_cast<CellIndex>(one.cells.values.size());
    one.cells.values.push_back(value.get<std::uint64_t>());
  }
  for (const Json& equation : json["equations"]) {
    CellEquation read{one.names.at(equation["total"].get<std::string>()), {}};
    for (const Json& part : equation["parts"]) {
      read.parts.push_back(one.names.at(part.get<std::string>()));
    }
    one.cells.equations.push_back(read);
  }
  return one;
}

TEST(ReferenceCases, TheAttackerFindsTheirIntervals) {
  const std::vector<Json> cases = ReferenceCases();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(cases.empty()) << "the folder has no such cases";
  std::size_t intervals = 0, given_up = 0;
  for (const Json& one : cases) {
    if (one.contains("rates")) continue;  // Released numbers of this version are counts.
    const Case read = Read(one);
    for (const Json& pattern : one["patterns"]) {
      if (!pattern.contains("feasible_integer")) continue;  // Nothing is hidden there.
      CellStatuses statuses(read.cells.values.size(), CellStatus::kShown);
      for (const Json& name : pattern["suppressed"]) {
        statuses[read.names.at(name.get<std::string>())] = CellStatus::kHidden;
      }
      const std::int64_t least = one["zeros_always_published"].get<bool>() ? 1 : 0;
      const std::int64_t far = FarPast(read.cells);
      Search search(read.cells, statuses, far, kMostSteps, least);
      for (const auto& [name, interval] : pattern["feasible_integer"].items()) {
        const CellIndex cell = read.names.at(name);
        const auto expect = [&, &of = name](std::int64_t from, std::int64_t to,
                                            Search::Outcome stated) {
          const Search::Outcome found = search.Exists(cell, from, to);
          given_up += found == Search::Outcome::kGaveUp;
          EXPECT_TRUE(found == stated || found == Search::Outcome::kGaveUp)
              << one["id"] << " " << of << " from " << from << " to " << to;
        };
        const auto low = interval[0].get<std::int64_t>();
        expect(low, low, Search::Outcome::kYes);
        expect(0, low - 1, Search::Outcome::kNo);
        ++intervals;
        if (!interval[1].is_number()) continue;
        const auto high = interval[1].get<std::int64_t>();
        expect(high, high, Search::Outcome::kYes);
        expect(high + 1, far, Search::Outcome::kNo);
      }
    }
  }
  std::cout << "intervals compared: " << intervals << ", ends given up on: " << given_up << "\n";
  EXPECT_GT(intervals, 20u);
  EXPECT_LT(given_up, intervals);  // Of four questions an interval.
}

TEST(ReferenceCases, TheGateLeavesNoSmallCellToTheAttacker) {
  const std::vector<Json> all = ReferenceCases();
  if (!equinode::testing::ReferenceIsThere()) GTEST_SKIP() << "no reference folder";
  ASSERT_FALSE(all.empty()) << "the folder has no such cases";
  std::size_t cases = 0;
  std::size_t withheld = 0;
  for (const Json& one : all) {
    const Case read = Read(one);
    const HidingPattern pattern = Hide(read.cells, {});
    ++cases;
    if (std::ranges::any_of(read.cells.equations, [&](const CellEquation& equation) {
          return TooFewToHide(read.cells, equation, {});
        })) {
      EXPECT_FALSE(pattern.decided) << one["id"];
      std::cout << one["id"].get<std::string>() << ": too few to hide, withheld\n";
      ++withheld;
      continue;
    }
    ASSERT_TRUE(pattern.decided) << one["id"];
    EXPECT_TRUE(attacker::DeterminedByElimination(read.cells, pattern.statuses).empty())
        << one["id"];
    const std::int64_t far = FarPast(read.cells);
    Search search(read.cells, pattern.statuses, far, kMostSteps);
    std::size_t hidden = 0;
    for (const auto& [name, cell] : read.names) {
      const auto value = static_cast<std::int64_t>(read.cells.values[cell]);
      if (value >= 1 && value <= 10) {
        EXPECT_EQ(pattern.statuses[cell], CellStatus::kHidden);
      }
      if (value == 0) {
        EXPECT_EQ(pattern.statuses[cell], CellStatus::kShown);
      }
      if (pattern.statuses[cell] != CellStatus::kHidden) continue;
      ++hidden;
      if (value > 10) continue;
      const bool none = search.Exists(cell, 1, value - 1) == Search::Outcome::kNo &&
                        search.Exists(cell, value + 1, far) == Search::Outcome::kNo;
      EXPECT_FALSE(none) << one["id"] << " gives " << name << " away";
    }
    std::cout << one["id"].get<std::string>() << ": " << read.cells.values.size() << " cells, "
              << one["primary"].size() << " small, " << hidden << " hidden\n";
  }
  EXPECT_GE(cases, 1u);
  EXPECT_LT(withheld * 2, cases + 1);
}

}  // namespace
}  // namespace equinode
