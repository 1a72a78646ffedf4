#include "client/cli/definition_file.h"

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/sheet.h"
#include "client/cli/words.h"
#include "domain/counts/stratifier.h"
#include "domain/needs/measures/measure_name.h"

namespace equinode::cli {
namespace {

Error BadDefinitionFile(const std::string& place, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_DEFINITION", place + ": " + what};
}

Result<std::string> TextOf(const std::string& place, const Json& value) {
  if (!value.is_string()) return BadDefinitionFile(place, "is a text in quotes");
  return value.get<std::string>();
}

Result<std::uint32_t> NumberOf(const std::string& place, const Json& value) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost) {
    return BadDefinitionFile(place, "is a whole number from 0");
  }
  return value.get<std::uint32_t>();
}

Result<v1::Date> DayOf(const std::string& place, const Json& value) {
  EQN_TRY(const std::string text, TextOf(place, value));
  auto date = DateOf(text);
  if (!date.ok()) return BadDefinitionFile(place, date.error().message);
  return date;
}

using Readers = std::map<std::string_view, std::function<Status(const std::string&, const Json&)>>;

// Each key once, by its reader; unknown ones are refused, since a misspelt one would say nothing.
Status ReadObject(const std::string& place, const Json& object, const Readers& readers) {
  if (!object.is_object())
    return BadDefinitionFile(place.empty() ? "the file" : place, "is an object: {...}");
  for (const auto& [key, value] : object.items()) {
    const std::string here = place.empty() ? key : place + "." + key;
    const auto reader = readers.find(key);
    if (reader == readers.end()) {
      std::string known;
      for (const auto& [name, unused] : readers)
        known.append(known.empty() ? "" : ", ").append(name);
      return BadDefinitionFile(here, "there is no such key; there are: " + known);
    }
    EQN_CHECK(reader->second(here, value));
  }
  return Ok();
}

Status ReadStratifiers(const std::string& place, const Json& value, v1::TableDefinition* table) {
  const auto add = [&](const std::string& here, const Json& one) -> Status {
    EQN_TRY(const std::string word, TextOf(here, one));
    const auto stratifier = StratifierNamed(word);
    if (!stratifier) {
      std::string known;
      for (const Stratifier each : kAllStratifiers) {
        known.append(known.empty() ? "" : ", ").append(StratifierName(each));
      }
      return BadDefinitionFile(here, "there is no such stratifier; there are: " + known);
    }
    table->add_stratifiers(static_cast<v1::Stratifier>(*stratifier));
    return Ok();
  };
  if (!value.is_array()) return add(place, value);
  for (const Json& one : value) EQN_CHECK(add(place, one));
  return Ok();
}

Status ReadTable(const std::string& place, const Json& value, v1::TableDefinition* table) {
  const Readers readers = {
      {"id",
       [&](const std::string& here, const Json& id) -> Status {
         EQN_TRY(*table->mutable_id(), TextOf(here, id));
         return Ok();
       }},
      {"measures",
       [&](const std::string& here, const Json& list) -> Status {
         if (!list.is_array())
           return BadDefinitionFile(here, "is a list of measure ids: [\"population\"]");
         for (const Json& one : list) {
           EQN_TRY(std::string name, TextOf(here, one));
           std::vector<std::string> meant = MeasuresMeant(name);
           if (meant.empty()) meant.push_back(std::move(name));
           for (std::string& each : meant) table->add_measures(std::move(each));
         }
         return Ok();
       }},
      {"stratifier", [&](const std::string& here,
                         const Json& word) { return ReadStratifiers(here, word, table); }},
      {"stratifiers", [&](const std::string& here, const Json& words) {
         return ReadStratifiers(here, words, table);
       }}};
  return ReadObject(place, value, readers);
}

}  // namespace

Result<v1::ReportDefinition> ParseDefinition(std::string_view text) {
  Json json;
  std::string problem;
  try {  // nlohmann reports by exceptions, with the position; they end here.
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    problem = error.what();
  }
  if (!problem.empty()) {
    const auto at = problem.find("at line");
    return BadDefinitionFile("the file",
                             "is not JSON " + (at == std::string::npos ? "" : problem.substr(at)));
  }
  v1::ReportDefinition out;
  out.set_version(1);
  out.set_suppress_from(1);
  out.set_suppress_to(10);
  const auto text_into = [](std::string* into) {
    return [into](const std::string& place, const Json& value) -> Status {
      EQN_TRY(*into, TextOf(place, value));
      return Ok();
    };
  };
  const auto day_into = [](v1::Date* into) {
    return [into](const std::string& place, const Json& value) -> Status {
      EQN_TRY(*into, DayOf(place, value));
      return Ok();
    };
  };
  const Readers readers = {
      {"name", text_into(out.mutable_name())},
      {"title", text_into(out.mutable_title())},
      {"payer", text_into(out.mutable_payer())},
      {"measure_period", text_into(out.mutable_measure_period())},
      {"period_start", day_into(out.mutable_period_start())},
      {"period_end", day_into(out.mutable_period_end())},
      {"version",
       [&](const std::string& place, const Json& value) -> Status {
         EQN_TRY(const std::uint32_t number, NumberOf(place, value));
         out.set_version(number);
         return Ok();
       }},
      {"suppress_from",
       [&](const std::string& place, const Json& value) -> Status {
         EQN_TRY(const std::uint32_t number, NumberOf(place, value));
         out.set_suppress_from(number);
         return Ok();
       }},
      {"suppress_to",
       [&](const std::string& place, const Json& value) -> Status {
         EQN_TRY(const std::uint32_t number, NumberOf(place, value));
         out.set_suppress_to(number);
         return Ok();
       }},
      {"age_band_starts",
       [&](const std::string& place, const Json& value) -> Status {
         if (!value.is_array())
           return BadDefinitionFile(place, "is a list of ages: [0, 18, 45, 65]");
         for (const Json& one : value) {
           EQN_TRY(const std::uint32_t age, NumberOf(place, one));
           out.add_age_band_starts(age);
         }
         return Ok();
       }},
      {"tables", [&](const std::string& place, const Json& value) -> Status {
         if (!value.is_array()) return BadDefinitionFile(place, "is a list of tables: [{...}]");
         for (std::size_t i = 0; i < value.size(); ++i) {
           EQN_CHECK(ReadTable(place + "[" + std::to_string(i) + "]", value[i], out.add_tables()));
         }
         return Ok();
       }}};
  EQN_CHECK(ReadObject("", json, readers));
  if (!out.has_period_start() || out.period_end().year() == 0 || out.period_start().year() == 0) {
    return BadDefinitionFile("the file", "needs period_start and period_end");
  }
  return out;
}

}  // namespace equinode::cli
