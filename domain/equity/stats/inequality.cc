#include "domain/equity/stats/inequality.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/equity/stats/figure_of.h"
#include "domain/equity/stats/logistic.h"

namespace equinode::equity {
namespace {

using enum InequalityMeasure;

// What a measure needs before it is defined.
enum Need : unsigned {
  kNothing = 0,
  kTwoGroups = 1,
  kTheReference = 2,
  kTheOrder = 4,
  kAProportion = 8,
};

struct Row {
  InequalityMeasure measure{};
  std::string_view name{};
  unsigned needs = kNothing;
  bool on_logarithm = false;
};

constexpr std::array kRows = {
    Row{kDifference, "d", kTwoGroups},
    Row{kRatio, "r", kTwoGroups, true},
    Row{kDifferenceWithReference, "d_with_reference", kTwoGroups | kTheReference},
    Row{kRatioWithReference, "r_with_reference", kTwoGroups | kTheReference, true},
    Row{kBgv, "bgv"},
    Row{kBgsd, "bgsd"},
    Row{kCov, "cov_pct"},
    Row{kMdmu, "mdmu"},
    Row{kMdmw, "mdmw"},
    Row{kMdbu, "mdbu"},
    Row{kMdbw, "mdbw"},
    Row{kMdru, "mdru", kTheReference},
    Row{kMdrw, "mdrw", kTheReference},
    Row{kIdisu, "idisu_pct"},
    Row{kIdisw, "idisw_pct"},
    Row{kIdispHdcalc, "idisp_hdcalc_best_group_pct", kTwoGroups},
    Row{kHpRatio, "hp_summary_rate_ratio", kTwoGroups, true},
    Row{kHpDifference, "hp_summary_rate_difference", kTwoGroups},
    Row{kTheil, "theil"},
    Row{kMld, "mld"},
    Row{kTheil1000, "theil_x1000"},
    Row{kMld1000, "mld_x1000"},
    Row{kPar, "par"},
    Row{kPaf, "paf_pct"},
    Row{kAci, "aci", kTwoGroups | kTheOrder},
    Row{kRci, "rci", kTwoGroups | kTheOrder},
    Row{kRciWagstaff, "rci_wagstaff", kTwoGroups | kTheOrder | kAProportion},
    Row{kRciErreygers, "rci_erreygers", kTwoGroups | kTheOrder | kAProportion},
    Row{kSiiLinear, "sii_linear", kTwoGroups | kTheOrder},
    Row{kRiiLinearRatio, "rii_linear_ratio", kTwoGroups | kTheOrder, true},
    Row{kRiiLinearMean, "rii_linear_mean", kTwoGroups | kTheOrder},
};
constexpr unsigned kLogisticNeeds = kTwoGroups | kTheOrder | kAProportion;

std::string_view Missing(unsigned needs, std::size_t groups, const InequalityOptions& options) {
  if ((needs & kTheReference) != 0 && !options.setting.reference) return reason::kNoReference;
  if ((needs & kTheOrder) != 0 && !options.setting.ordered) return reason::kNoOrder;
  if ((needs & kAProportion) != 0 && options.kind != MeasureKind::kProportion) {
    return reason::kNotAProportion;
  }
  if ((needs & kTwoGroups) != 0 && groups < 2) return reason::kOneGroup;
  return {};
}

struct Formula {
  InequalityMeasure measure{};
  const GroupSetting& setting;
  template <typename N>
  std::optional<N> operator()(const Rates<N>& rates) const {
    return InequalityFormula<N>(setting, rates).Of(measure);
  }
};

// With all rates equal the highest and the lowest group are the first one twice; they still differ
// by chance, as two groups do.
double EqualEnds(InequalityMeasure measure, const std::vector<Range>& y,
                 const std::vector<double>& v) {
  const bool equal = std::ranges::all_of(
      y, [&](const Range& rate) { return rate.low == y[0].low && rate.high == y[0].low; });
  if (!equal) return 0;
  return measure == kRatio ? 2 * v[0] / (y[0].low * y[0].low) : 2 * v[0];
}

// Ahn and others (2018): what the delta method leaves out of the variance of bgv.
double BgvSecondOrder(std::span<const GroupCounts> groups, const std::vector<double>& v) {
  double least = 0;
  double most = 0;
  for (const GroupCounts& group : groups) {
    least += group.n.low;
    most += group.n.high;
  }
  double first = 0;
  double sum = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Range& n = groups[i].n;
    const double p_most = n.high / (least - n.low + n.high);
    const double p_least = n.low / (most - n.high + n.low);
    const double square = p_most * p_most * v[i];
    first += square;
    sum += square * v[i] * Square(1 - p_least) - Square(p_least * p_least * v[i]);
  }
  return 2 * (first * first + sum);
}

Figure FigureOfRow(const Row& row, std::span<const GroupCounts> groups,
                   const InequalityOptions& options) {
  const FigureOptions with{options.kind, options.level, row.on_logarithm, options.most_boxes};
  const Formula formula{row.measure, options.setting};
  const bool ends = row.measure == kDifference || row.measure == kRatio;
  Figure figure = FigureOf(
      groups, formula, with, [&](const std::vector<Range>& y, const std::vector<double>& v) {
        if (row.measure == kBgv) return BgvSecondOrder(groups, v);
        return ends && !options.setting.ordered ? EqualEnds(row.measure, y, v) : 0.0;
      });
  // Nothing to gain: no error is known of a 0 that stands for a wrong sign.
  if ((row.measure == kPar || row.measure == kPaf) && figure.value == 0.0) {
    figure.se.reset();
    figure.interval.reset();
    figure.reason = reason::kAtItsEnd;
  }
  return figure;
}

struct MeanFormula {
  template <typename N>
  std::optional<N> operator()(const Rates<N>& rates) const {
    return rates.mean;
  }
};

}  // namespace

std::vector<NamedFigure> InequalityMeasures(std::span<const GroupCounts> groups,
                                            const InequalityOptions& options) {
  std::vector<NamedFigure> figures;
  const bool no_denominator =
      std::ranges::any_of(groups, [](const GroupCounts& group) { return group.n.low <= 0; });
  const auto add = [&](std::string_view name, unsigned needs, const auto& make) {
    Figure figure;
    figure.reason = Missing(needs, groups.size(), options);
    if (figure.reason.empty() && no_denominator) figure.reason = reason::kNoDenominator;
    if (figure.reason.empty()) figure = make();
    figures.push_back({name, figure});
  };
  const FigureOptions plain{options.kind, options.level, false, options.most_boxes};
  add("weighted_mean", kNothing, [&] { return FigureOf(groups, MeanFormula{}, plain); });
  for (const Row& row : kRows) {
    add(row.name, row.needs, [&] { return FigureOfRow(row, groups, options); });
  }
  LogisticIndices logistic;
  if (Missing(kLogisticNeeds, groups.size(), options).empty() && !no_denominator) {
    logistic = LogisticInequality(groups, options.level);
  }
  add("sii_logistic", kLogisticNeeds, [&] { return logistic.sii; });
  add("rii_logistic", kLogisticNeeds, [&] { return logistic.rii; });
  return figures;
}

}  // namespace equinode::equity
