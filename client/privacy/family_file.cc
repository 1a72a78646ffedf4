#include "client/privacy/family_file.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <unordered_map>

#include "client/privacy/family_keys.h"

namespace equinode::privacy {
namespace {

using Json = nlohmann::ordered_json;

Error Bad(const std::string& place, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_FAMILY", place.empty() ? what : place + ": " + what};
}

std::string At(const std::string& place, std::string_view key) {
  return place.empty() ? std::string(key) : place + "." + std::string(key);
}
std::string At(const std::string& place, std::size_t i) {
  return place + "[" + std::to_string(i) + "]";
}

// JSON with each key once in its object, and not deep.
Result<Json> ParseJson(std::string_view text) {
  if (text.size() > kMostFamilyBytes) return Bad("", "the file is over 64 MiB");
  std::vector<std::set<std::string>> keys;
  std::string twice;
  bool deep = false;
  const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > 32) deep = true;
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.empty() &&
        !keys.back().insert(value.get<std::string>()).second) {
      twice = value.get<std::string>();
    }
    return !deep;
  };
  try {  // The library speaks by exceptions; they end here.
    Json json = Json::parse(text.begin(), text.end(), watch);
    if (deep) return Bad("", "the file is nested too deeply");
    if (!twice.empty()) return Bad("", "key '" + twice + "' comes twice in one object");
    return json;
  } catch (const Json::exception& error) {
    return Bad("", std::string("this is no JSON: ") + error.what());
  }
}

class CaseReader {
 public:
  CaseReader(const Json& json, std::string place, SmallCounts small)
      : json_(json), place_(std::move(place)) {
    case_.small = small;
  }

  Result<FamilyCase> Read() {
    if (!json_.is_object()) return Bad(place_, "a family is an object with cells and equations");
    EQN_CHECK(ReadCells());
    EQN_CHECK(ReadEquations());
    EQN_CHECK(ReadRates());
    EQN_CHECK(ReadKinds());
    EQN_CHECK(ReadSteps());
    EQN_CHECK(ReadRest());
    if (Status good = Check(case_.family); !good.ok()) {
      Error error = std::move(good).error();
      if (!place_.empty()) error.message = place_ + ": " + error.message;
      return error;
    }
    EQN_CHECK(ReadPatterns());
    FindBareRates();
    return std::move(case_);
  }

  Result<Pattern> ReadPattern(const Json& json, const std::string& place) const {
    Pattern pattern = EverythingShown(case_.family);
    const bool object = json.is_object();
    if (!object && !json.is_array()) return Bad(place, "write a list of hidden cells");
    if (object && !json.contains("suppressed")) return Bad(place, "has no \"suppressed\"");
    std::vector<Cell> cells;
    EQN_CHECK(Names(object ? json["suppressed"] : json, At(place, "suppressed"), &cells));
    for (const Cell cell : cells) pattern.cells[cell] = CellState::kHidden;
    if (object && json.contains("dropped")) {
      cells.clear();
      EQN_CHECK(Names(json["dropped"], At(place, "dropped"), &cells));
      for (const Cell cell : cells) pattern.cells[cell] = CellState::kDropped;
    }
    if (object && json.contains("shown")) {  // What is unprinted else.
      cells.clear();
      EQN_CHECK(Names(json["shown"], At(place, "shown"), &cells));
      for (const Cell cell : cells) pattern.cells[cell] = CellState::kShown;
    }
    if (object && json.contains("withheld_rates")) {
      const Json& list = json["withheld_rates"];
      const std::string where = At(place, "withheld_rates");
      if (!list.is_array()) return Bad(where, "write a list of positions in \"rates\"");
      for (const Json& one : list) {
        if (!one.is_number_unsigned() || one.get<std::uint64_t>() >= pattern.rates_shown.size()) {
          return Bad(where, "there is no such rate");
        }
        pattern.rates_shown[one.get<std::size_t>()] = 0;
      }
    }
    EQN_CHECK(CheckPattern(case_.family, pattern));
    return pattern;
  }

