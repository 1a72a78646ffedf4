#include "domain/equity/programs/score.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "domain/equity/programs/distance.h"

namespace equinode::equity::programs {
namespace {

std::string_view WhoWord(CellName::Who who) {
  switch (who) {
    case CellName::Who::kOwn:
      return "own";
    case CellName::Who::kOverall:
      return "overall";
    case CellName::Who::kReference:
      return "reference";
  }
  return {};
}

class Assembly {
 public:
  Assembly(Scorer& scorer, const Evidence& evidence, const std::optional<Chance>& chance)
      : scorer_(scorer), evidence_(evidence), chance_(chance) {
    for (const DataGate& gate : evidence.gates) {
      gates_[{gate.organisation, gate.measure}].push_back(&gate);
      for (const std::string& of : {gate.organisation, std::string()}) {
        const DataGate*& poorest = poorest_[of];
        if (poorest == nullptr ||
            Least(gate.quality.in_groups) < Least(poorest->quality.in_groups)) {
          poorest = &gate;
        }
      }
    }
    const auto& periods = scorer.programme().periods;  // Oldest first.
    for (auto& [of, gates] : gates_) {
      std::ranges::stable_sort(gates, {}, [&](const DataGate* gate) {
        return std::ranges::find(periods, gate->period) - periods.begin();
      });
    }
    for (std::size_t cell = 0; cell < scorer.cells().size(); ++cell) AddUnknowns(cell);
  }

  std::vector<ScoreRow> Rows() {
    std::vector<ScoreRow> rows;
    for (std::size_t row = 0; row < scorer_.rows().size(); ++row) {
      if (scorer_.rows()[row].level == Level::kProgramme) continue;
      if (scorer_.rows()[row].level == Level::kOrganisation) AddBelow(row, rows);
    }
    Add(0, rows);
    return rows;
  }

 private:
  void AddBelow(std::size_t row, std::vector<ScoreRow>& rows) {
    for (const std::size_t below : scorer_.rows()[row].below) AddBelow(below, rows);
    Add(row, rows);
  }

  void Add(std::size_t at, std::vector<ScoreRow>& rows) {
    const Scorer::Row& row = scorer_.rows()[at];
    ScoreRow out;
    out.level = row.level;
    out.organisation = row.organisation;
    out.measure = row.measure;
    out.group = row.group;
    const auto& shown = scorer_.programme().shown;
    std::vector<std::size_t> figures;
    for (std::size_t f = 0; f < scorer_.figures().size(); ++f) {
      const Figure* figure = scorer_.figures()[f];
      if (figure->level != row.level) continue;
      if (!shown.empty() && std::ranges::find(shown, figure->name) == shown.end()) continue;
      out.figures.push_back(AsShown(figure, scorer_.Get(at, f)));
      figures.push_back(f);
    }
    if (figures.empty()) return;
    for (const Scorer::Used& used : scorer_.UsedBy(at)) {
      const Scorer::Cell& cell = scorer_.cells()[used.cell];
      const auto name = evidence_.period_names.find(used.period);
      out.counts.push_back({std::string(WhoWord(used.who)),
                            name == evidence_.period_names.end() ? used.period : name->second,
                            {cell.counts, cell.given}});
      if (!cell.counts) continue;
      out.noised |= cell.counts->numerator.noised() || cell.counts->denominator.noised();
    }
    for (std::size_t i = 0; i < figures.size(); ++i) {
      ScoreRow::Shown& figure = out.figures[i];
      if (figure.value.known() || figure.value.reason != "suppressed") continue;
      if (auto range = BoundsOf(scorer_, at, figures[i])) {
        out.bounded = true;
        figure.value = range->first;
        figure.upper = range->second;
      }
    }
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (!TurnsOnUnknowns(*out.figures[i].figure)) continue;
      out.figures[i].if_unknowns = IfUnknowns(scorer_, at, figures[i], unknowns_);
    }
    SetStatus(out);
    AddGates(at, out);
    for (const Outcome& outcome : scorer_.programme().outcomes) {
      const std::size_t f = scorer_.FigureAt(outcome.figure);
      if (f == Scorer::kNowhere || scorer_.figures()[f]->level != row.level) continue;
      if (auto distance = DistanceOf(scorer_, at, f, outcome.more_is_better)) {
        out.distances.push_back(*std::move(distance));
      }
      if (!chance_) continue;
      if (auto spread = SpreadOf(scorer_, at, f, chance_->options, *chance_->random)) {
        out.spreads.emplace_back(outcome.figure, *std::move(spread));
      }
    }
    rows.push_back(std::move(out));
  }

