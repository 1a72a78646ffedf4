#include "domain/equity/programs/scorer.h"

#include <algorithm>

#include "domain/equity/programs/row_scope.h"

namespace equinode::equity::programs {
namespace {

Error BadReading(std::string message) {
  return {Code::kInvalidArgument, "BAD_READING", std::move(message)};
}

bool Holds(const When& when, const Choices& choices) {
  return when.reading.empty() || choices.at(when.reading) == when.option;
}

}  // namespace

Result<Scorer> Scorer::Make(const Programme& programme, const Evidence& evidence,
                            const Choices& choices) {
  Scorer scorer(programme, evidence);
  EQN_CHECK(scorer.Choose(choices));
  scorer.MakeRows();
  scorer.MakePlaces();
  scorer.came_ = scorer.cells_;
  scorer.known_.resize(scorer.rows_.size() * scorer.figures_.size());
  return scorer;
}

Status Scorer::Choose(const Choices& choices) {
  for (const Reading& reading : programme_->readings) {
    choices_[reading.name] = reading.options.front().name;
  }
  for (const auto& [name, option] : choices) {
    const auto reading = std::ranges::find(programme_->readings, name, &Reading::name);
    if (reading == programme_->readings.end()) {
      std::string text = programme_->id + " has no reading '" + name + "'";
      if (!programme_->readings.empty()) text.append("; it has:");
      for (const Reading& each : programme_->readings) text.append(" ").append(each.name);
      return BadReading(std::move(text));
    }
    if (std::ranges::find(reading->options, option, &Reading::Option::name) ==
        reading->options.end()) {
      std::string text = "reading '" + name + "' has no option '" + option + "':";
      for (const Reading::Option& each : reading->options) text.append(" ").append(each.name);
      return BadReading(std::move(text));
    }
    choices_[name] = option;
  }
  for (const Figure& figure : programme_->figures) {
    if (Holds(figure.when, choices_)) figures_.push_back(&figure);
  }
  for (const PoolRule& pool : programme_->pools) {
    if (Holds(pool.when, choices_)) pool_ = &pool;
  }
  for (const Figure* figure : figures_) {
    ForEachName(figure->rule,
                [&](std::string_view name) { meanings_.emplace(name, MeaningOf(name)); });
  }
  ListUsed();
  return Ok();
}

Scorer::Meaning Scorer::MeaningOf(std::string_view name) const {
  using Kind = Meaning::Kind;
  if (name == "yes") return {Kind::kYes, {}, {}, kNowhere};
  if (name == "no") return {Kind::kNo, {}, {}, kNowhere};
  if (name == "dir") return {Kind::kDirection, {}, {}, kNowhere};
  if (name == "weight") return {Kind::kWeight, {}, {}, kNowhere};
  const std::string_view rest = name.substr(std::min(name.find('.'), name.size() - 1) + 1);
  const auto among = [&](const std::vector<NamedInput>& inputs) {
    return static_cast<std::size_t>(std::ranges::find(inputs, rest, &NamedInput::name) -
                                    inputs.begin());
  };
  if (name.starts_with("tag.")) return {Kind::kTag, rest, {}, kNowhere};
  if (name.starts_with("bench."))
    return {Kind::kBenchmark, rest, {}, among(programme_->benchmarks)};
  if (name.starts_with("fact.")) return {Kind::kFact, rest, {}, among(programme_->facts)};
  if (const auto cell = CellNameOf(name)) return {Kind::kCell, rest, *cell, kNowhere};
  const std::size_t figure = FigureAt(name);
  return {figure == kNowhere ? Kind::kPool : Kind::kFigure, rest, {}, figure};
}

std::size_t Scorer::AddRow(Row row) {
  const std::size_t at = rows_.size();
  if (!row.measure.empty()) {
    row.listed = MeasureOf(row.measure);
    const auto traits = evidence_->measures.find(row.measure);
    if (traits != evidence_->measures.end()) row.better = traits->second.better;
    if (row.listed != nullptr && row.listed->better != Better::kUnknown) {
      row.better = row.listed->better;
    }
  }
  if (row.parent != kNowhere) rows_[row.parent].below.push_back(at);
  rows_.push_back(std::move(row));
  return at;
}

void Scorer::MakeRows() {
  std::set<std::string> organisations;
  std::map<std::string, std::set<std::string>> measures_of;  // By organisation.
  for (const auto& [key, standing] : evidence_->standings) {
    organisations.insert(key.organisation);
    measures_of[key.organisation].insert(key.measure);
    Cell cell;
    cell.key = key;
    cell.counts = standing.counts;
    cell.given = standing.rate;
    const auto traits = evidence_->measures.find(key.measure);
    if (traits != evidence_->measures.end()) cell.kind = traits->second.kind;
    if (standing.counts) {
      cell.num = cell.num_high = standing.counts->numerator.lower;
      cell.den = cell.den_high = standing.counts->denominator.lower;
      cell.hidden = !standing.counts->exact();
    }
    cell_of_[key] = cells_.size();
    cells_.push_back(std::move(cell));
  }
  for (const auto& [key, value] : evidence_->facts) {
    if (!key.organisation.empty()) organisations.insert(key.organisation);
    if (!key.measure.empty()) measures_of[key.organisation].insert(key.measure);
  }
  if (organisations.empty()) organisations.insert("");
  const std::size_t top = AddRow({Level::kProgramme, {}, {}, {}, kNowhere, {}});
  const bool every = programme_->kind == ProgrammeKind::kChecklist || !programme_->pools.empty();
  std::set<std::string> had;
  for (const std::string& organisation : organisations) {
    const std::size_t parent = AddRow({Level::kOrganisation, organisation, {}, {}, top, {}});
    std::set<std::string> present = measures_of[organisation];
    if (organisation != "") present.insert(measures_of[""].begin(), measures_of[""].end());
    std::vector<std::string> listed;
    for (const ProgrammeMeasure& measure : programme_->measures) {
      const bool parts = std::ranges::any_of(
          measure.mean_of, [&](const std::string& part) { return present.contains(part); });
      const bool lent = !measure.of_measure.empty() && present.contains(measure.of_measure);
      if (every || parts || lent || present.contains(measure.id)) listed.push_back(measure.id);
    }
    if (programme_->any_measure) {
      for (const std::string& measure : present) {
        if (MeasureOf(measure) == nullptr) listed.push_back(measure);
      }
    }
    for (const std::string& measure : listed) {
      had.insert(measure);
      AddGroups(AddRow({Level::kMeasure, organisation, measure, {}, parent, {}}));
    }
  }
  for (const ProgrammeMeasure& measure : programme_->measures) {
    if (!had.contains(measure.id)) without_data_.push_back(measure.id);
  }
}

void Scorer::AddGroups(std::size_t measure_row) {
  const std::string organisation = rows_[measure_row].organisation;
  const std::string measure = rows_[measure_row].measure;
  std::set<GroupKey> present;
  for (const std::string& period : programme_->periods) {
    for (auto it = cell_of_.lower_bound({organisation, measure, period, {}});
         it != cell_of_.end() && it->first.organisation == organisation &&
         it->first.measure == measure && it->first.period == period;
         ++it) {
      if (!it->first.group.group.empty()) present.insert(it->first.group);
    }
  }
  if (present.empty()) return;
  const auto is_reference = [&](const GroupKey& key) {
    return programme_->reference && key.group == programme_->reference->name;
  };
  std::vector<GroupKey> keys;
  if (programme_->lists_reference) {
    std::ranges::copy_if(present, std::back_inserter(keys), is_reference);
  }
  if (programme_->groups.empty()) {
    std::ranges::copy_if(present, std::back_inserter(keys),
                         [&](const GroupKey& key) { return !is_reference(key); });
  }
  std::set<std::string> sources;
  for (const GroupKey& key : present) sources.insert(key.source);
  for (const NamedGroup& group : programme_->groups) {
    for (const std::string& source : sources) keys.push_back({"", group.name, source});
  }
  for (GroupKey& key : keys) {
    AddRow({Level::kGroup, organisation, measure, std::move(key), measure_row, {}});
  }
}

const ProgrammeMeasure* Scorer::MeasureOf(const std::string& id) const {
  const auto found = std::ranges::find(programme_->measures, id, &ProgrammeMeasure::id);
  return found == programme_->measures.end() ? nullptr : &*found;
}

std::size_t Scorer::FigureAt(std::string_view name) const {
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    if (figures_[i]->name == name) return i;
  }
  return kNowhere;
}

