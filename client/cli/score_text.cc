#include "client/cli/score_text.h"

#include <algorithm>
#include <array>

#include "domain/equity/programs/catalogue.h"

namespace equinode::cli {
namespace {

using namespace equity::programs;  // NOLINT: this file speaks of nothing else.
using equity::programs::Unit;      // Not the value-less success.

std::string ReadingsText(const Choices& readings) {
  std::string text;
  for (const auto& [name, option] : readings) {
    text.append(text.empty() ? "" : " ").append(name).append("=").append(option);
  }
  return text;
}

std::string OneCount(const equity::Count& count) {
  std::string text = std::to_string(count.lower);
  if (count.bounded()) text.append("..").append(std::to_string(count.upper));
  if (count.noised()) text.append("~");
  return text;
}

// "own MY2023 30/100, reference MY2023 400/1000"
std::string CountsText(const ScoreRow& row) {
  std::string text;
  for (const ScoreRow::Counts& counts : row.counts) {
    text.append(text.empty() ? "" : ", ").append(counts.who).append(" ").append(counts.period);
    if (counts.standing.counts) {
      text.append(" ").append(OneCount(counts.standing.counts->numerator));
      text.append("/").append(OneCount(counts.standing.counts->denominator));
    } else if (counts.standing.rate) {
      text.append(" ").append(counts.standing.rate->Exact());
    }
  }
  return text;
}

Unit UnitOf(const Programme& programme, const std::string& figure) {
  for (const Figure& each : programme.figures) {
    if (each.name == figure) return each.unit;
  }
  return Unit::kNumber;
}

// "3 more numerator hits: points 1.25"
std::string DistanceText(const Programme& programme, const Distance& distance) {
  const std::int64_t members = distance.members < 0 ? -distance.members : distance.members;
  return std::to_string(members) + (distance.members < 0 ? " fewer" : " more") +
         (members == 1 ? " numerator hit: " : " numerator hits: ") + distance.figure + " " +
         Text(distance.next, UnitOf(programme, distance.figure));
}

std::string OtherText(const Programme& programme, const OtherReading& other) {
  const std::string value = Text(other.value, UnitOf(programme, other.figure));
  return other.reading + "=" + other.option + ": " + other.figure + " " +
         (value.empty() ? other.value.reason : value);
}

std::string PercentText(double chance) {
  return equity::Rational::FromDouble(chance * 100).Text(1) + "%";
}

// The chances, or the quantiles where there are many values.
std::string SpreadText(const Programme& programme, const std::string& figure,
                       const Spread& spread) {
  const Unit unit = UnitOf(programme, figure);
  std::string text = figure + (spread.exact ? " (exact):" : " (drawn):");
  if (spread.chances.size() <= 12) {
    for (const auto& [value, chance] : spread.chances) {
      text.append(" ")
          .append(Text(value, unit))
          .append(" ")
          .append(PercentText(chance))
          .append(",");
    }
  } else {
    double passed = 0;
    std::size_t at = 0;
    for (const double quantile : {0.05, 0.5, 0.95}) {
      while (at + 1 < spread.chances.size() && passed + spread.chances[at].second < quantile) {
        passed += spread.chances[at++].second;
      }
      text.append(quantile < 0.1 ? " 5% " : quantile < 0.6 ? " 50% " : " 95% ");
      text.append(Text(spread.chances[at].first, unit)).append(",");
    }
  }
  if (spread.undecided > 0)
    text.append(" undecided ").append(PercentText(spread.undecided)).append(",");
  text.pop_back();
  return text;
}

template <typename List, typename Say>
std::string Joined(const List& list, Say say) {
  std::string text;
  for (const auto& each : list) text.append(text.empty() ? "" : "; ").append(say(each));
  return text;
}

std::string NextText(const Programme& p, const ScoreRow& row) {
  return Joined(row.distances, [&](const Distance& each) { return DistanceText(p, each); });
}
std::string OtherwiseText(const Programme& p, const ScoreRow& row) {
  return Joined(row.otherwise, [&](const OtherReading& each) { return OtherText(p, each); });
}
std::string SpreadsText(const Programme& p, const ScoreRow& row) {
  return Joined(row.spreads,
                [&](const auto& each) { return SpreadText(p, each.first, each.second); });
}

std::string ShownText(const ScoreRow::Shown& shown) {
  std::string text = Text(shown.value, shown.figure->unit);
  if (shown.upper) text.append("..").append(Text(*shown.upper, shown.figure->unit));
  return text;
}

std::string GroupText(const ScoreRow& row) {
  std::string text = row.group.group;
  if (!row.group.source.empty()) text.append(" (").append(row.group.source).append(")");
  return text;
}

bool Empty(const ScoreRow& row) {
  return row.counts.empty() && std::ranges::none_of(row.figures, [](const ScoreRow::Shown& shown) {
           return shown.value.known();
         });
}

std::string LevelTable(const Programme& programme, const Score& score, Level level, bool all) {
  std::vector<const ScoreRow*> rows;
  for (const ScoreRow& row : score.rows) {
    if (row.level == level && (all || !Empty(row))) rows.push_back(&row);
  }
  if (rows.empty()) return {};
  const auto any = [&](auto has) {
    return std::ranges::any_of(rows, [&](const ScoreRow* row) { return has(*row); });
  };
  const bool next = any([](const ScoreRow& row) { return !row.distances.empty(); });
  const bool other = any([](const ScoreRow& row) { return !row.otherwise.empty(); });
  const bool chances = any([](const ScoreRow& row) { return !row.spreads.empty(); });
  const bool counted = any([](const ScoreRow& row) { return !row.counts.empty(); });
  std::vector<std::string> columns;
  if (level != Level::kProgramme) columns.push_back("organisation");
  if (level <= Level::kMeasure) columns.push_back("measure");
  if (level == Level::kGroup) columns.push_back("group");
  for (const ScoreRow::Shown& shown : rows.front()->figures) columns.push_back(shown.figure->name);
  columns.push_back("status");
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
    if (counted) cells.push_back(CountsText(*row));
    if (next) cells.push_back(NextText(programme, *row));
    if (other) cells.push_back(OtherwiseText(programme, *row));
    if (chances) cells.push_back(SpreadsText(programme, *row));
    sheet.Add(std::move(cells));
  }
  return sheet.Text(Format::kTable);
}

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
    out["figures"][shown.figure->name] = std::move(figure);
  }
  out["counts"] = CountsText(row);
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