  // Of exact counts a p value alone is a range, whose ends print alike; what is decided by it may
  // not be.
  static ScoreRow::Shown AsShown(const Figure* figure, Value value) {
    if (value.either) return {figure, Value::None("undecided"), {}, {}};
    ScoreRow::Shown shown{figure, std::move(value), {}, {}};
    if (shown.value.upper &&
        Text(shown.value, figure->unit) != Text(Value::Number(shown.value.high()), figure->unit)) {
      shown.upper = Value::Number(shown.value.high());
    }
    return shown;
  }

  bool TurnsOnUnknowns(const Figure& figure) const {
    return figure.unit == Unit::kPoints || figure.unit == Unit::kDollars ||
           std::ranges::find(scorer_.programme().outcomes, figure.name, &Outcome::figure) !=
               scorer_.programme().outcomes.end();
  }

  // Who may be of the cell's group besides those who are.
  void AddUnknowns(std::size_t cell) {
    const Evidence::Key& key = scorer_.cells()[cell].key;
    const auto found = gates_.find({key.organisation, key.measure});
    if (key.group.group.empty() || !scorer_.cells()[cell].counts || found == gates_.end()) return;
    for (const DataGate* gate : found->second) {
      const bool dimension = key.group.dimension.empty() || key.group.dimension == gate->dimension;
      const auto& groups = gate->quality.groups;
      if (gate->period != key.period || !dimension || !gate->quality.unknown ||
          std::ranges::find(groups, key.group.group, &IfUnknownsBelonged::group) == groups.end()) {
        continue;
      }
      const CellCounts& people = *gate->quality.unknown;
      unknowns_[cell] = {
          std::min(people.numerator.upper, people.denominator.upper),
          std::max<std::int64_t>(0, people.denominator.upper - people.numerator.lower)};
    }
  }

  static double Least(const equity::Figure& share) {
    return share.value ? *share.value : share.bounds ? share.bounds->lower : 0;
  }

  ScoreRow::Gate GateOf(const DataGate& data, const std::string& group) const {
    const auto name = evidence_.period_names.find(data.period);
    ScoreRow::Gate gate{data.measure,
                        name == evidence_.period_names.end() ? data.period : name->second,
                        data.dimension,
                        data.quality.in_groups,
                        data.quality.no_answer,
                        data.quality.outside,
                        data.direct,
                        {},
                        {}};
    for (const IfUnknownsBelonged& each : data.quality.groups) {
      if (each.group != group) continue;
      gate.if_unknowns = each.worst_to_best;
      gate.if_all_unknowns = each.all;
    }
    return gate;
  }

  // The measures whose counts make up this one's.
  std::vector<std::string> PartsOf(const std::string& measure) const {
    std::vector<std::string> parts{measure};
    for (const ProgrammeMeasure& each : scorer_.programme().measures) {
      if (each.id != measure) continue;
      parts.insert(parts.end(), each.mean_of.begin(), each.mean_of.end());
      if (!each.of_measure.empty()) parts.push_back(each.of_measure);
    }
    return parts;
  }

  void AddGates(std::size_t at, ScoreRow& out) const {
    const Scorer::Row& row = scorer_.rows()[at];
    if (row.level > Level::kMeasure) {
      const auto poorest = poorest_.find(row.organisation);
      if (poorest != poorest_.end()) out.gates.push_back(GateOf(*poorest->second, ""));
      return;
    }
    for (const std::string& measure : PartsOf(row.measure)) {
      const auto found = gates_.find({row.organisation, measure});
      if (found == gates_.end()) continue;
      for (const DataGate* data : found->second) {
        const auto& groups = data->quality.groups;
        const bool of_it =
            std::ranges::find(groups, row.group.group, &IfUnknownsBelonged::group) != groups.end();
        const bool dimension =
            row.group.dimension.empty() || row.group.dimension == data->dimension;
        if (row.level == Level::kMeasure || (of_it && dimension)) {
          out.gates.push_back(GateOf(*data, row.group.group));
        }
      }
    }
  }

  // The first outcome without a value says why; without outcomes, the first figure.
  void SetStatus(ScoreRow& row) const {
    row.status = "ok";
    bool outcome_here = false;
    for (const ScoreRow::Shown& shown : row.figures) {
      const bool outcome = std::ranges::any_of(
          scorer_.programme().outcomes,
          [&](const Outcome& each) { return each.figure == shown.figure->name; });
      if (!outcome) continue;
      outcome_here = true;
      if (!shown.value.known() && row.status == "ok") row.status = shown.value.reason;
    }
    if (!outcome_here && !row.figures.empty() && !row.figures.front().value.known()) {
      row.status = row.figures.front().value.reason;
    }
  }

