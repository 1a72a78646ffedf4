// A programme as data: what it scores, by which rules, under which readings. Written in files of
// domain/equity/programs/data; docs/equity.md tells the format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/equity/counts/count_table.h"
#include "domain/equity/programs/expression.h"

namespace equinode::equity::programs {

enum class ProgrammeKind : std::uint8_t {
  kComputed,
  kChecklist,  // Milestones or attestations, with their money where the source tells it.
  kNoFormula,  // The source papers name it and give nothing to compute.
};

// The row that a figure belongs to. A row has its own figures and sees those above it; what is
// below it is summed.
enum class Level : std::uint8_t { kGroup, kMeasure, kOrganisation, kProgramme };

enum class Unit : std::uint8_t {
  kTruth,    // yes, no
  kShare,    // 0..1
  kPercent,  // 0..100
  kPoints,   // of a programme
  kDollars,
  kCount,
  kNumber,
  kPlace,  // -1, 0, 1: below, similar, above
};

// Holds when the reading's option is chosen. Empty reading = always.
struct When {
  std::string reading{};
  std::string option{};
};

// Steps of a table: total and monotone in their edges, which the parser checks. Each step reaches
// down to its lower edge; the first one has none.
struct Band {
  std::optional<Rational> from{};
  bool includes_from = true;  // A closed edge; else the edge belongs to the step below.
  Value value{};
};

struct Figure {
  std::string name{};
  Level level = Level::kGroup;
  Unit unit = Unit::kNumber;
  When when{};
  Expression rule{};  // Of bands: what is looked up in them.
  std::string rule_text{};
  std::vector<Band> bands{};  // Empty = the rule itself is the figure.
  std::string words{};
};

struct Reading {
  struct Option {
    std::string name{};
    std::string words{};
  };
  std::string name{};
  std::string clause{};           // Where the text is unclear, and what it says.
  std::vector<Option> options{};  // The first is the default.
};

struct ProgrammeMeasure {
  std::string id{};
  Better better = Better::kHigher;
  Rational weight{};  // 0 = none is given.
  std::vector<std::string> mean_of{};
  std::string words{};
  std::string of_measure{};  // Its counts are one group's of this measure: of_group.
  std::string of_group{};
  std::vector<std::string> tags{};  // For rules: "tag.priority".
};

// A group or the reference, and other names under which counts may come.
struct NamedGroup {
  std::string name{};
  std::vector<std::string> also{};
};

struct NamedInput {  // A benchmark or a fact that the rules ask for.
  std::string name{};
  Level level = Level::kMeasure;  // Of a fact: measure, organisation or the whole programme.
  std::string words{};
};

// A pool over the organisations (domain/equity/money/pool.h), by names of figures.
struct PoolRule {
  When when{};
  bool by_weight = false;
  Rational withheld{};
  Rational to_pool{};
  std::string capitation{};  // Of the organisation.
  std::string earned{};      // Of the measure: 0..1.
  std::string met{};         // Of the measure: truth.
  std::string score{};       // Of the measure.
};

// A figure of which more is told than its value.
struct Outcome {
  std::string figure{};
  bool more_is_better = true;
};

struct Programme {
  std::string id{};
  std::string name{};
  std::string owner{};
  std::string scores{};   // Whom.
  std::string when{};     // Which years.
  std::string version{};  // Of this file's rule.
  std::string source{};
  std::string money{};  // In words.
  ProgrammeKind kind = ProgrammeKind::kComputed;
  bool historic = false;
  std::vector<std::string> says{};   // The rule in words.
  std::vector<std::string> notes{};  // Misprints, ambiguities, warnings.

  std::vector<std::string> periods{};     // Roles, oldest first: "previous", "current".
  std::vector<std::string> frames{};      // Whose groups; empty = any.
  std::vector<std::string> dimensions{};  // In which the groups are looked for; empty = any.
  bool one_dimension = false;             // Groups of several are not for one figure.
  bool by_source = false;                 // Direct and indirect are rows apart.
  // Strata that come from one source alone: their name and that.
  std::vector<std::pair<std::string, std::string>> sources_of{};
  std::vector<NamedGroup> groups{};  // Empty = every group that comes, no-answers left out.
  std::optional<NamedGroup> reference{};
  bool lists_reference = false;  // The reference is a row of its own too.
  bool any_measure = false;      // Measures that are not listed are scored as well.
  std::vector<ProgrammeMeasure> measures{};
  std::vector<NamedInput> benchmarks{};
  std::vector<NamedInput> facts{};
  std::vector<Reading> readings{};
  std::vector<Figure> figures{};     // Each uses only those before it.
  std::vector<PoolRule> pools{};     // At most one under each choice of readings.
  std::vector<std::string> shown{};  // Names of figures to print; empty = all.
  std::vector<Outcome> outcomes{};   // With distance, uncertainty and other readings.
};

std::string_view KindWord(ProgrammeKind kind);
std::string_view LevelWord(Level level);
std::string_view UnitWord(Unit unit);

// The step of `bands` that `number` is in. `bands` is not empty.
const Value& StepOf(const std::vector<Band>& bands, const Rational& number);
// Of a number that may be a range: all the steps that it may be in.
Value StepsOf(const std::vector<Band>& bands, const Value& number);

}  // namespace equinode::equity::programs
