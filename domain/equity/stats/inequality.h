// Every inequality measure of a set of groups, with its uncertainty.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "domain/equity/stats/figure.h"
#include "domain/equity/stats/inequality_formulas.h"

namespace equinode::equity {

struct NamedFigure {
  std::string_view name{};
  Figure figure{};
};

struct InequalityOptions {
  MeasureKind kind = MeasureKind::kProportion;
  GroupSetting setting{};
  Level level{};
  int most_boxes = 256;  // Of FigureOptions.
};

// All measures in a fixed order: "weighted_mean", "d", "r", "d_with_reference", "r_with_reference",
// "bgv", "bgsd", "cov_pct", "mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw", "idisu_pct",
// "idisw_pct", "idisp_hdcalc_best_group_pct", "hp_summary_rate_ratio",
// "hp_summary_rate_difference", "theil", "mld", "theil_x1000", "mld_x1000", "par", "paf_pct",
// "aci", "rci", "rci_wagstaff", "rci_erreygers", "sii_linear", "rii_linear_ratio",
// "rii_linear_mean", "sii_logistic", "rii_logistic". A measure that is not defined for these groups
// has a reason and no numbers. Standard errors are those of the delta method over binomial (of
// events, Poisson) chance, of bgv with Ahn's second-order term (2018). Highest, lowest and best are
// chosen by the rates; ties by the first. `groups` have denominators above 0, are ordered if the
// setting says so, and are not empty.
std::vector<NamedFigure> InequalityMeasures(std::span<const GroupCounts> groups,
                                            const InequalityOptions& options);

}  // namespace equinode::equity
