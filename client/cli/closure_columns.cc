#include "client/cli/closure_columns.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "client/csv/csv_cell.h"
#include "client/import/csv_row.h"
#include "client/toml/parser.h"
#include "client/toml/toml_text.h"
#include "domain/referral/status_words.h"

namespace equinode::cli {
namespace {

constexpr std::size_t kMostLines = 100'000;
constexpr std::array<std::string_view, 10> kWhats = {
    "referral",  "person", "need",        "domain",  "organisation",
    "requester", "status", "status_date", "closure", "reported_by"};

std::string Listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
  }
  return text;
}

Error BadClosureColumns(std::string_view reason, std::size_t line, std::string_view what) {
  return Error{Code::kInvalidArgument, std::string(reason),
               "line " + std::to_string(line) + ": " + std::string(what)};
}

std::size_t LineOf(const toml::node& node) { return node.source().begin.line; }

Result<std::string> TextOf(const toml::node& node) {
  const auto text = node.value<std::string>();
  if (text && !text->empty()) return *text;
  return BadClosureColumns("BAD_COLUMNS", LineOf(node), "a text in quotes belongs here");
}

Status ReadColumnList(const toml::node& node, ClosureColumns& out) {
  const toml::array* list = node.as_array();
  if (list == nullptr)
    return BadClosureColumns("BAD_COLUMNS", LineOf(node), "columns are written as [[column]]");
  for (const toml::node& each : *list) {
    const toml::table* column = each.as_table();
    if (column == nullptr)
      return BadClosureColumns("BAD_COLUMNS", LineOf(each), "write [[column]]");
    std::string what, heading;
    for (const auto& [key, value] : *column) {
      std::string* into = key.str() == "what" ? &what : key.str() == "heading" ? &heading : nullptr;
      if (into == nullptr) {
        return BadClosureColumns("BAD_COLUMNS", LineOf(value), "a column has `what` and `heading`");
      }
      EQN_TRY(*into, TextOf(value));
    }
    if (std::ranges::find(kWhats, what) == kWhats.end() || heading.empty()) {
      return BadClosureColumns(
          "BAD_COLUMNS", LineOf(each),
          "`what` is one of " + Listed(kWhats) + ", and `heading` the column's name");
    }
    for (const auto& [known, name] : out.columns) {
      if (known == what || name == heading) {
        return BadClosureColumns("BAD_COLUMNS", LineOf(each), "this column is named twice");
      }
    }
    out.columns.emplace_back(what, heading);
  }
  return Ok();
}

// One of the tables is a row of the CSV.
std::optional<std::string> CellOf(std::string_view what, const v1::Referral& referral,
                                  std::string_view status, std::string_view status_date,
                                  const ClosureColumns& columns) {
  if (what == "referral") return referral.id();
  if (what == "person") return referral.person();
  if (what == "need") return referral.need();
  if (what == "domain") return referral.domain();
  if (what == "organisation") return referral.owner();
  if (what == "requester") return referral.requester_node();
  if (what == "status") return std::string(status);
  if (what == "status_date") return std::string(status_date);
  if (what != "closure") return std::string();
  if (referral.closure() == "none") return std::string();
  const auto word = columns.closure_words.find(referral.closure());
  return word == columns.closure_words.end() ? referral.closure() : word->second;
}

}  // namespace

std::string_view ClosureColumns::WhatIs(std::string_view heading) const {
  for (const auto& [what, name] : columns) {
    if (name == heading) return what;
  }
  return "";
}