std::size_t Scorer::FindCell(const Evidence::Key& key) const {
  const auto found = cell_of_.find(key);
  return found == cell_of_.end() ? kNowhere : found->second;
}

constexpr std::size_t kWhos = 3;  // Own, overall, reference.

void Scorer::MakePlaces() {
  places_.reserve(rows_.size() * kWhos * programme_->periods.size());
  for (const Row& row : rows_) {
    for (std::size_t who = 0; who < kWhos; ++who) {
      for (const std::string& period : programme_->periods) {
        places_.push_back(LookUp(row, static_cast<CellName::Who>(who), period));
      }
    }
  }
  benchmarks_.resize(rows_.size() * programme_->benchmarks.size());
}

std::size_t Scorer::CellAt(std::size_t row, CellName::Who who, std::string_view period) const {
  const auto& periods = programme_->periods;
  const auto found = static_cast<std::size_t>(std::ranges::find(periods, period) - periods.begin());
  if (found == periods.size()) return kNowhere;
  return places_[(row * kWhos + static_cast<std::size_t>(who)) * periods.size() + found];
}

std::size_t Scorer::LookUp(const Row& here, CellName::Who who, const std::string& period) const {
  if (here.level > Level::kMeasure) return kNowhere;
  Evidence::Key key{here.organisation, here.measure, period, {}};
  const ProgrammeMeasure* measure = here.listed;
  if (measure != nullptr && !measure->of_measure.empty() && who != CellName::Who::kReference) {
    const std::size_t own = FindCell(key);
    if (own != kNowhere) return own;
    key.measure = measure->of_measure;
    key.group = {"", measure->of_group, ""};
    return FindCell(key);
  }
  if (who == CellName::Who::kOwn) key.group = here.group;
  if (who == CellName::Who::kReference) {
    if (!programme_->reference) return kNowhere;
    key.group = {here.group.dimension, programme_->reference->name, here.group.source};
  }
  return FindCell(key);
}

