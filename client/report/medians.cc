#include "client/report/medians.h"

#include <map>
#include <optional>
#include <utility>

#include "client/report/labels.h"
#include "domain/needs/measures/day_bins.h"
#include "domain/needs/measures/measure_name.h"

namespace equinode {
namespace {

std::optional<std::uint64_t> CountOf(const v1::PooledValue& value) {
  if (value.value().kind_case() != v1::ReleasedValue::kCount) return std::nullopt;
  return value.value().count();
}

// One histogram: the pooled table of each bin.
struct Histogram {
  NeedMeasure measure{};  // Without a bin.
  v1::Stratifier stratifier = v1::STRATIFIER_UNSPECIFIED;
  std::vector<const v1::PooledTable*> bins{};
};

const v1::PooledCell* CellOf(const v1::PooledTable& table, const std::string& stratum) {
  for (const v1::PooledCell& cell : table.cells()) {
    if (cell.stratum() == stratum) return &cell;
  }
  return nullptr;
}

std::optional<MedianBin> MedianIn(const Histogram& histogram, const std::string& stratum) {
  std::vector<BinCount> bins;
  std::optional<std::uint64_t> all;
  std::uint64_t sure = 0;
  for (const v1::PooledTable* table : histogram.bins) {
    const v1::PooledCell* cell = CellOf(*table, stratum);
    BinCount bin;
    if (cell == nullptr) {
      bin.most = 0;
    } else if (const auto count = CountOf(cell->numerator())) {
      bin = {*count, *count};
    } else if (table->nodes_withheld() == 0) {
      // Who hides a count has somebody in it.
      bin.least = cell->numerator().shown_sum() + cell->numerator().nodes_hidden();
    } else {
      bin.least = cell->numerator().shown_sum();
    }
    if (cell != nullptr && !all) all = CountOf(cell->denominator());
    sure += bin.least;
    bins.push_back(bin);
  }
  for (BinCount& bin : bins) {
    if (!bin.most && all && *all >= sure) bin.most = bin.least + (*all - sure);
  }
  // Counts of several tables that do not add up are a node's mistake: then without the whole.
  if (all && *all < sure) all.reset();
  return MedianOf(bins, all);
}

std::string TextOf(const MedianBin& median) {
  std::string text(DayBins()[median.first].text);
  if (median.last != median.first) text.append(" up to ").append(DayBins()[median.last].text);
  return text;
}

MedianTable TableOf(const Histogram& histogram) {
  MedianTable table;
  const bool accepting = histogram.measure.count == NeedCount::kAccepted;
  table.label = accepting ? "Median days to accept" : "Median days to close the loop";
  table.label += ", " + NeedText(histogram.measure);
  table.stratifier = histogram.stratifier;
  for (const v1::PooledCell& cell : histogram.bins.front()->cells()) {
    const auto median = MedianIn(histogram, cell.stratum());
    if (median) table.rows.push_back({cell.stratum(), TextOf(*median)});
  }
  return table;
}

}  // namespace

std::vector<MedianTable> MediansOf(const v1::Release& release) {
  std::vector<std::string> order;
  std::map<std::string, Histogram> found;
  for (const v1::PooledTable& table : release.tables()) {
    auto measure = NeedMeasureNamed(table.measure());
    if (!measure || !measure->bin) continue;
    const std::size_t bin = *measure->bin;
    measure->bin.reset();
    const std::string key = table.table_id() + " " + NameOf(*measure);
    const auto [entry, first] = found.try_emplace(key);
    Histogram& histogram = entry->second;
    if (first) {
      order.push_back(key);
      histogram.measure = *measure;
      histogram.stratifier = table.stratifier();
      histogram.bins.resize(DayBins().size());
    }
    histogram.bins[bin] = &table;
  }
  std::vector<MedianTable> tables;
  for (const std::string& key : order) {
    const Histogram& histogram = found.at(key);
    bool complete = true;
    for (const v1::PooledTable* table : histogram.bins) complete = complete && table != nullptr;
    if (complete) tables.push_back(TableOf(histogram));
  }
  return tables;
}

}  // namespace equinode