Result<ClosureColumns> ParseClosureColumns(std::string_view text) {
  const auto plain = AsciiToml(text);
  if (!plain.ok()) {
    return Error{Code::kInvalidArgument, "BAD_COLUMNS", plain.error().message};
  }
  const toml::parse_result parsed = toml::parse(*plain);
  if (!parsed) {
    return BadClosureColumns("BAD_COLUMNS", parsed.error().source().begin.line,
                             parsed.error().description());
  }
  ClosureColumns out;
  for (const auto& [key, node] : parsed.table()) {
    if (key.str() == "system") {
      EQN_TRY(out.system, TextOf(node));
    } else if (key.str() == "column") {
      EQN_CHECK(ReadColumnList(node, out));
    } else if (key.str() == "closure_words" && node.is_table()) {
      for (const auto& [category, word] : *node.as_table()) {
        EQN_TRY(out.closure_words[std::string(category.str())], TextOf(word));
      }
    } else {
      return BadClosureColumns("BAD_COLUMNS", LineOf(node),
                               "there are `system`, [[column]] and [closure_words]");
    }
  }
  const std::vector<std::string_view> systems = referral::StatusSystems();
  if (std::ranges::find(systems, out.system) == systems.end()) {
    return Error{Code::kInvalidArgument, "BAD_COLUMNS",
                 "`system` says whose words the status is in: " + Listed(systems)};
  }
  for (const std::string_view needed : {"referral", "status"}) {
    if (std::ranges::find(out.columns, needed, &std::pair<std::string, std::string>::first) ==
        out.columns.end()) {
      return Error{Code::kInvalidArgument, "BAD_COLUMNS",
                   "a [[column]] with what = \"" + std::string(needed) + "\" is missing"};
    }
  }
  return out;
}

std::string ClosureHeader(const ClosureColumns& columns) {
  std::string line;
  for (const auto& [what, heading] : columns.columns) {
    line += (line.empty() ? "" : ",") + CsvCell(heading);
  }
  return line;
}

Result<std::string> ClosureRow(const ClosureColumns& columns, const v1::Referral& referral,
                               std::string_view status_date) {
  auto state = referral::StateNamed(referral.state());
  // What this end has closed alone it reports as ended.
  if (referral.ended_here() == "lost") state = referral::State::kFailed;
  if (referral.ended_here() == "void") state = referral::State::kEnteredInError;
  if (!state) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node names a state that is not known here"};
  }
  EQN_TRY(const std::string_view status,
          referral::WordFor(columns.system, *state, referral.closure(), ""));
  std::string line;
  bool first = true;
  for (const auto& [what, heading] : columns.columns) {
    if (!std::exchange(first, false)) line += ",";
    line += CsvCell(CellOf(what, referral, status, status_date, columns).value_or(""));
  }
  return line;
}

Result<std::vector<ClosureLine>> ParseClosures(const ClosureColumns& columns,
                                               std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  std::vector<std::string> headings, cells;
  std::vector<ClosureLine> lines;
  std::size_t number = 0;
  char separator = ',';
  while (!csv.empty()) {
    const std::size_t end = csv.find('\n');
    std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (line.empty()) continue;
    if (number > kMostLines)
      return BadClosureColumns("BAD_CLOSURES", number, "a file has at most 100,000 lines");
    if (headings.empty()) separator = SeparatorOf(line);
    const Status read = ReadCsvRow(line, separator, cells);
    if (!read.ok()) return BadClosureColumns("BAD_CLOSURES", number, read.error().message);
    if (headings.empty()) {
      headings = cells;
      for (const std::string_view needed : {"referral", "status"}) {
        const bool there = std::ranges::any_of(
            headings, [&](const std::string& each) { return columns.WhatIs(each) == needed; });
        if (there) continue;
        return BadClosureColumns(
            "BAD_CLOSURES", number,
            "the column for `" + std::string(needed) + "` is not in the header");
      }
      continue;
    }
    if (cells.size() != headings.size()) {
      return BadClosureColumns("BAD_CLOSURES", number,
                               std::to_string(cells.size()) + " cells where the header has " +
                                   std::to_string(headings.size()));
    }
    ClosureLine one;
    one.line = number;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view what = columns.WhatIs(headings[i]);
      if (!what.empty()) one.cells[std::string(what)] = cells[i];
    }
    lines.push_back(std::move(one));
  }
  return lines;
}

}  // namespace equinode::cli
