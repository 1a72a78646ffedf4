#include "domain/people/places.h"

#include <array>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/csv_rows.h"
#include "domain/people/code_tables.h"
#include "domain/people/folded_text.h"

namespace equinode {
namespace {

using people::Folded;
using people::WithoutBlanks;

struct PlaceHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
using Names = std::unordered_map<std::string, std::string_view, PlaceHash, std::equal_to<>>;

// Calls `each` for the parts of "a;b".
template <typename Each>
void ForEachPart(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t end = list.find(';');
    each(list.substr(0, end));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

struct StateTable {
  std::deque<std::string> codes{};  // What the names point to.
  Names names{};                    // Folded, without blanks.
};

StateTable ReadStates() {
  StateTable table;
  ForEachRow(people::kUsStatesCsv, [&](const std::vector<std::string>& row) {
    const std::string_view code = table.codes.emplace_back(row[0]);
    const auto add = [&](std::string_view name) {
      table.names.emplace(WithoutBlanks(Folded(name)), code);
    };
    add(row[0]);
    add(row[1]);
    add(row[2]);
    add("US-" + row[0]);
    ForEachPart(row[3], add);
  });
  return table;
}

constexpr std::size_t kStateSlots = 26 * 26;
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
// Of two capitals.
std::size_t StateIndex(std::string_view state) {
  return static_cast<std::size_t>(state[0] - 'A') * 26 + static_cast<std::size_t>(state[1] - 'A');
}

struct CountyTable {
  std::deque<std::string> counties{};
  std::array<Names, kStateSlots> of_state{};
};

CountyTable ReadCounties() {
  CountyTable table;
  std::vector<std::pair<std::size_t, std::string_view>> cities;
  ForEachRow(people::kUsCountiesCsv, [&](const std::vector<std::string>& row) {
    const std::size_t state = StateIndex(row[0]);
    const std::string_view name = table.counties.emplace_back(row[2]);
    Names& names = table.of_state[state];
    const auto add = [&](std::string_view other) {
      names.emplace(WithoutBlanks(Folded(other)), name);
    };
    names.emplace(std::string(name), name);  // As we write it: found without folding.
    names.emplace(row[1], name);
    names.emplace(row[1].substr(2), name);
    add(row[2]);
    if (row[3] == "city") {
      cities.emplace_back(state, name);
    } else {
      add(row[2] + row[3]);
    }
    ForEachPart(row[4], add);
  });
  // A city's name alone, where no county of the state has it.
  for (const auto& [state, name] : cities) {
    table.of_state[state].emplace(
        WithoutBlanks(Folded(name.substr(0, name.size() - std::string_view(" city").size()))),
        name);
  }
  return table;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}
bool TakeSuffix(std::string_view& text, std::string_view suffix) {
  if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix) {
    return false;
  }
  text.remove_suffix(suffix.size());
  return true;
}

// Words for a kind of county, which sources put before or behind a name, not always the right one.
std::string_view WithoutKind(std::string_view folded) {
  constexpr std::array<std::string_view, 6> kBefore = {
      "the ", "city and county of ", "county of ", "parish of ", "borough of ", "municipality of "};
  constexpr std::array<std::string_view, 11> kBehind = {" city and county",
                                                        " county",
                                                        " co",
                                                        " cnty",
                                                        " cty",
                                                        " parish",
                                                        " municipio",
                                                        " municipality",
                                                        " city and borough",
                                                        " census area",
                                                        " borough"};
  for (const std::string_view word : kBefore) {
    if (TakePrefix(folded, word) && word != "the ") return folded;
  }
  for (const std::string_view word : kBehind) {
    if (TakeSuffix(folded, word)) return folded;
  }
  return folded;
}

}  // namespace

bool IsUnitedStates(std::string_view country) {
  if (country.empty() || country == "US" || country == "USA") return true;
  const std::string folded = WithoutBlanks(Folded(country));
  for (const std::string_view name :
       {"us", "usa", "unitedstates", "unitedstatesofamerica", "theunitedstates", "840"}) {
    if (folded == name) return true;
  }
  return false;
}

std::optional<std::string_view> UsState(std::string_view text) {
  static const StateTable kTable = ReadStates();
  const auto found = kTable.names.find(WithoutBlanks(Folded(text)));
  if (found == kTable.names.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> UsCounty(std::string_view state, std::string_view district) {
  static const CountyTable kTable = ReadCounties();
  if (state.size() != 2 || !IsCapital(state[0]) || !IsCapital(state[1])) return std::nullopt;
  const Names& names = kTable.of_state[StateIndex(state)];
  const auto look = [&names](std::string_view name) -> std::optional<std::string_view> {
    const auto found = names.find(name);
    if (found == names.end()) return std::nullopt;
    return found->second;
  };
  if (const auto known = look(district)) return known;
  const std::string folded = Folded(district);
  if (const auto known = look(WithoutBlanks(folded))) return known;
  std::string_view name = folded;
  if (TakePrefix(name, "city of ")) {
    if (const auto city = look(WithoutBlanks(name) + "city")) return city;
    return look(WithoutBlanks(name));
  }
  return look(WithoutBlanks(WithoutKind(folded)));
}

}  // namespace equinode
