// A score for programs.
#include "client/cli/score_words.h"

namespace equinode::cli {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.
using equity::programs::Unit;      // Not the value-less success.

namespace {

Json ValueJson(const Value& value) {
  if (!value.known()) return nullptr;
  if (value.kind == Value::Kind::kTruth) return value.truth;
  return value.number.ToDouble();
}

// Finite decimals whole; else 18 digits after the point.
std::string ExactText(const Value& value) {
  if (!value.known()) return {};
  if (value.kind == Value::Kind::kTruth) return value.truth ? "yes" : "no";
  const std::string exact = value.number.Exact();
  return exact.find('/') == std::string::npos ? exact : value.number.Text(18);
}

Json ShareJson(const equity::Figure& share) {
  Json out = {{"value", nullptr}, {"lower", nullptr}, {"upper", nullptr}};
  const auto within = [&](const equity::Interval& range) {
    out["lower"] = range.lower;
    out["upper"] = range.upper;
  };
  if (share.value) {
    out["value"] = *share.value;
  } else if (share.bounds) {
    within(*share.bounds);
  } else if (share.interval) {
    within(*share.interval);
  }
  return out;
}

Json RangeJson(const std::optional<equity::Interval>& range) {
  if (!range) return nullptr;
  return {{"lower", range->lower}, {"upper", range->upper}};
}

Json GateJson(const ScoreRow::Gate& gate) {
  return {{"measure", gate.measure},
          {"period", gate.period},
          {"dimension", gate.dimension},
          {"in_groups", ShareJson(gate.in_groups)},
          {"no_answer", ShareJson(gate.no_answer)},
          {"outside", ShareJson(gate.outside)},
          {"direct", gate.direct ? ShareJson(*gate.direct) : Json()},
          {"if_unknowns", RangeJson(gate.if_unknowns)},
          {"if_all_unknowns", RangeJson(gate.if_all_unknowns)}};
}

// "0.95", "0.71..0.8": of a share in a cell.
std::string ShareCell(const equity::Figure& share) {
  const auto number = [](double value) { return Json(value).dump(); };
  const auto within = [&](const equity::Interval& range) {
    return number(range.lower) + ".." + number(range.upper);
  };
  if (share.value) return number(*share.value);
  if (share.bounds) return within(*share.bounds);
  return share.interval ? within(*share.interval) : "";
}

// Poorest in_groups with its no_answer and outside, then the group's rate at worst and at best.
std::vector<Json> GateCells(const ScoreRow& row) {
  const ScoreRow::Gate* gate = PoorestGate(row);
  if (gate == nullptr) return {"", "", "", nullptr, nullptr};
  const auto& rates = row.gates.back().if_unknowns;
  return {ShareCell(gate->in_groups), ShareCell(gate->no_answer), ShareCell(gate->outside),
          rates ? Json(rates->lower) : Json(), rates ? Json(rates->upper) : Json()};
}

Json RowJson(const ScoreRow& row) {
  Json out = {{"level", LevelWord(row.level)}, {"organisation", row.organisation}};
  if (row.level <= Level::kMeasure) out["measure"] = row.measure;
  if (row.level == Level::kGroup) {
    out["dimension"] = row.group.dimension;
    out["group"] = row.group.group;
    out["source"] = row.group.source;
  }
  out["status"] = row.status;
  out["bounded"] = row.bounded;
  out["noised"] = row.noised;
  for (const ScoreRow::Shown& shown : row.figures) {
    Json figure = {{"value", ValueJson(shown.value)},
                   {"exact", ExactText(shown.value)},
                   {"unit", UnitWord(shown.figure->unit)}};
    if (!shown.value.known()) figure["reason"] = shown.value.reason;
    if (shown.upper) figure["upper"] = ValueJson(*shown.upper);
    if (shown.if_unknowns) {
      figure["if_unknowns"] = {{"lower", ValueJson(shown.if_unknowns->first)},
                               {"upper", ValueJson(shown.if_unknowns->second)}};
    }
    out["figures"][shown.figure->name] = std::move(figure);
  }
  out["counts"] = CountsText(row);
  out["data_quality"] = Json::array();
  for (const ScoreRow::Gate& gate : row.gates) out["data_quality"].push_back(GateJson(gate));
  out["to_next"] = Json::array();
  for (const Distance& each : row.distances) {
    out["to_next"].push_back(
        {{"figure", each.figure}, {"members", each.members}, {"value", ValueJson(each.next)}});
  }
  out["otherwise"] = Json::array();
  for (const OtherReading& each : row.otherwise) {
    out["otherwise"].push_back({{"reading", each.reading},
                                {"option", each.option},
                                {"figure", each.figure},
                                {"value", ValueJson(each.value)},
                                {"upper", each.upper ? ValueJson(*each.upper) : Json()},
                                {"reason", each.value.reason}});
  }
  out["chances"] = Json::array();
  for (const auto& [name, spread] : row.spreads) {
    Json chances = Json::array();
    for (const auto& [value, chance] : spread.chances) {
      chances.push_back({{"value", ValueJson(value)}, {"chance", chance}});
    }
    out["chances"].push_back({{"figure", name},
                              {"exact", spread.exact},
                              {"draws", spread.draws},
                              {"undecided", spread.undecided},
                              {"of", chances}});
  }
  return out;
}

}  // namespace

std::string ScoreCsv(const Programme& programme, const Score& score, bool all) {
  Sheet sheet({"programme",
               "version",
               "readings",
               "level",
               "organisation",
               "measure",
               "dimension",
               "group",
               "source",
               "figure",
               "unit",
               "value",
               "upper",
               "reason",
               "in_groups",
               "no_answer",
               "outside",
               "if_unknowns_worst",
               "if_unknowns_best",
               "counts",
               "to_next",
               "otherwise",
               "chances",
               "figure_if_unknowns_lower",
               "figure_if_unknowns_upper"});
  for (const ScoreRow& row : score.rows) {
    if (!all && IsEmpty(row)) continue;
    for (const ScoreRow::Shown& shown : row.figures) {
      std::vector<Json> cells = {score.programme,
                                 score.version,
                                 ReadingsText(score.readings),
                                 LevelWord(row.level),
                                 row.organisation,
                                 row.measure,
                                 row.group.dimension,
                                 row.group.group,
                                 row.group.source,
                                 shown.figure->name,
                                 UnitWord(shown.figure->unit),
                                 ExactText(shown.value),
                                 shown.upper ? ExactText(*shown.upper) : "",
                                 shown.value.known() ? "" : shown.value.reason};
      for (Json& cell : GateCells(row)) cells.push_back(std::move(cell));
      for (std::string text : {CountsText(row), NextText(programme, row),
                               OtherwiseText(programme, row), SpreadsText(programme, row)}) {
        cells.push_back(std::move(text));
      }
      const auto& unknowns = shown.if_unknowns;
      cells.push_back(unknowns ? ExactText(unknowns->first) : "");
      cells.push_back(unknowns ? ExactText(unknowns->second) : "");
      sheet.Add(std::move(cells));
    }
  }
  return sheet.Text(Format::kCsv);
}

std::string ScoreJson(const Programme& programme, const Score& score, bool all) {
  Json out = {{"programme", score.programme},
              {"version", score.version},
              {"kind", KindWord(programme.kind)},
              {"historic", programme.historic},
              {"readings", score.readings},
              {"notes", score.notes},
              {"rows", Json::array()}};
  for (const ScoreRow& row : score.rows) {
    if (all || !IsEmpty(row)) out["rows"].push_back(RowJson(row));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace equinode::cli
