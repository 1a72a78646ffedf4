#include "client/cli/score_text.h"

#include <algorithm>
#include <array>
#include <set>

#include "client/cli/score_words.h"
#include "domain/equity/programs/catalogue.h"

namespace equinode::cli {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.
using equity::programs::Unit;      // Not the value-less success.

namespace {

std::string InGroupsText(const ScoreRow& row) {
  const ScoreRow::Gate* gate = PoorestGate(row);
  return gate == nullptr ? "-" : ShareText(gate->in_groups);
}

std::string DataTable(const Score& score) {
  Sheet sheet({"organisation", "measure", "period", "dimension", "in_groups", "no_answer",
               "outside", "direct"});
  std::set<std::array<std::string, 4>> said;
  for (const ScoreRow& row : score.rows) {
    if (row.level != Level::kMeasure) continue;
    for (const ScoreRow::Gate& gate : row.gates) {
      // Two measures may be made of the same counts.
      if (!said.insert({row.organisation, gate.measure, gate.period, gate.dimension}).second) {
        continue;
      }
      sheet.Add({row.organisation, gate.measure, gate.period, gate.dimension,
                 ShareText(gate.in_groups), ShareText(gate.no_answer), ShareText(gate.outside),
                 gate.direct ? ShareText(*gate.direct) : "-"});
    }
  }
  if (sheet.rows() == 0) return {};
  return "data behind the figures: of all people, who is in a group of the programme, who gave no\n"
         "answer, who is in none\n" +
         sheet.Text(Format::kTable);
}

constexpr std::size_t kColumns = 110;

using Rows = std::vector<const ScoreRow*>;

template <typename Has>
bool Any(const Rows& rows, Has has) {
  return std::ranges::any_of(rows, [&](const ScoreRow* row) { return has(*row); });
}

struct Column {
  std::string name{};
  std::vector<std::string> cells{};

