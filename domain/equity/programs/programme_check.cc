#include "domain/equity/programs/programme_check.h"

#include <algorithm>
#include <array>

namespace equinode::equity::programs {
namespace {

Error Bad(std::string message) {
  return {Code::kInvalidArgument, "BAD_PROGRAMME", std::move(message)};
}

struct WhatWord {
  std::string_view word;
  CellName::What what;
};
constexpr std::array kWhats = {
    WhatWord{"rate", CellName::What::kRate}, WhatWord{"value", CellName::What::kValue},
    WhatWord{"num", CellName::What::kNum},   WhatWord{"den", CellName::What::kDen},
    WhatWord{"n", CellName::What::kN},
};

bool Has(const std::vector<NamedInput>& inputs, std::string_view name) {
  return std::ranges::any_of(inputs, [&](const NamedInput& each) { return each.name == name; });
}

constexpr std::array<std::string_view, 9> kPoolNames = {
    "pool_withheld", "pool_earned",   "pool_bonus",   "pool_unearned", "pool_pool",
    "pool_kept",     "pool_retained", "pool_portion", "pool_won"};

bool IsPoolName(std::string_view name) {
  return std::ranges::find(kPoolNames, name) != kPoolNames.end();
}

class Checker {
 public:
  explicit Checker(const Programme& programme) : programme_(programme) {}

  Status Check() {
    const Programme& p = programme_;
    if (p.id.empty() || p.name.empty() || p.version.empty() || p.source.empty()) {
      return Bad("a programme has an id, a name, a version and a source");
    }
    if (p.kind != ProgrammeKind::kNoFormula && p.figures.empty()) {
      return Bad("what is computed has figures");
    }
    for (const Reading& reading : p.readings) {
      if (reading.options.size() < 2 || reading.clause.empty()) {
        return Bad("reading " + reading.name + " has two options or more, and its clause");
      }
    }
    for (std::size_t i = 0; i < p.figures.size(); ++i) EQN_CHECK(CheckFigure(i));
    for (const ProgrammeMeasure& measure : p.measures) {
      for (const std::string& part : measure.mean_of) {
        if (part == measure.id) return Bad(measure.id + " is no mean of itself");
      }
    }
    for (const PoolRule& pool : p.pools) EQN_CHECK(CheckPool(pool));
    for (const std::string& name : p.shown) {
      if (FindFigure(p, name) == nullptr) return Bad("there is no figure " + name + " to show");
    }
    for (const Outcome& outcome : p.outcomes) {
      if (FindFigure(p, outcome.figure) == nullptr) {
        return Bad("there is no figure " + outcome.figure);
      }
    }
    return Ok();
  }

 private:
  Status CheckWhen(const When& when, const std::string& whose) {
    if (when.reading.empty()) return Ok();
    for (const Reading& reading : programme_.readings) {
      if (reading.name != when.reading) continue;
      for (const Reading::Option& option : reading.options) {
        if (option.name == when.option) return Ok();
      }
    }
    return Bad(whose + ": there is no reading " + when.reading + "=" + when.option);
  }

  Status CheckFigure(std::size_t at) {
    const Figure& figure = programme_.figures[at];
    EQN_CHECK(CheckWhen(figure.when, figure.name));
    if (figure.words.empty()) return Bad(figure.name + " says what it is, after --");
    Status out = Ok();
    ForEachCall(figure.rule, [&](const Expression& call) {
      if (!out.ok()) return;
      const int wanted = ArgumentsOf(call.word);
      if (wanted < 0 && !IsOverRows(call.word)) {
        out = Bad(figure.name + ": there is no function " + call.word);
      } else if (wanted >= 0 && static_cast<int>(call.parts.size()) != wanted) {
        out = Bad(figure.name + ": " + call.word + " takes " + std::to_string(wanted));
      } else if (wanted < 0 && call.parts.empty()) {
        out = Bad(figure.name + ": " + call.word + " of what?");
      }
    });
    EQN_CHECK(std::move(out));
    return CheckNames(figure.rule, at, false);
  }

