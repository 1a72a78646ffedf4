#include "client/cli/score_text.h"

#include <algorithm>

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

std::string IfUnknownsText(const ScoreRow& row) {
  if (row.gates.empty() || !row.gates.back().if_unknowns) return "-";
  return PercentRange(*row.gates.back().if_unknowns);
}

std::string DataTable(const Score& score) {
  Sheet sheet({"organisation", "measure", "period", "dimension", "in_groups", "no_answer",
               "outside", "direct"});
  for (const ScoreRow& row : score.rows) {
    if (row.level != Level::kMeasure) continue;
    for (const ScoreRow::Gate& gate : row.gates) {
      sheet.Add({row.organisation, gate.measure, gate.period, gate.dimension,
                 ShareText(gate.in_groups), ShareText(gate.no_answer), ShareText(gate.outside),
                 gate.direct ? ShareText(*gate.direct) : "-"});
    }
  }
  if (sheet.rows() == 0) return {};
  return "data behind the figures: of all people, who is in a group of the programme, who gave no "
         "answer, who is in none\n" +
         sheet.Text(Format::kTable);
}

std::string LevelTable(const Programme& programme, const Score& score, Level level, bool all) {
  std::vector<const ScoreRow*> rows;
  for (const ScoreRow& row : score.rows) {
    if (row.level == level && (all || !IsEmpty(row))) rows.push_back(&row);
  }
  if (rows.empty()) return {};
  const auto any = [&](auto has) {
    return std::ranges::any_of(rows, [&](const ScoreRow* row) { return has(*row); });
  };
  const bool next = any([](const ScoreRow& row) { return !row.distances.empty(); });
  const bool other = any([](const ScoreRow& row) { return !row.otherwise.empty(); });
  const bool chances = any([](const ScoreRow& row) { return !row.spreads.empty(); });
  const bool counted = any([](const ScoreRow& row) { return !row.counts.empty(); });
  const bool gated = any([](const ScoreRow& row) { return !row.gates.empty(); });
  const bool of_group = gated && level == Level::kGroup;
  std::vector<std::string> columns;
  if (level != Level::kProgramme) columns.push_back("organisation");
  if (level <= Level::kMeasure) columns.push_back("measure");
  if (level == Level::kGroup) columns.push_back("group");
  for (const ScoreRow::Shown& shown : rows.front()->figures) columns.push_back(shown.figure->name);
  columns.push_back("status");
  if (gated) columns.push_back("in_groups");
  if (of_group) columns.push_back("if_unknowns");
  if (counted) columns.push_back("counts");
  if (next) columns.push_back("to_next");
  if (other) columns.push_back("otherwise");
  if (chances) columns.push_back("chances");
  Sheet sheet(columns);
  for (const ScoreRow* row : rows) {
    std::vector<Json> cells;
    if (level != Level::kProgramme) cells.push_back(row->organisation);
    if (level <= Level::kMeasure) cells.push_back(row->measure);
    if (level == Level::kGroup) cells.push_back(GroupText(*row));
    for (const ScoreRow::Shown& shown : row->figures) {
      const std::string text = ShownText(shown);
      cells.push_back(text.empty() ? "-" : text);
    }
    cells.push_back(row->status + (row->bounded ? " (bounds)" : "") +
                    (row->noised ? " (noised)" : ""));
    if (gated) cells.push_back(InGroupsText(*row));
    if (of_group) cells.push_back(IfUnknownsText(*row));
    if (counted) cells.push_back(CountsText(*row));
    if (next) cells.push_back(NextText(programme, *row));
    if (other) cells.push_back(OtherwiseText(programme, *row));
    if (chances) cells.push_back(SpreadsText(programme, *row));
    sheet.Add(std::move(cells));
  }
  return sheet.Text(Format::kTable);
}

}  // namespace

std::string ScoreText(const Programme& programme, const Score& score, Format format, bool all) {
  if (format == Format::kCsv) return ScoreCsv(programme, score, all);
  if (format == Format::kJson) return ScoreJson(programme, score, all);
  std::string text = programme.id + ": " + programme.name + " (" + programme.owner + "), rule " +
                     programme.version + (programme.historic ? ", HISTORIC" : "") + "\n";
  if (!score.readings.empty())
    text.append("readings: ").append(ReadingsText(score.readings)).append("\n");
  for (const Level level :
       {Level::kGroup, Level::kMeasure, Level::kOrganisation, Level::kProgramme}) {
    const std::string table = LevelTable(programme, score, level, all);
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
