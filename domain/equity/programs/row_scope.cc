#include "domain/equity/programs/row_scope.h"

#include <algorithm>

namespace equinode::equity::programs {

using Row = Scorer::Row;

Value RowScope::Name(std::string_view name) const {
  using Kind = Scorer::Meaning::Kind;
  const auto found = scorer_.meanings_.find(name);
  const Scorer::Meaning meaning =
      found != scorer_.meanings_.end() ? found->second : scorer_.MeaningOf(name);
  const Row& row = scorer_.rows_[row_];
  switch (meaning.kind) {
    case Kind::kYes:
    case Kind::kNo:
      return Value::Truth(meaning.kind == Kind::kYes);
    case Kind::kDirection:
      if (row.better == Better::kUnknown) return Value::None("direction_unknown");
      return Value::Number(row.better == Better::kHigher ? 1 : -1);
    case Kind::kWeight:
      return row.listed == nullptr || row.listed->weight.sign() == 0
                 ? Value::None("no_weight")
                 : Value::Number(row.listed->weight);
    case Kind::kTag:
      return Value::Truth(row.listed != nullptr &&
                          std::ranges::find(row.listed->tags, meaning.rest) !=
                              row.listed->tags.end());
    case Kind::kBenchmark:
      return scorer_.BenchmarkValue(row_, meaning.at);
    case Kind::kFact:
      return scorer_.FactValue(row_, scorer_.programme_->facts[meaning.at]);
    case Kind::kCell:
      return scorer_.CellValue(row_, meaning.cell);
    case Kind::kPool:
      return scorer_.PoolValue(row_, name);
    case Kind::kFigure:
      break;
  }
  const std::size_t at = scorer_.Above(row_, scorer_.figures_[meaning.at]->level);
  return at == Scorer::kNowhere ? Value::None("of_other_rows") : scorer_.Get(at, meaning.at);
}

Value RowScope::Call(const Expression& call) const {
  return call.word == "place" ? scorer_.Place(row_, call) : scorer_.Over(row_, call);
}

// The organisation's own before everybody's, the measure's before that of all.
Value Scorer::BenchmarkValue(std::size_t row, std::size_t benchmark) const {
  std::optional<Value>& known = benchmarks_[row * programme_->benchmarks.size() + benchmark];
  if (known) return *known;
  const std::string& what = programme_->benchmarks[benchmark].name;
  const Row& here = rows_[row];
  for (const auto& [organisation, measure] : {std::pair{here.organisation, here.measure},
                                              {std::string(), here.measure},
                                              {here.organisation, std::string()},
                                              {std::string(), std::string()}}) {
    const auto found = evidence_->benchmarks.find({organisation, measure, what});
    if (found == evidence_->benchmarks.end()) continue;
    known = Value::Number(found->second);
    return *known;
  }
  known = Value::None("no_benchmark_" + what);
  return *known;
}

Value Scorer::FactValue(std::size_t row, const NamedInput& fact) const {
  const Row& here = rows_[row];
  std::vector<Evidence::FactKey> keys;
  if (fact.level == Level::kMeasure) {
    if (!here.measure.empty()) {
      keys.push_back({here.organisation, here.measure, fact.name});
      keys.push_back({"", here.measure, fact.name});
    }
  } else {
    if (fact.level == Level::kOrganisation) keys.push_back({here.organisation, "", fact.name});
    keys.push_back({"", "", fact.name});
  }
  for (const Evidence::FactKey& key : keys) {
    const auto found = evidence_->facts.find(key);
    if (found != evidence_->facts.end()) return Value::Number(found->second);
  }
  return Value::None("no_fact_" + fact.name);
}

Value Scorer::CellValue(std::size_t row, const CellName& name) const {
  const Row& here = rows_[row];
  if (here.level > Level::kMeasure) return Value::None("of_other_rows");
  const ProgrammeMeasure* measure = here.listed;
  if (measure != nullptr && !measure->mean_of.empty()) return MeanValue(row, name, *measure);
  const std::size_t cell = CellAt(row, name.who, name.period);
  if (cell != kNowhere) return WhatOf(cells_[cell], name.what);
  return Value::None(name.who == CellName::Who::kReference ? "no_reference" : "no_data");
}

// The simple mean of the measures it is made of; none when one of them is missing.
Value Scorer::MeanValue(std::size_t row, const CellName& name,
                        const ProgrammeMeasure& measure) const {
  if (name.what != CellName::What::kRate && name.what != CellName::What::kValue) {
    return Value::None("a_mean_of_measures");
  }
  const Row& here = rows_[row];
  Evidence::Key key{here.organisation, "", std::string(name.period), {}};
  if (name.who == CellName::Who::kOwn) key.group = here.group;
  if (name.who == CellName::Who::kReference) key.group = {"", programme_->reference->name, ""};
  Value sum = Value::Number(0);
  for (const std::string& part : measure.mean_of) {
    key.measure = part;
    const std::size_t cell = FindCell(key);
    if (cell == kNowhere) return Value::None("no_data");
    const Value value = WhatOf(cells_[cell], name.what);
    if (!value.known()) return value;
    sum = Arithmetic("+", sum, value);
  }
  const auto parts = static_cast<std::int64_t>(measure.mean_of.size());
  return Arithmetic("/", sum, Value::Number(parts));
}

Value Scorer::WhatOf(const Cell& cell, CellName::What what) const {
  using What = CellName::What;
  const Rational shown = cell.kind == MeasureKind::kProportion        ? 100
                         : cell.kind == MeasureKind::kPerMemberMonths ? 1000
                                                                      : 1;
  if (!cell.counts) {
    if (!cell.given) return Value::None("no_data");
    if (what == What::kRate) return Value::Number(*cell.given);
    if (what == What::kValue) return Value::Number(*cell.given * shown);
    return Value::None("no_counts");
  }
  if (cell.hidden) return Value::Suppressed();
  const auto range = [](std::int64_t low, std::int64_t high) {
    return low == high ? Value::Number(low) : Value::Between(low, high);
  };
  if (what == What::kNum) return range(cell.num, cell.num_high);
  if (what == What::kDen) return range(cell.den, cell.den_high);
  if (what == What::kN && cell.kind != MeasureKind::kProportion) {
    return Value::None("not_a_proportion");
  }
  if (cell.den_high <= 0) return Value::None("no_denominator");
  if (cell.den <= 0) return Value::Suppressed();
  if (what == What::kN) return range(cell.den, cell.den_high);
  const auto scaled = [&](std::int64_t num, std::int64_t den) {
    Rational rate = Rational::Of(num, den);
    if (cell.kind == MeasureKind::kObservedExpected) rate = rate * kMillion;
    if (cell.kind == MeasureKind::kMean) rate = rate / kMillion;
    return what == What::kValue ? rate * shown : rate;
  };
  if (cell.num == cell.num_high && cell.den == cell.den_high) {
    return Value::Number(scaled(cell.num, cell.den));
  }
  if (cell.misses) {
    const auto share = [&](std::int64_t hits, std::int64_t misses) {
      return scaled(hits, std::max<std::int64_t>(1, hits + misses));
    };
    return Value::Between(share(cell.num, cell.misses->upper),
                          share(cell.num_high, cell.misses->lower));
  }
  const bool proportion = cell.kind == MeasureKind::kProportion;
  const std::int64_t most = proportion ? std::min(cell.num_high, cell.den_high) : cell.num_high;
  Rational high = most >= 0 ? scaled(most, proportion ? std::max(cell.den, most) : cell.den)
                            : scaled(most, cell.den_high);
  Rational low = scaled(cell.num, cell.num >= 0 ? cell.den_high : cell.den);
  return Value::Between(std::move(low), std::move(high));
}

// sum, mean, number, count, all, any: over the rows below that have a value. Where one is
// suppressed so is all of it: a hidden group is not left out as one without people is.
Value Scorer::Over(std::size_t row, const Expression& call) const {
  const Expression& rule = call.parts[0];
  Rational low, high;
  std::int64_t known = 0, surely = 0, perhaps = 0;
  bool open = false;
  std::string missing = "no_rows";
  bool any_missing = false;
  for (const std::size_t below : RowsBelow(row, LevelBelow(row, rule))) {
    const Value value = Evaluate(rule, RowScope(*this, below));
    if (value.suppressed()) return value;
    if (!value.known()) {
      any_missing = true;
      if (missing == "no_rows") missing = value.reason;
      continue;
    }
    ++known;
    open = open || value.open();
    if (value.kind == Value::Kind::kNumber) {
      low += value.number;
      high += value.high();
    } else {
      surely += value.truth && !value.either ? 1 : 0;
      perhaps += value.truth || value.either ? 1 : 0;
    }
  }
  if (call.word == "count") return Value::Number(known);
  if (call.word == "number") return Value::Between(surely, perhaps);
  if (call.word == "any" && surely > 0) return Value::Truth(true);
  if (call.word == "all" && perhaps < known) return Value::Truth(false);
  const bool strict = call.word == "any" || call.word == "all";
  if (known == 0 || (strict && any_missing)) return Value::None(missing);
  if (strict) return open ? Value::Either() : Value::Truth(call.word == "all");
  if (call.word == "mean") {
    low = low / known;
    high = high / known;
  }
  return open ? Value::Between(std::move(low), std::move(high)) : Value::Number(std::move(low));
}

namespace {

// Whether `a` comes before `b` by their keys, ascending; equal ones by name.
Value Before(const std::vector<Value>& a, const std::vector<Value>& b, bool by_name) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].high() < b[i].number) return Value::Truth(true);
    if (a[i].number > b[i].high()) return Value::Truth(false);
    if (a[i].open() || b[i].open()) return Value::Either();
  }
  return Value::Truth(by_name);
}

}  // namespace

