#include "domain/counts/question.h"

#include <algorithm>
#include <utility>

#include "domain/counts/placement.h"
#include "domain/counts/scan.h"
#include "domain/counts/tally.h"

namespace equinode {
namespace {

Result<MeasureTally> TallyOf(const PopulationData& data, const std::string& measure,
                             const std::string& period, std::span<const ComputedMeasure> computed) {
  MeasureTally tally;
  if (IsComputedMeasure(measure)) {
    const auto found = std::ranges::find(computed, measure, &ComputedMeasure::measure);
    if (found == computed.end()) {
      return Error{Code::kFailedPrecondition, "NOT_COMPUTED",
                   "measures of needs and referrals are not counted in this way"};
    }
    tally.computed = &*found;
    return tally;
  }
  if (measure == kMeasurePopulation) return tally;
  tally.availability = AvailabilityMeasure(measure);
  if (tally.availability.has_value()) return tally;
  tally.imported = data.measures.Find(measure, period);
  if (!tally.imported.has_value() && data.measures.codes().overflowed()) {
    return Error{Code::kResourceExhausted, "TOO_MANY_MEASURES",
                 "the measure is past the bound that counts keep in memory; raise it"};
  }
  return tally;
}

// Where each of them stands: a few people, and no column.
void CountComputed(const PopulationData& data, const Placement& placement, Stratifier stratifier,
                   Tally& tally) {
  const auto add = [&](const std::vector<PersonNo>& people, std::vector<std::uint64_t>& counts) {
    StratumCodes codes;
    for (const PersonNo person : people) {
      const Piece* piece = data.columns.Find(person);
      if (piece == nullptr) continue;
      if (!placement.Place(piece->people, Columns::Row(person), person, data.coverages, codes)) {
        continue;
      }
      ++counts[codes[static_cast<std::size_t>(stratifier) - 1]];
    }
  };
  for (MeasureTally& measure : tally.measures) {
    if (measure.computed == nullptr) continue;
    add(measure.computed->denominator, measure.denominator);
    add(measure.computed->numerator, measure.numerator);
  }
}

RawCell CellOf(const Tally& tally, const MeasureTally& measure, bool of_people, std::size_t code) {
  RawCell cell;
  if (of_people) {
    cell.denominator = tally.people[code];
    if (!measure.numerator.empty()) cell.numerator = measure.numerator[code];
  } else if (measure.imported.has_value() || measure.computed != nullptr) {
    cell.denominator = measure.denominator[code];
    cell.numerator = measure.numerator[code];
  }
  return cell;
}

}  // namespace

Result<RawCounts> Ask(const PopulationData& data, const Panel* panel, const TableQuery& query,
                      std::span<const ComputedMeasure> computed) {
  if (data.out_of_step) {
    return Error{Code::kFailedPrecondition, "COUNTS_OUT_OF_STEP",
                 "counts do not agree with the records any more; rebuild them"};
  }
  if (query.measures.empty() || query.measures.size() > kMaxMeasuresAsked) {
    return Error{Code::kInvalidArgument, "BAD_MEASURES", "ask for 1 to 64 measures"};
  }
  Tally tally;
  for (const std::string& measure : query.measures) {
    EQN_TRY(MeasureTally one, TallyOf(data, measure, query.scope.measure_period, computed));
    tally.measures.push_back(std::move(one));
  }
  EQN_TRY(Placement placement, PlacementOf(data, query.scope));
  const std::size_t strata = StrataOf(data, placement, query.stratifier);
  tally.Resize(strata);
  const bool any_computed = std::ranges::any_of(
      tally.measures, [](const MeasureTally& each) { return each.computed != nullptr; });
  if (panel == nullptr || any_computed) placement.Learn(data.coverages);
  if (panel != nullptr) {
    panel->Read(query.stratifier, tally);
  } else {
    ScanColumns(data.columns, data.coverages, placement, query.stratifier, tally);
  }
  if (any_computed) CountComputed(data, placement, query.stratifier, tally);

  const bool open =
      ClosedStrata(query.stratifier).empty() && query.stratifier != Stratifier::kAgeBand;
  std::vector<std::pair<std::string, std::size_t>> rows;
  for (std::size_t code = 0; code < strata; ++code) {
    if (open && tally.people[code] == 0) continue;
    rows.emplace_back(LabelOf(data, placement, query.stratifier, static_cast<std::uint16_t>(code)),
                      code);
  }
  std::ranges::sort(rows);

  RawCounts tables;
  for (std::size_t i = 0; i < query.measures.size(); ++i) {
    RawTable table{.measure = query.measures[i], .stratifier = query.stratifier};
    table.other_values = HasOtherValues(data, query.stratifier);
    table.cells.reserve(rows.size());
    for (const auto& [label, code] : rows) {
      RawCell cell = CellOf(tally, tally.measures[i], CountsPopulation(table.measure), code);
      cell.stratum = label;
      table.total.denominator += cell.denominator;
      table.total.numerator += cell.numerator;
      table.cells.push_back(std::move(cell));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace equinode