  std::size_t Wide() const {
    std::size_t width = Width(name);
    for (const std::string& cell : cells) width = std::max(width, Width(Harmless(cell)));
    return width;
  }
};

template <typename Cell>
Column ColumnOf(std::string name, const Rows& rows, Cell cell) {
  Column column{std::move(name), {}};
  for (const ScoreRow* row : rows) {
    std::string text = cell(*row);
    column.cells.push_back(text.empty() ? "-" : std::move(text));
  }
  return column;
}

std::string StatusText(const ScoreRow& row) {
  return row.status + (row.bounded ? " (bounds)" : "") + (row.noised ? " (noised)" : "");
}

// Who a row is of.
std::vector<Column> KeyColumns(const Rows& rows, Level level) {
  std::vector<Column> keys;
  if (level != Level::kProgramme) {
    keys.push_back(
        ColumnOf("organisation", rows, [](const auto& row) { return row.organisation; }));
  }
  if (level <= Level::kMeasure) {
    keys.push_back(ColumnOf("measure", rows, [](const auto& row) { return row.measure; }));
  }
  if (level == Level::kGroup) keys.push_back(ColumnOf("group", rows, GroupText));
  return keys;
}

std::vector<Column> FigureColumns(const Rows& rows) {
  std::vector<Column> figures;
  const auto& names = rows.front()->figures;
  for (std::size_t i = 0; i < names.size(); ++i) {
    figures.push_back(ColumnOf(names[i].figure->name, rows,
                               [&](const ScoreRow& row) { return ShownText(row.figures[i]); }));
  }
  return figures;
}

std::string TableOf(const std::vector<const Column*>& columns, std::size_t rows) {
  std::vector<std::string> names;
  for (const Column* column : columns) names.push_back(column->name);
  Sheet sheet(names);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<Json> cells;
    for (const Column* column : columns) cells.push_back(column->cells[row]);
    sheet.Add(std::move(cells));
  }
  return sheet.Text(Format::kTable);
}

std::string WideTable(const Programme& programme, const Rows& rows, Level level) {
  std::vector<Column> columns = KeyColumns(rows, level);
  for (Column& figure : FigureColumns(rows)) columns.push_back(std::move(figure));
  columns.push_back(ColumnOf("status", rows, StatusText));
  if (Any(rows, [](const auto& row) { return !row.gates.empty(); })) {
    columns.push_back(ColumnOf("in_groups", rows, InGroupsText));
  }
  for (auto [name, text] : {std::pair{"if_unknowns", &IfUnknownsText}, {"counts", &CountsText}}) {
    if (Any(rows, [text = text](const auto& row) { return !text(row).empty(); })) {
      columns.push_back(ColumnOf(name, rows, text));
    }
  }
  for (auto [name, text] : {std::pair{"to_next", &NextText},
                            {"otherwise", &OtherwiseText},
                            {"chances", &SpreadsText}}) {
    const auto of = [&, text = text](const ScoreRow& row) { return text(programme, row); };
    if (Any(rows, [&](const auto& row) { return !of(row).empty(); })) {
      columns.push_back(ColumnOf(name, rows, of));
    }
  }
  std::vector<const Column*> all;
  for (const Column& column : columns) all.push_back(&column);
  return TableOf(all, rows.size());
}

// What is the same on every row is said once, above; what no row has is left out; and what does not
// fit beside the others stands in a table below, with its rows' names again.
std::string NarrowTables(const Rows& rows, Level level) {
  std::string title;
  std::vector<Column> keys = KeyColumns(rows, level);
  std::vector<const Column*> named;
  for (const Column& key : keys) {
    const bool one = std::ranges::all_of(
        key.cells, [&](const std::string& cell) { return cell == key.cells.front(); });
    if (one && key.name != "group") {
      title.append(title.empty() ? "" : ", ").append(Harmless(key.cells.front()));
    } else {
      named.push_back(&key);
    }
  }
  std::vector<Column> figures;
  std::string without;
  for (Column& figure : FigureColumns(rows)) {
    if (std::ranges::all_of(figure.cells, [](const std::string& cell) { return cell == "-"; })) {
      without.append(without.empty() ? "" : ", ").append(figure.name);
    } else {
      figures.push_back(std::move(figure));
    }
  }
  figures.push_back(ColumnOf("status", rows, StatusText));
  if (Any(rows, [](const auto& row) { return !row.gates.empty(); })) {
    figures.push_back(ColumnOf("in_groups", rows, InGroupsText));
  }
  std::size_t first = 0;
  for (const Column* key : named) first += key->Wide() + 2;
  std::string text;
  Wrap(text, std::string(LevelWord(level)) + (level == Level::kProgramme ? "" : "s"),
       title.empty() ? "" : " of " + title, kColumns);
  for (std::size_t next = 0; next < figures.size();) {
    std::vector<const Column*> columns = named;
    std::size_t width = first;
    while (next < figures.size() &&
           (columns.size() == named.size() || width + figures[next].Wide() <= kColumns)) {
      width += figures[next].Wide() + 2;
      columns.push_back(&figures[next++]);
    }
    text.append(TableOf(columns, rows.size()));
  }
  if (!without.empty()) Wrap(text, "no value on any row: ", without, kColumns);
  return text;
}

std::string Behind(const Programme& programme, const Rows& rows) {
  std::string text;
  for (const ScoreRow* row : rows) {
    std::string lines;
    for (const auto& [name, words] : {std::pair{"counts", CountsText(*row)},
                                      {"to next", NextText(programme, *row)},
                                      {"if unknowns", IfUnknownsText(*row)},
                                      {"otherwise", OtherwiseText(programme, *row)},
                                      {"chances", SpreadsText(programme, *row)}}) {
      if (words.empty()) continue;
      const std::string start = "    " + std::string(name);
      Wrap(lines, start + std::string(17 - start.size(), ' '), Harmless(words), kColumns);
    }
    if (lines.empty()) continue;
    std::string who;
    for (const std::string& part : {row->organisation, row->measure, GroupText(*row)}) {
      if (!part.empty()) who.append(who.empty() ? "" : ", ").append(part);
    }
    text.append("  ").append(who.empty() ? "all" : Harmless(who)).append("\n").append(lines);
  }
  return text;
}

std::string LevelText(const Programme& programme, const Score& score, Level level,
                      const ScoreTextOptions& options) {
  Rows rows;
  for (const ScoreRow& row : score.rows) {
    if (row.level == level && (options.all || !IsEmpty(row))) rows.push_back(&row);
  }
  if (rows.empty()) return {};
  if (options.wide) return WideTable(programme, rows, level);
  return NarrowTables(rows, level) + Behind(programme, rows);
}

}  // namespace

std::string ScoreText(const Programme& programme, const Score& score, Format format,
                      const ScoreTextOptions& options) {
  if (format == Format::kCsv) return ScoreCsv(programme, score, options.all);
  if (format == Format::kJson) return ScoreJson(programme, score, options.all);
  std::string text;
  Wrap(text, programme.id + ": ",
       programme.name + " (" + programme.owner + "), rule " + programme.version +
           (programme.historic ? ", HISTORIC" : ""),
       kColumns);
  if (!score.readings.empty()) Wrap(text, "readings: ", ReadingsText(score.readings), kColumns);
  for (const Level level :
       {Level::kGroup, Level::kMeasure, Level::kOrganisation, Level::kProgramme}) {
    const std::string table = LevelText(programme, score, level, options);
    if (!table.empty()) text.append("\n").append(table);
  }
  if (const std::string data = DataTable(score); !data.empty()) text.append("\n").append(data);
  return text;
}

std::string ProgrammesText(Format format) {
  Sheet sheet({"programme", "what", "owner", "name", "scores", "when", "version"});
  for (const Programme& programme : AllProgrammes()) {
    const std::string what = programme.kind == ProgrammeKind::kComputed ? "computed"
                             : programme.kind == ProgrammeKind::kChecklist
                                 ? "checklist"
                                 : "no formula in the source";
    sheet.Add({programme.id, programme.historic ? what + ", historic" : what, programme.owner,
               programme.name, programme.scores, programme.when, programme.version});
  }
  return sheet.Text(format);
}

}  // namespace equinode::cli
