#include "client/cli/table_file.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "client/import/csv_row.h"

namespace equinode::cli {
namespace {

constexpr std::int64_t kMostCount = std::int64_t{1} << 40;

Error BadTableFile(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_TABLE", std::move(message)};
}

Error BadLine(std::size_t line, const std::string& what) {
  return BadTableFile("line " + std::to_string(line) + ": " + what);
}

std::optional<std::int64_t> CountOf(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || count < 0 ||
      count > kMostCount) {
    return std::nullopt;
  }
  return count;
}

Result<CountTable> FromJson(std::string_view text) {
  using Json = nlohmann::ordered_json;
  std::set<std::string> names;  // Of the cells: the parser keeps one of two alike.
  std::string twice;
  bool deep = false;
  const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t event, Json& value) {
    deep = deep || depth > 8;
    if (event == Json::parse_event_t::object_start && depth == 1) names.clear();
    if (event == Json::parse_event_t::key && depth == 2 &&
        !names.insert(value.get<std::string>()).second) {
      twice = value.get<std::string>();
    }
    return !deep;
  };
  Json json;
  std::string problem;
  try {  // The library speaks by exceptions, with the position; they end here.
    json = Json::parse(text.begin(), text.end(), watch);
  } catch (const Json::exception& error) {
    problem = error.what();
  }
  if (!problem.empty()) {
    const auto at = problem.find("at line");
    return BadTableFile("the file is not JSON " +
                        (at == std::string::npos ? "" : problem.substr(at)));
  }
  if (deep || !json.is_object())
    return BadTableFile("write one table: {\"cells\": {\"name\": count}}");
  if (!json.value("equations", Json::array()).empty()) {
    return BadTableFile(
        "this is a family with equations; write its innermost cells alone: a total has the noise "
        "of its parts");
  }
  if (!json.contains("cells") || !json["cells"].is_object()) {
    return BadTableFile("write one table: {\"cells\": {\"name\": count}}");
  }
  if (!twice.empty()) return BadTableFile("cell \"" + twice + "\" comes twice");
  CountTable table;
  for (const auto& [name, value] : json["cells"].items()) {
    const bool whole =
        value.is_number_unsigned() && value.get<std::uint64_t>() <= std::uint64_t{kMostCount};
    if (!whole)
      return BadTableFile("cell \"" + name + "\": the count is a whole number from 0 to 2^40");
    if (name.empty()) return BadTableFile("a cell has no name");
    table.cells.push_back(name);
    table.counts.push_back(value.get<std::int64_t>());
  }
  return table;
}

Result<CountTable> FromCsv(std::string_view text) {
  CountTable table;
  std::set<std::string> seen;
  std::optional<std::size_t> cell_at;
  std::optional<std::size_t> count_at;
  std::vector<std::string> row;
  const char separator = SeparatorOf(text.substr(0, text.find('\n')));
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (one.empty()) continue;
    if (!ReadCsvRow(one, separator, row).ok())
      return BadLine(line, "a quote is not closed or not alone");
    if (!cell_at) {
      const auto at = [&](std::string_view name) -> std::optional<std::size_t> {
        const auto found = std::ranges::find(row, name);
        if (found == row.end()) return std::nullopt;
        return static_cast<std::size_t>(found - row.begin());
      };
      cell_at = at("cell");
      count_at = at("count");
      if (!cell_at || !count_at) {
        return BadLine(line, "the first line names the columns, among them cell and count");
      }
      continue;
    }
    if (row.size() <= std::max(*cell_at, *count_at)) {
      return BadLine(line, "there are fewer cells than columns");
    }
    const auto count = CountOf(row[*count_at]);
    if (!count) return BadLine(line, "the count is a whole number from 0 to 2^40");
    if (row[*cell_at].empty()) return BadLine(line, "the cell has no name");
    if (!seen.insert(row[*cell_at]).second) return BadLine(line, "this cell comes twice");
    table.cells.push_back(row[*cell_at]);
    table.counts.push_back(*count);
  }
  return table;
}

}  // namespace

Result<CountTable> ParseTable(std::string_view text) {
  if (text.size() > kMostTableBytes) return BadTableFile("the file is over 16 MiB");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // As spreadsheets write it.
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  EQN_TRY(CountTable table, json ? FromJson(text) : FromCsv(text));
  if (table.cells.empty()) return BadTableFile("there is no cell in it");
  return table;
}

}  // namespace equinode::cli
