// Suppression with its audit: how long for the families of the programme, against their limits, and
// how it grows. Arguments: [seed], default 1, [part of a family's name], default all.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/privacy/protect/protect.h"

namespace equinode::privacy {
namespace {

using Steady = std::chrono::steady_clock;
using Person = std::vector<std::size_t>;  // A category an attribute.

// Categories thin out as races, languages and needs of a practice do.
std::vector<Person> People(std::size_t people, const std::vector<std::size_t>& categories,
                           SeededRandom& random) {
  std::vector<Person> all;
  for (std::size_t i = 0; i < people; ++i) {
    Person person;
    for (const std::size_t count : categories) {
      std::size_t category = 0;
      while (category + 1 < count && random.Below(100) < 55) ++category;
      person.push_back(category);
    }
    all.push_back(person);
  }
  return all;
}

class FamilyOfTables {
 public:
  explicit FamilyOfTables(const std::vector<std::size_t>& categories) : categories_(categories) {}

  // A table over some attributes with all its margins. A margin that an earlier table has too is a
  // cell of its own and an equality, or where `shared` that very cell.
  void Add(const std::vector<Person>& people, const std::vector<std::size_t>& attributes,
           bool shared) {
    const std::string prefix = shared ? "" : "t" + std::to_string(++tables_) + ":";
    std::map<std::vector<std::size_t>, std::int64_t> counts;
    for (const Person& person : people) {
      for (std::size_t mask = 0; mask < (std::size_t{1} << attributes.size()); ++mask) {
        std::vector<std::size_t> key;
        for (std::size_t a = 0; a < attributes.size(); ++a) {
          key.push_back(mask >> a & 1 ? Star(attributes[a]) : person[attributes[a]]);
        }
        ++counts[key];
      }
    }
    std::vector<std::size_t> key(attributes.size(), 0);
    std::vector<std::vector<std::size_t>> keys;
    for (bool more = true; more;) {
      keys.push_back(key);
      more = false;
      for (std::size_t a = 0; a < key.size() && !more; ++a) {
        more = ++key[a] <= Star(attributes[a]);
        if (!more) key[a] = 0;
      }
    }
    std::map<std::vector<std::size_t>, Cell> cells;
    for (const auto& each : keys) {
      std::string name;
      for (std::size_t a = 0; a < each.size(); ++a) {
        if (each[a] == Star(attributes[a])) continue;
        name += "|" + std::to_string(attributes[a]) + "=" + std::to_string(each[a]);
      }
      const auto known = of_.find(name);
      const bool first = known == of_.end();
      if (first || !shared) {
        cells[each] = static_cast<Cell>(family.cells.size());
        family.cells.push_back({prefix + "all" + name, counts[each]});
        if (first) {
          of_[name] = cells[each];
        } else {
          family.equations.push_back({known->second, {cells[each]}});
        }
      } else {
        cells[each] = known->second;
      }
    }
    for (const auto& each : keys) {
      for (std::size_t a = 0; a < each.size(); ++a) {
        if (each[a] != Star(attributes[a])) continue;
        Equation equation{cells[each], {}};
        for (std::size_t v = 0; v < Star(attributes[a]); ++v) {
          auto part = each;
          part[a] = v;
          equation.parts.push_back(cells[part]);
        }
        family.equations.push_back(equation);
      }
    }
  }

  // What comes now shares nothing with what came before.
  void Apart() { of_.clear(); }

  Family family{};

 private:
  std::size_t Star(std::size_t attribute) const { return categories_[attribute]; }
  std::vector<std::size_t> categories_;
  std::map<std::string, Cell> of_{};
  std::size_t tables_ = 0;
};

std::string only;

void Run(const std::string& what, const Family& family, double limit_seconds) {
  if (what.find(only) == std::string::npos) return;
  const auto from = Steady::now();
  const std::clock_t clock = std::clock();
  const auto outcome = Protect(family, {});
  const double seconds = std::chrono::duration<double>(Steady::now() - from).count();
  const double busy = static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC;
  if (!outcome.ok()) {
    std::printf("%-34s %s\n", what.c_str(), outcome.error().message.c_str());
    return;
  }
  std::size_t small = 0, beside = 0, dropped = 0;
  for (Cell cell = 0; cell < family.cells.size(); ++cell) {
    const bool is_small = SmallCounts{}.Has(family.cells[cell].count);
    small += is_small;
    beside += outcome->pattern.cells[cell] == CellState::kHidden && !is_small;
    dropped += outcome->pattern.cells[cell] == CellState::kDropped;
  }
  std::printf("%-34s %6zu %6zu %7zu %8zu %8.3f %8.3f s", what.c_str(), family.cells.size(), small,
              beside, dropped, busy, seconds);
  if (limit_seconds > 0) {
    std::printf("   %5.1f %% of %.0f s", 100 * seconds / limit_seconds, limit_seconds);
  }
  std::printf("\n");
}

}  // namespace
}  // namespace equinode::privacy

int main(int argc, char** argv) {
  using namespace equinode::privacy;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  equinode::SeededRandom random(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1);
  if (argc > 2) only = argv[2];
  std::printf("%-34s %6s %6s %7s %8s %8s %8s\n", "family", "cells", "small", "beside", "withheld",
              "cpu", "clock");
  {
    // Race x age x need and race x language x need, linked by race x need: 96 + 168 cells.
    const std::vector<std::size_t> categories = {5, 3, 3, 6};
    const auto people = People(6000, categories, random);
    FamilyOfTables linked(categories);
    linked.Add(people, {0, 1, 2}, false);
    linked.Add(people, {0, 3, 2}, false);
    Run("two linked three-way tables", linked.family, 5);
  }
  {
    // One practice: eight one-way tables and twenty-two two-way ones.
    const std::vector<std::size_t> categories = {9, 4, 8, 4, 3, 5, 6, 3};
    const auto people = People(2400, categories, random);
    FamilyOfTables practice(categories);
    std::size_t tables = 0;
    for (std::size_t a = 0; a < categories.size(); ++a, ++tables) practice.Add(people, {a}, true);
    for (std::size_t a = 0; a < categories.size(); ++a) {
      for (std::size_t b = a + 1; b < categories.size() && tables < 30; ++b, ++tables) {
        practice.Add(people, {a, b}, true);
      }
    }
    Run("thirty tables of one practice", practice.family, 2);
  }
  // Growth: the same table for one practice after another, which hang together in nothing...
  for (const std::size_t practices : {1u, 2u, 4u, 8u, 12u}) {
    const std::vector<std::size_t> categories = {6, 5, 4};
    FamilyOfTables family(categories);
    for (std::size_t p = 0; p < practices; ++p) {
      family.Apart();
      family.Add(People(1'500, categories, random), {0, 1, 2}, false);
    }
    Run("three ways, apart, times " + std::to_string(practices), family.family, 0);
  }
  // ... and one table that grows, of which every cell hangs together with every other. The largest,
  // which takes minutes, only when asked for by name.
  for (const std::size_t width : {2u, 3u, 4u, 6u, 8u}) {
    if (width == 8 && only.empty()) continue;
    const std::vector<std::size_t> categories = {width, 6, 5, 4};
    const auto people = People(5'000 * width, categories, random);
    FamilyOfTables family(categories);
    family.Add(people, {0, 1, 2, 3}, false);
    Run("four ways, " + std::to_string(width) + " x 6 x 5 x 4", family.family, 0);
  }
  return 0;
}
