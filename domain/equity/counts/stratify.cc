#include "domain/equity/counts/stratify.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace equinode::equity {
namespace {

// What the strata of one stratification have in common.
using Key = std::tuple<std::uint32_t, std::string_view, std::string_view, std::string_view,
                       std::string_view, std::string_view>;

Key KeyOf(const CountTable& table, const Cell& cell) {
  const Series& series = table.series[cell.series];
  return {cell.organisation, series.measure,   series.period,
          series.frame,      series.dimension, series.source};
}

}  // namespace

bool Stratification::ordered() const {
  return !strata.empty() &&
         std::ranges::all_of(strata, [](const Stratum& stratum) { return stratum.order != 0; });
}

std::vector<Stratification> Stratify(const CountTable& table) {
  std::vector<Stratification> all;
  std::map<Key, std::size_t> places;
  for (const Cell& cell : table.cells) {
    const Series& series = table.series[cell.series];
    const auto [place, is_new] = places.try_emplace(KeyOf(table, cell), all.size());
    if (is_new) {
      all.push_back({series.measure, series.period, table.organisations[cell.organisation],
                     series.frame, series.dimension, series.source, series.kind, series.better});
    }
    Stratification& one = all[place->second];
    if (series.stratum.empty()) {
      one.total = cell.counts;
    } else {
      one.strata.push_back({series.stratum, series.order, cell.counts});
    }
  }
  for (const auto& [key, place] : places) {
    Stratification& one = all[place];
    if (one.total || one.dimension.empty()) continue;
    Key people = key;
    std::get<3>(people) = {};
    std::get<4>(people) = {};
    const auto found = places.find(people);
    if (found != places.end()) one.total = all[found->second].total;
  }
  return all;
}

Result<CellCounts> SumOfStrata(const Stratification& stratification) {
  CellCounts sum;
  for (const Stratum& stratum : stratification.strata) {
    EQN_TRY(sum, Add(sum, stratum.counts));
  }
  return sum;
}

}  // namespace equinode::equity