std::string LongCsv(const Programme& programme, const Score& score, bool all) {
  Sheet sheet({"programme", "version", "readings", "level", "organisation", "measure", "dimension",
               "group", "source", "figure", "unit", "value", "upper", "reason", "counts", "to_next",
               "otherwise", "chances"});
  for (const ScoreRow& row : score.rows) {
    if (!all && Empty(row)) continue;
    for (const ScoreRow::Shown& shown : row.figures) {
      sheet.Add({score.programme, score.version, ReadingsText(score.readings), LevelWord(row.level),
                 row.organisation, row.measure, row.group.dimension, row.group.group,
                 row.group.source, shown.figure->name, UnitWord(shown.figure->unit),
                 ExactText(shown.value), shown.upper ? ExactText(*shown.upper) : "",
                 shown.value.known() ? "" : shown.value.reason, CountsText(row),
                 NextText(programme, row), OtherwiseText(programme, row),
                 SpreadsText(programme, row)});
    }
  }
  return sheet.Text(Format::kCsv);
}

}  // namespace

std::string ScoreText(const Programme& programme, const Score& score, Format format, bool all) {
  if (format == Format::kCsv) return LongCsv(programme, score, all);
  if (format == Format::kJson) {
    Json out = {{"programme", score.programme},
                {"version", score.version},
                {"kind", KindWord(programme.kind)},
                {"historic", programme.historic},
                {"readings", score.readings},
                {"notes", score.notes},
                {"rows", Json::array()}};
    for (const ScoreRow& row : score.rows) {
      if (all || !Empty(row)) out["rows"].push_back(RowJson(row));
    }
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  std::string text = programme.id + ": " + programme.name + " (" + programme.owner + "), rule " +
                     programme.version + (programme.historic ? ", HISTORIC" : "") + "\n";
  if (!score.readings.empty())
    text.append("readings: ").append(ReadingsText(score.readings)).append("\n");
  for (const Level level :
       {Level::kGroup, Level::kMeasure, Level::kOrganisation, Level::kProgramme}) {
    const std::string table = LevelTable(programme, score, level, all);
    if (!table.empty()) text.append("\n").append(table);
  }
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
