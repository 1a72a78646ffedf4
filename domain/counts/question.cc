#include "domain/counts/question.h"

#include <algorithm>
#include <utility>

#include "domain/counts/scan.h"
#include "domain/counts/tally.h"

namespace equinode {
namespace {

Result<MeasureTally> TallyOf(const PopulationData& data, const std::string& measure,
                             const std::string& period) {
  MeasureTally tally;
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

RawCell CellOf(const Tally& tally, const MeasureTally& measure, bool built_in, std::size_t code) {
  RawCell cell;
  if (built_in) {
    cell.denominator = tally.people[code];
    if (measure.availability.has_value()) cell.numerator = measure.numerator[code];
  } else if (measure.imported.has_value()) {
    cell.denominator = measure.denominator[code];
    cell.numerator = measure.numerator[code];
  }
  return cell;
}

}  // namespace

Result<RawCounts> Ask(const PopulationData& data, const Panel* panel, const TableQuery& query) {
  if (data.out_of_step) {
    return Error{Code::kFailedPrecondition, "COUNTS_OUT_OF_STEP",
                 "counts do not agree with the records any more; rebuild them"};
  }
  if (query.measures.empty() || query.measures.size() > kMaxMeasuresAsked) {
    return Error{Code::kInvalidArgument, "BAD_MEASURES", "ask for 1 to 64 measures"};
  }
  Tally tally;
  for (const std::string& measure : query.measures) {
    EQN_TRY(MeasureTally one, TallyOf(data, measure, query.scope.measure_period));
    tally.measures.push_back(std::move(one));
  }
  EQN_TRY(Placement placement, PlacementOf(data, query.scope));
  const std::size_t strata = StrataOf(data, placement, query.stratifier);
  tally.Resize(strata);
  if (panel != nullptr) {
    panel->Read(query.stratifier, tally);
  } else {
    placement.Learn(data.coverages);
    ScanColumns(data.columns, data.coverages, placement, query.stratifier, tally);
  }

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
      RawCell cell = CellOf(tally, tally.measures[i], IsBuiltInMeasure(table.measure), code);
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
