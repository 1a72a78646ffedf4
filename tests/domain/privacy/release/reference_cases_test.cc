// The suppression cases of the reference folder: first the attacker is held against their exact
// intervals, then the gate against the attacker.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "domain/privacy/release/hiding.h"
#include "tests/domain/privacy/release/attacker.h"

namespace equinode {
namespace {

using Json = nlohmann::json;
using attacker::Search;

std::optional<Json> ReferenceCases() {
  const char* from = std::getenv("EQUINODE_REFERENCE_DIR");
  const std::filesystem::path folder = from != nullptr ? from : "../shared/reference";
  std::ifstream file(folder / "privacy" / "suppression_cases.json");
  if (!file) return std::nullopt;
  return Json::parse(file);
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
  const auto json = ReferenceCases();
  if (!json) GTEST_SKIP() << "no reference folder";
  std::size_t intervals = 0;
  for (const Json& one : (*json)["cases"]) {
    if (one.contains("rates")) continue;  // Released numbers of this version are counts.
    const Case read = Read(one);
    for (const Json& pattern : one["patterns"]) {
      if (!pattern.contains("feasible_integer")) continue;  // Nothing is hidden there.
      CellStatuses statuses(read.cells.values.size(), CellStatus::kShown);
      for (const Json& name : pattern["suppressed"]) {
        statuses[read.names.at(name.get<std::string>())] = CellStatus::kHidden;
      }
      const std::int64_t least = one["zeros_always_published"].get<bool>() ? 1 : 0;
      Search search(read.cells, statuses, 3000, 200000, least);
      for (const auto& [name, interval] : pattern["feasible_integer"].items()) {
        const CellIndex cell = read.names.at(name);
        const auto low = interval[0].get<std::int64_t>();
        EXPECT_EQ(search.Exists(cell, low, low), Search::Outcome::kYes) << one["id"] << " " << name;
        EXPECT_EQ(search.Exists(cell, 0, low - 1), Search::Outcome::kNo)
            << one["id"] << " " << name;
        ++intervals;
        if (!interval[1].is_number()) continue;
        const auto high = interval[1].get<std::int64_t>();
        EXPECT_EQ(search.Exists(cell, high, high), Search::Outcome::kYes)
            << one["id"] << " " << name;
        EXPECT_EQ(search.Exists(cell, high + 1, 3000), Search::Outcome::kNo)
            << one["id"] << " " << name;
      }
    }
  }
  std::cout << "intervals compared: " << intervals << "\n";
  EXPECT_GT(intervals, 20u);
}

TEST(ReferenceCases, TheGateLeavesNoSmallCellToTheAttacker) {
  const auto json = ReferenceCases();
  if (!json) GTEST_SKIP() << "no reference folder";
  std::size_t cases = 0;
  for (const Json& one : (*json)["cases"]) {
    const Case read = Read(one);
    const HidingPattern pattern = Hide(read.cells, {});
    ASSERT_TRUE(pattern.decided) << one["id"];
    EXPECT_TRUE(attacker::DeterminedByElimination(read.cells, pattern.statuses).empty())
        << one["id"];
    Search search(read.cells, pattern.statuses, 3000, 200000);
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
      const bool other = search.Exists(cell, 1, value - 1) == Search::Outcome::kYes ||
                         search.Exists(cell, value + 1, 3000) == Search::Outcome::kYes;
      EXPECT_TRUE(other) << one["id"] << " gives " << name << " away";
    }
    std::cout << one["id"].get<std::string>() << ": " << read.cells.values.size() << " cells, "
              << one["primary"].size() << " small, " << hidden << " hidden\n";
    ++cases;
  }
  EXPECT_GE(cases, 15u);
}

}  // namespace
}  // namespace equinode
