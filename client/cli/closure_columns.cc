#include "client/cli/closure_columns.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>

#include "client/cli/words.h"
#include "client/csv/csv_cell.h"
#include "client/import/csv_row.h"
#include "client/toml/parser.h"
#include "client/toml/toml_text.h"
#include "domain/access/identity.h"
#include "domain/referral/status_words.h"
#include "domain/zcodes/day.h"

namespace equinode::cli {
namespace {

constexpr std::size_t kMostLines = 100'000;
constexpr std::array<std::string_view, 11> kWhats = {
    "referral",  "person", "member_id",   "need",    "domain",     "organisation",
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

Status ReadWords(const toml::node& node, std::map<std::string, std::string, std::less<>>& out) {
  if (!node.is_table()) return BadClosureColumns("BAD_COLUMNS", LineOf(node), "this is a [table]");
  for (const auto& [key, word] : *node.as_table()) {
    EQN_TRY(out[std::string(key.str())], TextOf(word));
  }
  return Ok();
}

// The last word of the columns' system that came in and is still true; null for none.
const v1::StatusWordTakenIn* LastWordOf(const ClosureColumns& columns,
                                        const v1::Referral& referral) {
  for (const v1::StatusWordTakenIn& each : referral.words()) {
    if (each.system() == columns.system) return &each;
  }
  return nullptr;
}

Result<std::string> StatusWordOf(const ClosureColumns& columns, const v1::Referral& referral) {
  auto state = referral::StateNamed(referral.state());
  // What this end has closed alone it reports as ended.
  if (referral.ended_here() == "lost") state = referral::State::kFailed;
  if (referral.ended_here() == "void") state = referral::State::kEnteredInError;
  if (!state) {
    return Error{Code::kInternal, "BAD_ANSWER", "the node names a state that is not known here"};
  }
  const v1::StatusWordTakenIn* taken = LastWordOf(columns, referral);
  auto word = referral::WordFor(columns.system, *state, referral.closure(),
                                taken == nullptr ? std::string_view() : taken->word());
  if (word.ok()) return std::string(*word);
  for (const std::string& key : {referral.closure(), referral.state()}) {
    const auto instead = columns.words_instead.find(key);
    if (instead != columns.words_instead.end()) return instead->second;
  }
  const bool by_closure = referral.closure() != "none";
  return Error{Code::kNotFound, "NO_WORD",
               word.error().message + (by_closure ? " (" + referral.closure() + ")" : "") +
                   ": say one of its words under [words_instead], as in " +
                   (by_closure ? referral.closure() : referral.state()) + " = \"...\""};
}

// A cell of a reason as a category of ours; `own` is the category of the line's word.
Result<std::string> CategoryOf(const ClosureColumns& columns, std::string_view cell,
                               std::string_view own) {
  std::vector<std::string_view> ours;
  for (const auto& [category, word] : columns.closure_words) {
    if (word == cell) ours.push_back(category);
  }
  // A plan may have one word for several of ours.
  if (std::ranges::find(ours, own) != ours.end()) return std::string(own);
  if (ours.size() == 1) return std::string(ours.front());
  if (ours.empty()) return std::string(cell);
  return Error{Code::kInvalidArgument, "CLOSURE_DISAGREES",
               "[closure_words] has it for " + Listed(ours) + ": leave it empty, or write which"};
}

// One of the tables is a row of the CSV.
std::optional<std::string> CellOf(std::string_view what, const v1::Referral& referral,
                                  std::string_view status, std::string_view member_id,
                                  const ClosureColumns& columns) {
  if (what == "referral") return referral.id();
  if (what == "person") return referral.person();
  if (what == "member_id") return std::string(member_id);
  if (what == "need") return referral.need();
  if (what == "domain") return referral.domain();
  if (what == "organisation") return referral.owner();
  if (what == "requester") return referral.requester_node();
  if (what == "status") return std::string(status);
  if (what == "status_date") return StatusDay(columns, referral);
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

std::string_view ClosureColumns::HeadingOf(std::string_view what) const {
  for (const auto& [each, name] : columns) {
    if (each == what) return name;
  }
  return "";
}

std::string_view ClosureLine::Cell(std::string_view what) const {
  const auto found = cells.find(what);
  return found == cells.end() ? std::string_view() : std::string_view(found->second);
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
    } else if (key.str() == "plan") {
      EQN_TRY(out.plan, TextOf(node));
      if (!ParseIdentity(out.plan).ok()) {
        return BadClosureColumns(
            "BAD_COLUMNS", LineOf(node),
            "`plan` is the URI of the plan's node, spiffe://NETWORK/payer/NAME");
      }
    } else if (key.str() == "closure_words") {
      EQN_CHECK(ReadWords(node, out.closure_words));
    } else if (key.str() == "words_instead") {
      EQN_CHECK(ReadWords(node, out.words_instead));
    } else {
      return BadClosureColumns("BAD_COLUMNS", LineOf(node),
                               "there are `system`, `plan`, [[column]], [closure_words] and "
                               "[words_instead]");
    }
  }
  const std::vector<std::string_view> systems = referral::StatusSystems();
  if (std::ranges::find(systems, out.system) == systems.end()) {
    return Error{Code::kInvalidArgument, "BAD_COLUMNS",
                 "`system` says whose words the status is in: " + Listed(systems)};
  }
  for (const auto& [key, word] : out.words_instead) {
    const auto known = referral::StatusFrom(out.system, word);
    if (!known.ok()) {
      return Error{Code::kInvalidArgument, "BAD_COLUMNS",
                   "[words_instead] " + key + ": " + known.error().message};
    }
  }
  if (!out.HeadingOf("member_id").empty() && out.plan.empty()) {
    return Error{Code::kInvalidArgument, "BAD_COLUMNS",
                 "a column with what = \"member_id\" needs to know of which plan: plan = "
                 "\"spiffe://NETWORK/payer/NAME\", as the source profile maps it"};
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

std::string StatusDay(const ClosureColumns& columns, const v1::Referral& referral) {
  const v1::StatusWordTakenIn* taken = LastWordOf(columns, referral);
  const bool said = taken != nullptr && taken->has_said_on();
  return TimeText(said ? taken->said_on() : referral.state_since(),
                  said || referral.has_state_since())
      .substr(0, 10);
}

Result<std::string> ClosureRow(const ClosureColumns& columns, const v1::Referral& referral,
                               std::string_view member_id) {
  EQN_TRY(const std::string status, StatusWordOf(columns, referral));
  std::string line;
  bool first = true;
  for (const auto& [what, heading] : columns.columns) {
    if (!std::exchange(first, false)) line += ",";
    line += CsvCell(CellOf(what, referral, status, member_id, columns).value_or(""));
  }
  return line;
}

Result<v1::TakeInStatusRequest> RequestOf(const ClosureColumns& columns, const ClosureLine& line) {
  v1::TakeInStatusRequest request;
  request.set_referral_id(std::string(line.Cell("referral")));
  request.set_system(columns.system);
  request.set_word(std::string(line.Cell("status")));
  request.set_reported_by(std::string(line.Cell("reported_by")));
  const auto word = referral::StatusFrom(columns.system, request.word());
  if (!word.ok()) return AtItsColumn(columns, line, word.error());
  const std::string_view said_on = line.Cell("status_date");
  if (!said_on.empty()) {
    const auto day = ReadDay(said_on);
    if (!day) {
      return AtItsColumn(columns, line,
                         {Code::kInvalidArgument, "BAD_STATUS_DAY",
                          "\"" + std::string(said_on) + "\" is no day; write YYYY-MM-DD"});
    }
    request.mutable_said_on()->set_seconds(
        std::chrono::duration_cast<std::chrono::seconds>(day->time_since_epoch()).count());
  }
  const std::string_view reason = line.Cell("closure");
  if (!reason.empty()) {
    auto category = CategoryOf(columns, reason, word->closure);
    if (!category.ok()) return AtItsColumn(columns, line, category.error());
    request.set_closure(*std::move(category));
  }
  return request;
}

Error AtItsColumn(const ClosureColumns& columns, const ClosureLine& line, Error error) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOf = {
      {{"BAD_STATUS_DAY", "status_date"},
       {"CLOSURE_DISAGREES", "closure"},
       {"NO_SUCH_STATUS", "status"},
       {"NO_WAY", "status"},
       {"BAD_REFERRAL_ID", "referral"},
       {"NO_SUCH_REFERRAL", "referral"}}};
  for (const auto& [reason, what] : kOf) {
    if (error.reason != reason) continue;
    error.message = "line " + std::to_string(line.line) + ", column \"" +
                    std::string(columns.HeadingOf(what)) + "\": " + error.message;
  }
  return error;
}

std::string ClosureHeader(const ClosureColumns& columns) {
  std::string line;
  for (const auto& [what, heading] : columns.columns) {
    line += (line.empty() ? "" : ",") + CsvCell(heading);
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