  void Take(const FamilyCase& one) {
    case_ = one;
    for (Cell cell = 0; cell < case_.family.cells.size(); ++cell) {
      cell_of_[case_.family.cells[cell].name] = cell;
    }
  }

 private:
  Status ReadCells() {
    const std::string place = At(place_, "cells");
    if (!json_.contains("cells") || !json_["cells"].is_object()) {
      return Bad(place, "write an object: {\"name\": count, ...}");
    }
    for (const auto& [name, count] : json_["cells"].items()) {
      if (!count.is_number_integer()) return Bad(At(place, name), "write a whole number");
      const bool fits = !count.is_number_unsigned() || count.get<std::uint64_t>() <= kMostCount;
      cell_of_[name] = static_cast<Cell>(case_.family.cells.size());
      case_.family.cells.push_back({name, fits ? count.get<std::int64_t>() : -1});
    }
    return Ok();
  }

  Result<Cell> Named(const Json& json, const std::string& place) const {
    if (!json.is_string()) return Bad(place, "write the name of a cell");
    const auto found = cell_of_.find(json.get<std::string>());
    if (found == cell_of_.end()) {
      return Bad(place, "there is no cell '" + json.get<std::string>() + "'");
    }
    return found->second;
  }

  Status Names(const Json& json, const std::string& place, std::vector<Cell>* cells) const {
    if (!json.is_array()) return Bad(place, "write a list of cells");
    for (std::size_t i = 0; i < json.size(); ++i) {
      EQN_TRY(const Cell cell, Named(json[i], At(place, i)));
      cells->push_back(cell);
    }
    return Ok();
  }