  Status CheckNames(const Expression& node, std::size_t at, bool below) {
    if (node.kind == Expression::Kind::kName) return CheckName(node.word, at, below);
    if (node.kind == Expression::Kind::kCall && node.word == "none") return Ok();
    const bool inside = below || (node.kind == Expression::Kind::kCall && IsOverRows(node.word) &&
                                  node.word != "place");
    for (const Expression& part : node.parts) EQN_CHECK(CheckNames(part, at, inside));
    return Ok();
  }

  Status CheckName(std::string_view name, std::size_t at, bool below) {
    const Figure& figure = programme_.figures[at];
    const std::string whose = figure.name + ": ";
    if (name == "dir" || name == "weight" || name == "yes" || name == "no") return Ok();
    if (name.starts_with("tag.")) {
      const std::string tag(name.substr(4));
      const bool there =
          std::ranges::any_of(programme_.measures, [&](const ProgrammeMeasure& each) {
            return std::ranges::find(each.tags, tag) != each.tags.end();
          });
      return there ? Ok() : Unknown(whose, name);
    }
    if (name.starts_with("bench.")) {
      return Has(programme_.benchmarks, name.substr(6)) ? Ok() : Unknown(whose, name);
    }
    if (name.starts_with("fact.")) {
      return Has(programme_.facts, name.substr(5)) ? Ok() : Unknown(whose, name);
    }
    if (const auto cell = CellNameOf(name)) {
      if (std::ranges::find(programme_.periods, cell->period) == programme_.periods.end()) {
        return Unknown(whose, name);
      }
      if (cell->who == CellName::Who::kReference && !programme_.reference) {
        return Bad(whose + "the programme names no reference group");
      }
      return Ok();
    }
    if (IsPoolName(name)) {
      return programme_.pools.empty() ? Status(Bad(whose + "there is no pool")) : Ok();
    }
    for (std::size_t i = 0; i < at; ++i) {
      const Figure& other = programme_.figures[i];
      if (other.name != name) continue;
      if (!below && other.level < figure.level) {
        return Bad(whose + std::string(name) + " is of many rows: sum, mean, all or any of it?");
      }
      return Ok();
    }
    return Unknown(whose, name);
  }
  static Status Unknown(const std::string& whose, std::string_view name) {
    return Bad(whose + "there is nothing called " + std::string(name) + " before it");
  }

  Status CheckPool(const PoolRule& pool) {
    EQN_CHECK(CheckWhen(pool.when, "pool"));
    for (const auto& [name, level] : {std::pair{pool.capitation, Level::kOrganisation},
                                      {pool.earned, Level::kMeasure},
                                      {pool.met, Level::kMeasure},
                                      {pool.score, Level::kMeasure}}) {
      const Figure* figure = FindFigure(programme_, name);
      if (figure == nullptr || figure->level != level) {
        return Bad("pool: there is no figure " + name + " of the right level");
      }
    }
    return Ok();
  }

  const Programme& programme_;
};

}  // namespace

std::optional<CellName> CellNameOf(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  CellName out;
  std::string_view head = name.substr(0, dot);
  out.period = name.substr(dot + 1);
  for (const auto& [word, who] : {std::pair{std::string_view("overall_"), CellName::Who::kOverall},
                                  {std::string_view("ref_"), CellName::Who::kReference}}) {
    if (!head.starts_with(word)) continue;
    out.who = who;
    head.remove_prefix(word.size());
  }
  for (const WhatWord& what : kWhats) {
    if (what.word == head) {
      out.what = what.what;
      return out;
    }
  }
  return std::nullopt;
}

bool IsOverRows(std::string_view function) {
  static constexpr std::array<std::string_view, 7> kOver = {"sum", "mean",  "number", "all",
                                                            "any", "count", "place"};
  return std::ranges::find(kOver, function) != kOver.end();
}

const Figure* FindFigure(const Programme& programme, std::string_view name) {
  for (const Figure& figure : programme.figures) {
    if (figure.name == name) return &figure;
  }
  return nullptr;
}

Status CheckProgramme(const Programme& programme) { return Checker(programme).Check(); }

}  // namespace equinode::equity::programs
