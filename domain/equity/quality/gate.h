// What must be known of the people behind a stratified figure before it is believed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/equity/counts/stratify.h"
#include "domain/equity/stats/figure.h"

namespace equinode::equity {

// A group's rate if the people without an answer were of it.
struct IfUnknownsBelonged {
  std::string group{};
  // From "only those who lower the rate" to "only those who raise it": no answer of theirs can take
  // the group's rate outside.
  std::optional<Interval> worst_to_best{};
  // All of them: one rate, or the bounds of it where counts are hidden.
  std::optional<Interval> all{};
};

struct DataQuality {
  Figure in_groups{};  // Share of all people who are in one of the groups.
  Figure no_answer{};  // Declined, unknown, not asked.
  Figure outside{};    // Answered, and in none of the frame's groups; also who is in no row at all.
  std::vector<IfUnknownsBelonged> groups{};
  // The people who may belong to one of the groups or another, where there are any and `groups` has
  // extremes: those without an answer.
  std::optional<CellCounts> unknown{};
};

// The shares are of the stratification's total; without one of the strata's sum, and then nobody is
// outside. Where no stratum is of people without an answer, everybody outside may belong to a
// group. Extremes are of proportions without noise; with noise they are left out. Hidden counts
// give bounds. OUT_OF_RANGE / COUNT_TOO_LARGE past 64 bits.
Result<DataQuality> QualityOf(const Stratification& stratification, const Level& level);

}  // namespace equinode::equity
