#include "tests/domain/equity/golden/programme_case.h"

#include <cassert>
#include <stdexcept>

namespace equinode::equity::golden {

using programs::Evidence;
using programs::Value;

programs::Programme OverAny(std::string_view id) {
  const programs::Programme* found = programs::FindProgramme(id);
  if (found == nullptr) throw std::runtime_error("no programme " + std::string(id));
  programs::Programme copy = *found;
  copy.groups.clear();
  copy.measures.clear();
  copy.shown.clear();
  copy.any_measure = true;
  return copy;
}

Rational DecimalOf(const Json& json) {
  if (json.is_number_integer()) return Rational(json.get<std::int64_t>());
  if (json.is_boolean()) return Rational(json.get<bool>() ? 1 : 0);
  return Rational::Parse(json.get<std::string>()).value();
}

Json ToJson(const Value& value) {
  if (!value.known()) return nullptr;
  if (value.kind == Value::Kind::kTruth) return value.truth;
  return value.number.ToDouble();
}

void ProgrammeCase::Cell(const std::string& measure, const std::string& period,
                         const std::string& group, const Json& cell) {
  programs::Standing standing;
  if (cell.is_object() && cell.contains("num")) {
    standing.counts = CellCounts{Count::Exact(cell.at("num")), Count::Exact(cell.at("den"))};
  } else if (cell.is_object()) {
    standing.rate = DecimalOf(cell.at("rate_pct")) / 100;
  }
  evidence_.standings[{"plan", measure, period, {"", group, ""}}] = standing;
}

void ProgrammeCase::Percent(const std::string& measure, const std::string& period,
                            const Json& percent) {
  programs::Standing standing;
  standing.rate = DecimalOf(percent) / 100;
  evidence_.standings[{"plan", measure, period, {}}] = standing;
}

void ProgrammeCase::Fact(const std::string& organisation, const std::string& measure,
                         const std::string& name, const Json& value) {
  evidence_.facts[{organisation, measure, name}] = DecimalOf(value);
}

void ProgrammeCase::Benchmark(const std::string& measure, const std::string& name,
                              const Json& value) {
  evidence_.benchmarks[{"", measure, name}] = DecimalOf(value);
}

void ProgrammeCase::Direction(const std::string& measure, bool lower_is_better) {
  evidence_.measures[measure].better = lower_is_better ? Better::kLower : Better::kHigher;
}

void ProgrammeCase::Score(const programs::Choices& choices) {
  auto score = programs::ScoreProgramme(programme_, evidence_, choices);
  if (!score.ok()) throw std::runtime_error(score.error().message);
  score_ = std::move(score).value();
}

const Value* ProgrammeCase::Find(const std::string& figure, const std::string& measure,
                                 const std::string& group, const std::string& organisation) const {
  for (const programs::ScoreRow& row : score_.rows) {
    if (row.organisation != organisation || row.measure != measure || row.group.group != group) {
      continue;
    }
    for (const auto& shown : row.figures) {
      if (shown.figure->name == figure) return &shown.value;
    }
  }
  throw std::runtime_error("no figure " + figure + " of " + organisation + "/" + measure + "/" +
                           group);
}

Json ProgrammeCase::Get(const std::string& figure, const std::string& measure,
                        const std::string& group, const std::string& organisation) const {
  return ToJson(*Find(figure, measure, group, organisation));
}

std::string ProgrammeCase::Reason(const std::string& figure, const std::string& measure,
                                  const std::string& group) const {
  const Value* value = Find(figure, measure, group, "plan");
  return value->known() ? "ok" : value->reason;
}

}  // namespace equinode::equity::golden
