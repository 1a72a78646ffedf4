// Raw counts: exact, never for a peer. They convert to the answer of the operators' own method
// (LocalTable) and are the input of the release gate; nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/counts/stratifier.h"

namespace equinode {

inline constexpr std::uint32_t kDefaultAgeBandStarts[] = {0, 18, 45, 65};

// Who is counted, and when: one population of one day.
struct CountScope {
  std::string payer{};           // URI; empty = everybody, covered or not.
  std::chrono::sys_days day{};   // The period's last day: ages are completed years on it,
                                 // attribution is coverage on it.
  std::string measure_period{};  // The MeasureFact.period that counts.
  std::vector<std::uint32_t> age_band_starts{};  // Ascending, the first 0; empty = the default.
  std::string owner{};  // URI of the node whose records count; empty = all owners.
  friend bool operator==(const CountScope&, const CountScope&) = default;
};

struct TableQuery {
  CountScope scope{};
  Stratifier stratifier = Stratifier::kRaceOmb1997;
  std::vector<std::string> measures{};  // Built in or imported, at most 64.
};

struct RawCell {
  std::string stratum{};
  std::uint64_t denominator = 0;
  std::uint64_t numerator = 0;  // Always 0 for "population".
  friend bool operator==(const RawCell&, const RawCell&) = default;
};

// One measure by one stratifier. Closed lists of strata and the age bands are complete, zeros
// included; open lists hold each value that somebody in the population has.
struct RawTable {
  std::string measure{};
  Stratifier stratifier = Stratifier::kRaceOmb1997;
  std::vector<RawCell> cells{};  // Sorted by stratum.
  RawCell total{};               // Its stratum is "".
  bool other_values = false;     // Some values are together in OTHER_VALUES.
  friend bool operator==(const RawTable&, const RawTable&) = default;
};

// The tables of one query, one a measure, counted from one state of the population.
using RawCounts = std::vector<RawTable>;

}  // namespace equinode