Value Scorer::Get(std::size_t row, std::size_t figure) const {
  const std::size_t at = row * figures_.size() + figure;
  if (known_[at].at != supposed_) {
    Value value = Compute(row, *figures_[figure]);
    known_[at] = {supposed_, std::move(value)};
  }
  return known_[at].value;
}

Value Scorer::Compute(std::size_t row, const Figure& figure) const {
  Value value = Evaluate(figure.rule, RowScope(*this, row));
  if (figure.bands.empty() || !value.known()) return value;
  if (value.kind != Value::Kind::kNumber) return Value::None("rule_mixes_number_and_truth");
  return StepsOf(figure.bands, value);
}

void Scorer::Suppose(std::size_t cell, std::int64_t num, std::int64_t den) {
  SupposeWithin(cell, Count::Exact(num), Count::Exact(den));
}

void Scorer::SupposeWithin(std::size_t cell, const Count& num, const Count& den) {
  Cell& here = cells_[cell];
  here.num = num.lower;
  here.num_high = num.upper;
  here.den = den.lower;
  here.den_high = den.upper;
  here.misses.reset();
  here.hidden = false;
  changed_.push_back(cell);
  ++supposed_;
  pool_money_.reset();
}

void Scorer::SupposeParts(std::size_t cell, const Count& hits, const Count& misses) {
  SupposeWithin(cell, hits, Count::Between(hits.lower + misses.lower, hits.upper + misses.upper));
  cells_[cell].misses = misses;
}

void Scorer::Restore() {
  for (const std::size_t cell : changed_) {
    const Cell& came = came_[cell];
    Cell& here = cells_[cell];
    here.num = came.num;
    here.num_high = came.num_high;
    here.den = came.den;
    here.den_high = came.den_high;
    here.misses.reset();
    here.hidden = came.hidden;
  }
  changed_.clear();
  ++supposed_;
  pool_money_.reset();
}

std::size_t Scorer::Above(std::size_t row, Level level) const {
  while (row != kNowhere && rows_[row].level != level) row = rows_[row].parent;
  return row;
}

std::vector<std::size_t> Scorer::RowsBelow(std::size_t row, Level level) const {
  std::vector<std::size_t> out, next{row};
  while (!next.empty()) {
    const std::size_t at = next.back();
    next.pop_back();
    for (const std::size_t below : rows_[at].below) {
      (rows_[below].level == level ? out : next).push_back(below);
    }
  }
  std::ranges::sort(out);
  return out;
}

Level Scorer::LevelBelow(std::size_t row, const Expression& rule) const {
  const Level here = rows_[row].level;
  Level lowest = here;
  ForEachName(rule, [&](std::string_view name) {
    const auto meaning = meanings_.find(name);
    if (meaning == meanings_.end() || meaning->second.kind != Meaning::Kind::kFigure) return;
    lowest = std::min(lowest, figures_[meaning->second.at]->level);
  });
  if (lowest < here || here == Level::kGroup) return lowest;
  return static_cast<Level>(static_cast<int>(here) - 1);
}

}  // namespace equinode::equity::programs
