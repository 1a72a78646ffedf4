#include "domain/equity/programs/score.h"

#include <algorithm>

#include "domain/equity/programs/bounds.h"
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
      : scorer_(scorer), evidence_(evidence), chance_(chance) {}

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
      out.figures.push_back({figure, scorer_.Get(at, f), {}});
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
    SetStatus(out);
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
};

const ScoreRow* SameRow(const Score& score, const ScoreRow& row) {
  const auto same = std::ranges::find_if(score.rows, [&](const ScoreRow& each) {
    return each.level == row.level && each.organisation == row.organisation &&
           each.measure == row.measure && each.group == row.group;
  });
  return same == score.rows.end() ? nullptr : &*same;
}

// Row for row the same programme under one other option: where an outcome differs, it is said.
Status CompareReadings(const Programme& programme, const Evidence& evidence, const Scorer& chosen,
                       Score& score) {
  for (const Reading& reading : programme.readings) {
    for (const Reading::Option& option : reading.options) {
      if (chosen.choices().at(reading.name) == option.name) continue;
      Choices choices = chosen.choices();
      choices[reading.name] = option.name;
      EQN_TRY(const Scorer other, Scorer::Make(programme, evidence, choices));
      for (std::size_t at = 0; at < other.rows().size(); ++at) {
        const Scorer::Row& row = other.rows()[at];
        const auto same = std::ranges::find_if(score.rows, [&](const ScoreRow& each) {
          return each.level == row.level && each.organisation == row.organisation &&
                 each.measure == row.measure && each.group == row.group;
        });
        if (same == score.rows.end()) continue;
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
          same->otherwise.push_back({reading.name, option.name, outcome.figure, std::move(value)});
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
  for (ScoreRow& row : score.rows) {
    const ScoreRow* there = SameRow(other, row);
    if (there == nullptr) continue;
    for (std::size_t i = 0; i < row.figures.size() && i < there->figures.size(); ++i) {
      const ScoreRow::Shown& now = row.figures[i];
      const ScoreRow::Shown& then = there->figures[i];
      if (now.value == then.value) continue;
      row.otherwise.push_back({name, option, now.figure->name, then.value});
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