  Status ReadEquations() {
    if (!json_.contains("equations")) return Ok();
    const Json& list = json_["equations"];
    const std::string place = At(place_, "equations");
    if (!list.is_array())
      return Bad(place, "write a list: [{\"total\": name, \"parts\": [names]}]");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string here = At(place, i);
      if (!list[i].is_object() || !list[i].contains("total") || !list[i].contains("parts")) {
        return Bad(here, "write {\"total\": name, \"parts\": [names]}");
      }
      EQN_CHECK(CheckKeys(list[i], here, kEquationKeys));
      Equation equation;
      EQN_TRY(equation.total, Named(list[i]["total"], At(here, "total")));
      EQN_CHECK(Names(list[i]["parts"], At(here, "parts"), &equation.parts));
      case_.family.equations.push_back(std::move(equation));
    }
    return Ok();
  }

  static std::optional<std::int64_t> Scaled(const std::string& text, std::uint8_t decimals) {
    std::int64_t value = 0;
    std::size_t after = 0, digits = 0;
    bool point = false;
    for (const char c : text) {
      if (c == '.' && !point && digits > 0) {
        point = true;
        continue;
      }
      if (c < '0' || c > '9' || ++digits > 15) return std::nullopt;
      value = value * 10 + (c - '0');
      if (point) ++after;
    }
    if (digits == 0 || after > decimals || (point && after == 0)) return std::nullopt;
    for (; after < decimals; ++after) value *= 10;
    return value;
  }

  Status ReadRates() {
    if (!json_.contains("rates")) return Ok();
    const Json& list = json_["rates"];
    const std::string place = At(place_, "rates");
    if (!list.is_array()) return Bad(place, "write a list");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Json& one = list[i];
      const std::string here = At(place, i);
      if (!one.is_object() || !one.contains("num") || !one.contains("den") ||
          !one.contains("percent")) {
        return Bad(here,
                   "write {\"num\": cell, \"den\": cell, \"percent\": \"89.1\", \"decimals\": 1}");
      }
      EQN_CHECK(CheckKeys(one, here, kRateKeys));
      Rate rate;
      EQN_TRY(rate.numerator, Named(one["num"], At(here, "num")));
      EQN_TRY(rate.denominator, Named(one["den"], At(here, "den")));
      if (one.contains("decimals")) {
        const Json& decimals = one["decimals"];
        if (!decimals.is_number_unsigned() || decimals.get<std::uint64_t>() > kMostDecimals) {
          return Bad(At(here, "decimals"), "write a whole number from 0 to 4");
        }
        rate.decimals = decimals.get<std::uint8_t>();
      }
      const Json& percent = one["percent"];
      const auto scaled =
          percent.is_string() ? Scaled(percent.get<std::string>(), rate.decimals) : std::nullopt;
      if (!scaled) return Bad(At(here, "percent"), "write it as text, as printed: \"89.1\"");
      rate.scaled = *scaled;
      if (one.contains("published")) {
        if (!one["published"].is_boolean()) return Bad(At(here, "published"), "is true or false");
        rate.published = one["published"].get<bool>();
      }
      case_.family.rates.push_back(rate);
    }
    return Ok();
  }

  Status ReadKinds() {
    constexpr std::array<std::pair<const char*, CellKind>, 4> kKinds = {{
        {"never_suppressed", CellKind::kKept},
        {"published_before", CellKind::kPublished},
        {"hidden_before", CellKind::kHiddenBefore},
        {"unprinted", CellKind::kUnprinted},
    }};
    for (const auto& [key, kind] : kKinds) {
      if (!json_.contains(key)) continue;
      std::vector<Cell> cells;
      EQN_CHECK(Names(json_[key], At(place_, key), &cells));
      for (const Cell cell : cells) {
        FamilyCell& one = case_.family.cells[cell];
        if (kind == CellKind::kUnprinted && one.kind != CellKind::kFree) {
          return Bad(At(place_, key), "cell '" + one.name + "' is printed, another list says");
        }
        one.kind = kind;
      }
    }
    if (json_.contains("important")) {
      std::vector<Cell> cells;
      EQN_CHECK(Names(json_["important"], At(place_, "important"), &cells));
      for (const Cell cell : cells) case_.family.cells[cell].important = true;
    }
    return Ok();
  }

  static std::string NameOf(const Json& json) {
    return json.contains("name") && json["name"].is_string() ? json["name"].get<std::string>() : "";
  }

  Status ReadSteps() {
    for (const char* key : {"coarsenings", "tables"}) {
      if (!json_.contains(key)) continue;
      const Json& list = json_[key];
      const bool tables = std::string_view(key) == "tables";
      const std::string place = At(place_, key);
      if (!list.is_array()) return Bad(place, "write a list");
      for (std::size_t i = 0; i < list.size(); ++i) {
        const Json& one = list[i];
        const std::string here = At(place, i);
        if (!one.is_object()) return Bad(here, "write an object");
        EQN_CHECK(CheckKeys(one, here, tables ? KeyList(kTableKeys) : KeyList(kStepKeys)));
        const auto names = [&](const char* part, std::vector<Cell>* cells) -> Status {
          if (!one.contains(part)) return Ok();
          return Names(one[part], At(here, part), cells);
        };
        if (tables) {
          FamilyTable table{NameOf(one), {}};
          EQN_CHECK(names("cells", &table.cells));
          case_.family.tables.push_back(std::move(table));
        } else {
          Coarsening step{NameOf(one), {}, {}};
          EQN_CHECK(names("drops", &step.drops));
          EQN_CHECK(names("shows", &step.shows));
          case_.family.coarsenings.push_back(std::move(step));
        }
      }
    }
    return Ok();
  }

  Status ReadRest() {
    const auto text = [&](const char* key) {
      return json_.contains(key) && json_[key].is_string() ? json_[key].get<std::string>() : "";
    };
    case_.id = text("id");
    case_.title = text("title");
    if (json_.contains("zeros_always_published")) {
      const Json& zeros = json_["zeros_always_published"];
      if (!zeros.is_boolean()) {
        return Bad(At(place_, "zeros_always_published"), "is true or false");
      }
      case_.family.zeros_printed = zeros.get<bool>();
    }
    return CheckKeys(json_, place_, kCaseKeys);
  }

  // What others note beside a family is let pass and told of; what looks like one of our keys,
  // misspelt, is not: it would be a rule that nobody follows.
  Status CheckKeys(const Json& object, const std::string& place, KeyList known) {
    if (!object.is_object()) return Ok();
    for (const auto& [key, value] : object.items()) {
      const std::string_view meant = MeantKey(key, known);
      if (meant == key) continue;
      if (!meant.empty()) {
        return Bad(At(place, key), "there is no such key; write \"" + std::string(meant) + "\"");
      }
      case_.unread.push_back(At(place, key).substr(place_.empty() ? 0 : place_.size() + 1));
    }
    return Ok();
  }

  Status ReadPatterns() {
    if (!json_.contains("patterns")) return Ok();
    const Json& list = json_["patterns"];
    const std::string place = At(place_, "patterns");
    if (!list.is_array()) return Bad(place, "write a list");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::size_t notes = case_.unread.size();
      EQN_CHECK(CheckKeys(list[i], At(place, i), kPatternKeys));
      case_.unread.resize(notes);  // Findings of others, of which there are many.
      EQN_TRY(Pattern pattern, ReadPattern(list[i], At(place, i)));
      std::string name = list[i].is_object() ? NameOf(list[i]) : "";
      if (name.empty()) name = "pattern " + std::to_string(i + 1);
      case_.patterns.push_back({std::move(name), std::move(pattern)});
    }
    return Ok();
  }

  // denominator = numerator + one other cell, somewhere.
  void FindBareRates() {
    std::set<std::pair<Cell, Cell>> covered;
    for (const Equation& equation : case_.family.equations) {
      if (equation.parts.size() != 2) continue;
      for (const Cell part : equation.parts) covered.emplace(part, equation.total);
    }
    for (std::size_t i = 0; i < case_.family.rates.size(); ++i) {
      const Rate& rate = case_.family.rates[i];
      if (!covered.count({rate.numerator, rate.denominator})) {
        case_.rates_without_complement.push_back(i);
      }
    }
  }

  const Json& json_;
  std::string place_;
  FamilyCase case_{};
  std::unordered_map<std::string, Cell> cell_of_{};
};