// The row's place among its siblings by the keys, ascending, then by name. From 1.
Value Scorer::Place(std::size_t row, const Expression& call) const {
  const std::size_t parent = rows_[row].parent;
  if (parent == kNowhere) return Value::None("of_other_rows");
  // Empty: it has no place. Unset: a key is suppressed.
  const auto keys_of = [&](std::size_t at) -> std::optional<std::vector<Value>> {
    std::vector<Value> keys;
    for (const Expression& key : call.parts) {
      keys.push_back(Evaluate(key, RowScope(*this, at)));
      if (keys.back().suppressed()) return std::nullopt;
      if (!keys.back().known()) return std::vector<Value>();
    }
    return keys;
  };
  const auto own = keys_of(row);
  if (!own) return Value::Suppressed();
  if (own->empty()) return Value::None("not_placed");
  const auto name = [&](std::size_t at) {
    const Row& row_at = rows_[at];
    return std::tie(row_at.group.group, row_at.group, row_at.measure, row_at.organisation);
  };
  std::int64_t first = 1, last = 1;
  for (const std::size_t sibling : rows_[parent].below) {
    if (sibling == row) continue;
    const auto other = keys_of(sibling);
    if (!other) return Value::Suppressed();
    if (other->empty()) continue;
    const Value before = Before(*other, *own, name(sibling) < name(row));
    first += before.truth ? 1 : 0;
    last += before.truth || before.either ? 1 : 0;
  }
  return Value::Between(first, last);
}

}  // namespace equinode::equity::programs
