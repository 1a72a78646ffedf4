#include "domain/counts/population.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "domain/counts/panel.h"
#include "domain/counts/population_data.h"
#include "domain/counts/question.h"
#include "domain/counts/snapshot.h"

namespace equinode {
namespace {

std::uint8_t AvailableBits(const PersonFacts& facts) {
  // In the order of kAvailabilityMeasures.
  const bool bits[] = {
      facts.race.known,         facts.ethnicity.known,         facts.language_known.known,
      facts.race.self_reported, facts.ethnicity.self_reported, facts.language_known.self_reported};
  std::uint8_t packed = 0;
  for (std::size_t i = 0; i < std::size(bits); ++i) {
    packed = static_cast<std::uint8_t>(packed | (bits[i] ? 1u << i : 0u));
  }
  return packed;
}

void Write(PersonColumns& people, std::uint32_t row, const PersonFacts& facts, PopulationData& data,
           std::string_view owner) {
  people.race_ethnicity[row] =
      static_cast<std::uint8_t>(kPresent | static_cast<unsigned>(facts.ethnicity1997) << 4 |
                                static_cast<unsigned>(facts.race1997));
  people.race2024_sex[row] = static_cast<std::uint8_t>(static_cast<unsigned>(facts.sex) << 4 |
                                                       static_cast<unsigned>(facts.race2024));
  people.available[row] = AvailableBits(facts);
  people.language[row] = data.languages.Intern(facts.language);
  people.county[row] = data.counties.Intern(facts.county);
  people.zip3[row] = data.zip3s.Intern(facts.zip3);
  people.owner[row] = data.owners.Intern(owner);
  people.birth[row] = EncodeBirth(facts.birth_date);
}

void Wipe(PersonColumns& people, std::uint32_t row) {
  people.race_ethnicity[row] = 0;
  people.race2024_sex[row] = 0;
  people.available[row] = 0;
  people.language[row] = 0;
  people.county[row] = 0;
  people.zip3[row] = 0;
  people.owner[row] = 0;
  people.birth[row] = 0;
}

CodedCoverage CodeCoverage(PopulationData& data, const CoverageFact& coverage) {
  CodedCoverage coded;
  coded.payer = data.payers.Intern(coverage.payer);
  coded.line_of_business = data.lines_of_business.Intern(coverage.line_of_business);
  if (coverage.start)
    coded.start = static_cast<std::int32_t>(coverage.start->time_since_epoch().count());
  if (coverage.end) coded.end = static_cast<std::int32_t>(coverage.end->time_since_epoch().count());
  return coded;
}

// Equal questions have equal scopes: the default bands are written out.
CountScope WithBands(CountScope scope) {
  if (scope.age_band_starts.empty()) {
    scope.age_band_starts.assign(std::begin(kDefaultAgeBandStarts),
                                 std::end(kDefaultAgeBandStarts));
  }
  return scope;
}

}  // namespace

Population::Population(PopulationLimits limits) : data_(std::make_unique<PopulationData>(limits)) {}
Population::~Population() = default;

bool Population::InBounds(PersonNo person) {
  if (person <= data_->limits.max_person) return true;
  data_->out_of_step = true;
  return false;
}

void Population::CountIn(PersonNo person, int sign) {
  const Piece* piece = data_->columns.Find(person);
  if (piece == nullptr) return;
  for (const auto& panel : panels_) panel->Count(*piece, person, data_->coverages, sign);
}

void Population::PutPerson(PersonNo person, std::string_view owner, const PersonFacts& facts) {
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  PersonColumns& people = data_->columns.Get(person).people;
  const std::uint32_t row = Columns::Row(person);
  const bool was = (people.race_ethnicity[row] & kPresent) != 0;
  if (was) CountIn(person, -1);
  Write(people, row, facts, *data_, owner);
  CountIn(person, +1);
  if (!was) ++data_->people;
}

void Population::RemovePerson(PersonNo person) {
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  PersonColumns& people = data_->columns.Get(person).people;
  const std::uint32_t row = Columns::Row(person);
  if ((people.race_ethnicity[row] & kPresent) == 0) return;
  CountIn(person, -1);
  Wipe(people, row);
  --data_->people;
}

void Population::AddCoverage(PersonNo person, const CoverageFact& coverage) {
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  Piece& piece = data_->columns.Get(person);
  const CodedCoverage coded = CodeCoverage(*data_, coverage);
  CountIn(person, -1);
  const std::size_t known = data_->coverages.shared().size();
  data_->coverages.Add(piece.people.coverage[Columns::Row(person)], person, coded);
  if (data_->coverages.shared().size() != known) {
    for (const auto& panel : panels_) panel->placement().Learn(data_->coverages);
  }
  CountIn(person, +1);
}

void Population::RemoveCoverage(PersonNo person, const CoverageFact& coverage) {
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  Piece& piece = data_->columns.Get(person);
  const CodedCoverage coded = CodeCoverage(*data_, coverage);
  CountIn(person, -1);
  const std::size_t known = data_->coverages.shared().size();
  if (!data_->coverages.Remove(piece.people.coverage[Columns::Row(person)], person, coded)) {
    data_->out_of_step = true;
  }
  if (data_->coverages.shared().size() != known) {
    for (const auto& panel : panels_) panel->placement().Learn(data_->coverages);
  }
  CountIn(person, +1);
}

void Population::AddMeasure(PersonNo person, const MeasureFact& result) {
  if (!result.in_denominator) return;
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  const std::size_t known = data_->measures.codes().size();
  const Dictionary::Code code = data_->measures.Intern(result.measure, result.period);
  if (code == Dictionary::kOtherValues) return;  // Questions about it fail.
  if (code >= known) {
    for (const auto& panel : panels_) {
      if (panel->scope().measure_period == result.period) panel->AddMeasure(code);
    }
  }
  Piece& piece = data_->columns.Get(person);
  CountIn(person, -1);
  data_->measures.Add(piece, person, code, result.in_numerator);
  CountIn(person, +1);
}

void Population::RemoveMeasure(PersonNo person, const MeasureFact& result) {
  if (!result.in_denominator) return;
  const std::unique_lock lock(mutex_);
  if (!InBounds(person)) return;
  const auto code = data_->measures.Find(result.measure, result.period);
  if (!code.has_value()) {
    // Fine when it never fitted; else it was never added.
    data_->out_of_step = data_->out_of_step || !data_->measures.codes().overflowed();
    return;
  }
  Piece& piece = data_->columns.Get(person);
  CountIn(person, -1);
  if (!data_->measures.Remove(piece, person, *code, result.in_numerator)) data_->out_of_step = true;
  CountIn(person, +1);
}

const Panel* Population::PanelFor(const CountScope& scope) const {
  const CountScope wanted = WithBands(scope);
  const auto found =
      std::ranges::find_if(panels_, [&](const auto& panel) { return panel->scope() == wanted; });
  return found == panels_.end() ? nullptr : found->get();
}

Result<RawCounts> Population::OneWay(const TableQuery& query) const {
  return Count(std::span(&query, 1));
}

Result<RawCounts> Population::Count(std::span<const TableQuery> queries,
                                    std::span<const ComputedMeasure> computed) const {
  const std::shared_lock lock(mutex_);
  RawCounts all;
  for (const TableQuery& query : queries) {
    EQN_TRY(RawCounts tables, Ask(*data_, PanelFor(query.scope), query, computed));
    std::ranges::move(tables, std::back_inserter(all));
  }
  return all;
}

Status Population::AddPanel(const CountScope& scope) {
  // The names get their codes now, so that people who come later are found under them.
  if (!scope.payer.empty()) data_->payers.Intern(scope.payer);
  if (!scope.owner.empty()) data_->owners.Intern(scope.owner);
  EQN_TRY(Placement placement, PlacementOf(*data_, scope));
  placement.Learn(data_->coverages);
  auto panel = std::make_unique<Panel>(WithBands(scope), std::move(placement));
  for (std::size_t code = 2; code < data_->measures.codes().size(); ++code) {
    const auto measure = static_cast<Dictionary::Code>(code);
    if (data_->measures.PeriodOf(measure) == scope.measure_period) panel->AddMeasure(measure);
  }
  PersonNo first = 0;
  for (const auto& piece : data_->columns.pieces()) {
    for (PersonNo person = first; piece != nullptr && person < first + kPiecePeople; ++person) {
      panel->Count(*piece, person, data_->coverages, +1);
    }
    first += kPiecePeople;
  }
  panels_.push_back(std::move(panel));
  return Ok();
}

Status Population::RegisterPanel(const CountScope& scope) {
  const std::unique_lock lock(mutex_);
  if (PanelFor(scope) != nullptr) return Ok();
  if (panels_.size() >= data_->limits.panels) {
    return Error{Code::kResourceExhausted, "TOO_MANY_PANELS",
                 "no room for cells of another panel; counts of it come from a scan"};
  }
  return AddPanel(scope);
}

void Population::UnregisterPanel(const CountScope& scope) {
  const std::unique_lock lock(mutex_);
  const CountScope gone = WithBands(scope);
  std::erase_if(panels_, [&](const auto& panel) { return panel->scope() == gone; });
}

Bytes Population::Snapshot(std::uint64_t position) const {
  const std::shared_lock lock(mutex_);
  return WriteSnapshot(*data_, position);
}

Result<std::uint64_t> Population::Restore(ByteView snapshot) {
  const std::unique_lock lock(mutex_);
  auto data = std::make_unique<PopulationData>(data_->limits);
  const Result<std::uint64_t> position = ReadSnapshot(snapshot, *data);
  if (!position.ok()) data = std::make_unique<PopulationData>(data_->limits);
  Replace(std::move(data));
  return position;
}

void Population::Clear() {
  const std::unique_lock lock(mutex_);
  Replace(std::make_unique<PopulationData>(data_->limits));
}

void Population::Replace(std::unique_ptr<PopulationData> data) {
  data_ = std::move(data);
  std::vector<std::unique_ptr<Panel>> before;
  before.swap(panels_);
  for (const auto& panel : before) {
    // One that does not fit any more is answered by a scan, which then says why it cannot.
    const Status added = AddPanel(panel->scope());
    static_cast<void>(added);
  }
}

bool Population::HasPeopleOf(std::string_view owner) const {
  const std::shared_lock lock(mutex_);
  const auto code = data_->owners.Find(owner);
  if (!code) return false;
  for (const auto& piece : data_->columns.pieces()) {
    if (piece == nullptr) continue;
    const PersonColumns& people = piece->people;
    for (std::uint32_t row = 0; row < kPiecePeople; ++row) {
      if (people.owner[row] == *code && (people.race_ethnicity[row] & kPresent) != 0) return true;
    }
  }
  return false;
}

std::vector<std::string> Population::MeasuresIn(std::string_view period) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> found;
  for (std::size_t code = 2; code < data_->measures.codes().size(); ++code) {
    const auto measure = static_cast<Dictionary::Code>(code);
    if (data_->measures.PeriodOf(measure) == period) {
      found.emplace_back(data_->measures.MeasureOf(measure));
    }
  }
  std::ranges::sort(found);
  return found;
}

PopulationMemory Population::Memory() const {
  const std::shared_lock lock(mutex_);
  PopulationMemory memory;
  memory.people = data_->people;
  memory.stratifier_bytes = data_->columns.stratifier_bytes();
  memory.measure_bytes = data_->columns.measure_bytes();
  for (const Dictionary* words : std::as_const(*data_).dictionaries()) {
    memory.dictionary_bytes += words->bytes();
  }
  memory.coverage_bytes = data_->coverages.shared_bytes();
  memory.aside_bytes = data_->coverages.aside_bytes() + data_->measures.several_bytes();
  for (const auto& panel : panels_) {
    memory.cells += panel->occupied();
    memory.cell_bytes += panel->cell_bytes();
    memory.coverage_bytes += panel->placement().bytes();
  }
  return memory;
}

}  // namespace equinode