Result<SmallCounts> SmallOf(const Json& json, const std::string& place, SmallCounts small) {
  if (!json.is_object() || !json.contains("threshold")) return small;
  const Json& threshold = json["threshold"];
  if (!threshold.is_number_unsigned() || threshold.get<std::uint64_t>() < 2 ||
      threshold.get<std::uint64_t>() > 1'000'000) {
    return Bad(At(place, "threshold"), "write the least count that may be shown, 2 or more");
  }
  small.to = threshold.get<std::int64_t>() - 1;
  return small;
}

}  // namespace

Result<FamilyFile> ParseFamilies(std::string_view text) {
  EQN_TRY(const Json json, ParseJson(text));
  FamilyFile file;
  EQN_TRY(const SmallCounts small, SmallOf(json, "", {}));
  if (!json.is_object() || !json.contains("cases")) {
    EQN_TRY(FamilyCase one, CaseReader(json, "", small).Read());
    file.cases.push_back(std::move(one));
    return file;
  }
  file.list = true;
  if (!json["cases"].is_array()) return Bad("cases", "write a list of families");
  for (std::size_t i = 0; i < json["cases"].size(); ++i) {
    const Json& one = json["cases"][i];
    const std::string place = At("cases", i);
    EQN_TRY(const SmallCounts own, SmallOf(one, place, small));
    EQN_TRY(FamilyCase read, CaseReader(one, place, own).Read());
    file.cases.push_back(std::move(read));
  }
  return file;
}

Result<Pattern> ParsePattern(const FamilyCase& one, std::string_view text) {
  EQN_TRY(const Json json, ParseJson(text));
  CaseReader reader(json, "", one.small);
  reader.Take(one);
  return reader.ReadPattern(json, "pattern");
}

std::string PercentText(const Rate& rate) {
  std::string digits = std::to_string(rate.scaled);
  if (rate.decimals == 0) return digits;
  if (digits.size() <= rate.decimals) digits.insert(0, rate.decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - rate.decimals, ".");
  return digits;
}

}  // namespace equinode::privacy