  Scorer& scorer_;
  const Evidence& evidence_;
  const std::optional<Chance>& chance_;
  // By organisation and measure.
  std::map<std::pair<std::string, std::string>, std::vector<const DataGate*>> gates_{};
  std::map<std::string, const DataGate*> poorest_{};  // By organisation; "" = of all.
  UnknownsOfCells unknowns_{};
};

using RowKey = std::tuple<Level, std::string, std::string, GroupKey>;

std::map<RowKey, std::size_t> PlacesOf(const Score& score) {
  std::map<RowKey, std::size_t> places;
  for (std::size_t i = 0; i < score.rows.size(); ++i) {
    const ScoreRow& row = score.rows[i];
    places[{row.level, row.organisation, row.measure, row.group}] = i;
  }
  return places;
}

// Row for row the same programme under one other option: where an outcome differs, it is said.
Status CompareReadings(const Programme& programme, const Evidence& evidence, const Scorer& chosen,
                       Score& score) {
  const auto places = PlacesOf(score);
  for (const Reading& reading : programme.readings) {
    for (const Reading::Option& option : reading.options) {
      if (chosen.choices().at(reading.name) == option.name) continue;
      Choices choices = chosen.choices();
      choices[reading.name] = option.name;
      EQN_TRY(const Scorer other, Scorer::Make(programme, evidence, choices));
      for (std::size_t at = 0; at < other.rows().size(); ++at) {
        const Scorer::Row& row = other.rows()[at];
        const auto place = places.find({row.level, row.organisation, row.measure, row.group});
        if (place == places.end()) continue;
        for (const Outcome& outcome : programme.outcomes) {
          const std::size_t there = other.FigureAt(outcome.figure);
          const std::size_t here = chosen.FigureAt(outcome.figure);
          if (there == Scorer::kNowhere || here == Scorer::kNowhere ||
              other.figures()[there]->level != row.level) {
            continue;
          }
          Value value = other.Get(at, there);
          // What the other option would need and nobody brought is no other result.
          const bool missing =
              value.reason.starts_with("no_benchmark_") || value.reason.starts_with("no_fact_");
          if (missing || value == chosen.Get(at, here)) continue;
          score.rows[place->second].otherwise.push_back(
              {reading.name, option.name, outcome.figure, std::move(value), {}});
        }
      }
    }
  }
  return Ok();
}

}  // namespace

Result<Score> ScoreProgramme(const Programme& programme, const Evidence& evidence,
                             const Choices& choices, const std::optional<Chance>& chance) {
  Score score{programme.id, programme.version, {}, {}, evidence.notes};
  if (programme.kind == ProgrammeKind::kNoFormula) {
    score.notes.push_back(
        "the source papers name this programme and give no formula: nothing is "
        "computed");
    return score;
  }
  EQN_TRY(Scorer scorer, Scorer::Make(programme, evidence, choices));
  score.readings = scorer.choices();
  score.rows = Assembly(scorer, evidence, chance).Rows();
  EQN_CHECK(CompareReadings(programme, evidence, scorer, score));
  if (!scorer.without_data().empty()) {
    std::string text = "nothing came for:";
    for (const std::string& id : scorer.without_data()) text.append(" ").append(id);
    score.notes.push_back(std::move(text));
  }
  return score;
}

void AddScenario(Score& score, const Score& other, const std::string& name,
                 const std::string& option) {
  const auto places = PlacesOf(other);
  for (ScoreRow& row : score.rows) {
    const auto place = places.find({row.level, row.organisation, row.measure, row.group});
    if (place == places.end()) continue;
    const ScoreRow& there = other.rows[place->second];
    for (std::size_t i = 0; i < row.figures.size() && i < there.figures.size(); ++i) {
      const ScoreRow::Shown& now = row.figures[i];
      const ScoreRow::Shown& then = there.figures[i];
      if (now.value == then.value && now.upper == then.upper) continue;
      row.otherwise.push_back({name, option, now.figure->name, then.value, then.upper});
    }
  }
}

std::string Text(const Value& value, Unit unit) {
  if (!value.known()) return {};
  if (value.kind == Value::Kind::kTruth) return value.truth ? "yes" : "no";
  switch (unit) {
    case Unit::kShare:
      return value.number.Text(4);
    case Unit::kPercent:
      return value.number.Text(2);
    case Unit::kDollars:
      return value.number.Text(2);
    case Unit::kPlace:
      return value.number.sign() == 0 ? "similar" : value.number.sign() < 0 ? "below" : "above";
    case Unit::kNumber:
      return value.number.Text(4);
    case Unit::kTruth:
    case Unit::kPoints:
    case Unit::kCount:
      break;
  }
  const std::string exact = value.number.Exact();
  return exact.find('/') == std::string::npos ? exact : value.number.Text(4);
}

}  // namespace equinode::equity::programs
