// A programme's result over some evidence, as rows that say which rule, which reading and which
// counts they come from.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/equity/programs/bounds.h"
#include "domain/equity/programs/scorer.h"
#include "domain/equity/programs/spread.h"

namespace equinode::equity::programs {

// How far an outcome is from better: with `members` more people in the numerator of the row's last
// period (fewer where lower is better) it is `next`.
struct Distance {
  std::string figure{};
  std::int64_t members = 0;  // Above 0: more. Below 0: fewer.
  Value next{};
};

// What an outcome would be under another option of one reading.
struct OtherReading {
  std::string reading{};
  std::string option{};
  std::string figure{};
  Value value{};
  std::optional<Value> upper{};  // As ScoreRow::Shown::upper.
};

struct ScoreRow {
  struct Shown {
    const Figure* figure = nullptr;  // Of the programme.
    Value value{};
    // Where counts are hidden or noised: the figure lies between value and this (bounds.h).
    std::optional<Value> upper{};
    // Of outcomes, points and money: from the least to the greatest that it could be if the people
    // without an answer were of one of its groups (bounds.h, IfUnknowns).
    std::optional<Bounds> if_unknowns{};
  };
  // The data behind the row, in one dimension and period. Of an organisation or all of them: of the
  // measure whose groups hold the least share of its people.
  struct Gate {
    std::string measure{};
    std::string period{};  // As the counts call it.
    std::string dimension{};
    equity::Figure in_groups{};  // Shares of all people: see domain/equity/quality/gate.h.
    equity::Figure no_answer{};
    equity::Figure outside{};
    std::optional<equity::Figure> direct{};
    // Of a group: its rate if people without an answer were of it.
    std::optional<Interval> if_unknowns{};      // At worst, at best.
    std::optional<Interval> if_all_unknowns{};  // If all of them were.
  };
  struct Counts {
    std::string who{};     // "own", "overall", "reference"
    std::string period{};  // As the counts call it.
    Standing standing{};
  };
  Level level = Level::kGroup;
  std::string organisation{};
  std::string measure{};
  GroupKey group{};
  std::string status{};  // "ok", or why the outcome has no value. "undecided": an edge lies within
                         // the 36 digits of a p value.
  bool bounded = false;  // Some figures are bounds, of hidden or noised counts.
  bool noised = false;   // Counts hold privacy noise: the bounds are those of its reach (bounds.h).
  std::vector<Shown> figures{};
  std::vector<Counts> counts{};
  std::vector<Gate> gates{};
  std::vector<Distance> distances{};
  std::vector<OtherReading> otherwise{};
  std::vector<std::pair<std::string, Spread>> spreads{};  // Of outcomes, where it was asked for.
};

struct Score {
  std::string programme{};
  std::string version{};
  Choices readings{};
  std::vector<ScoreRow> rows{};  // Groups, then their measure, then the organisation, then all.
  std::vector<std::string> notes{};
};

// Wanted when the outcomes' chances are. `random` outlives the call.
struct Chance {
  SpreadOptions options{};
  Random* random = nullptr;
};

// `programme` outlives the result. BAD_READING as Scorer::Make.
Result<Score> ScoreProgramme(const Programme& programme, const Evidence& evidence,
                             const Choices& choices,
                             const std::optional<Chance>& chance = std::nullopt);

// Adds to the rows of `score` what the outcomes and the money would be under `other`, a scenario of
// the same programme and readings, as a reading called `name`.
void AddScenario(Score& score, const Score& other, const std::string& name,
                 const std::string& option);

// "yes", "0.4200", "12.5", "1.25", "-1" as "below": what a person reads. None: "".
std::string Text(const Value& value, Unit unit);

}  // namespace equinode::equity::programs
