#include "domain/equity/analysis/analysis.h"

#include <algorithm>

#include "domain/equity/stats/multiplicity.h"
#include "domain/equity/stats/rate.h"
#include "domain/equity/stats/reliability.h"

namespace equinode::equity {
namespace {

constexpr std::string_view kBest = "best";
constexpr std::string_view kOverall = "overall";

Error Bad(std::string reason, std::string message) {
  return Error{Code::kInvalidArgument, std::move(reason), std::move(message)};
}

bool Empty(const CellCounts& counts) {
  return !counts.denominator.noised() && counts.denominator.upper == 0;
}

std::string_view Unreliable(const CellCounts& counts, MeasureKind kind) {
  if (!counts.exact() || kind == MeasureKind::kMean || Empty(counts)) return {};
  const std::int64_t x = counts.numerator.lower;
  if (kind != MeasureKind::kProportion) return CountUnreliable(x);
  return ProportionUnreliable(x, counts.denominator.lower);
}

// For choosing only: where a group's rate is, in the middle of what is known.
double MiddleRate(const CellCounts& counts, MeasureKind kind) {
  const GroupCounts group = GroupCountsOf(counts, kind);
  return (group.x.low + group.x.high) / std::max(1e-9, group.n.low + group.n.high);
}

// The groups that people are in, in the order that formulas want.
std::vector<const Stratum*> TakingPart(const Stratification& one) {
  std::vector<const Stratum*> groups;
  for (const Stratum& stratum : one.strata) {
    if (!IsNoAnswer(stratum.name) && !Empty(stratum.counts)) groups.push_back(&stratum);
  }
  return groups;
}

bool Ordered(const std::vector<const Stratum*>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i]->order == 0) return false;
    if (i > 0 && groups[i]->order == groups[i - 1]->order) return false;
  }
  return !groups.empty();
}

const Stratum* Find(const Stratification& one, std::string_view name) {
  const auto found = std::ranges::find(one.strata, name, &Stratum::name);
  return found == one.strata.end() ? nullptr : &*found;
}

const Stratum* ReferenceOf(const Stratification& one, const std::vector<const Stratum*>& groups,
                           const AnalysisOptions& options) {
  if (groups.empty() || options.reference == kOverall) return nullptr;
  if (!options.reference.empty() && options.reference != kBest) {
    const Stratum* named = Find(one, options.reference);
    return named != nullptr && !Empty(named->counts) ? named : nullptr;
  }
  const auto rate = [&](const Stratum* stratum) { return MiddleRate(stratum->counts, one.kind); };
  return one.better == Better::kHigher ? *std::ranges::max_element(groups, {}, rate)
                                       : *std::ranges::min_element(groups, {}, rate);
}

const Stratification* PeriodBefore(std::span<const Stratification> all, const Stratification& one,
                                   const std::string& period) {
  const auto found = std::ranges::find_if(all, [&](const Stratification& other) {
    return other.period == period && other.measure == one.measure &&
           other.organisation == one.organisation && other.frame == one.frame &&
           other.dimension == one.dimension && other.source == one.source;
  });
  return found == all.end() ? nullptr : &*found;
}

bool OtherFrameBefore(std::span<const Stratification> all, const Stratification& one,
                      const std::string& period) {
  return std::ranges::any_of(all, [&](const Stratification& other) {
    return other.period == period && other.measure == one.measure &&
           other.organisation == one.organisation && other.dimension == one.dimension &&
           other.frame != one.frame;
  });
}

Result<Analysis> AnalyseOne(std::span<const Stratification> all, const Stratification& one,
                            const AnalysisOptions& options) {
  if (one.better == Better::kUnknown) {
    return Bad("NO_DIRECTION", "is a higher or a lower rate of " + one.measure +
                                   " better? say so in a column named better, or with --better");
  }
  Analysis analysis{one.measure,   one.period, one.organisation, one.frame,
                    one.dimension, one.source, one.kind,         one.better};
  EQN_TRY(const CellCounts sum, SumOfStrata(one));
  const CellCounts total = one.total.value_or(sum);
  analysis.total_given = one.total.has_value();
  analysis.overall = RateOf(total, one.kind, options.interval, options.level);
  EQN_TRY(analysis.quality, QualityOf(one, options.level));

  std::vector<const Stratum*> groups = TakingPart(one);
  std::ranges::stable_sort(groups, {}, &Stratum::order);
  const Stratum* reference = ReferenceOf(one, groups, options);
  if (reference != nullptr) analysis.reference = reference->name;
  const CellCounts* yardstick = reference != nullptr ? &reference->counts : nullptr;
  if (options.reference == kOverall) {
    analysis.reference = kOverall;
    yardstick = &total;
  }

  InequalityOptions inequality;
  inequality.kind = one.kind;
  inequality.level = options.level;
  inequality.setting.favourable = one.better == Better::kHigher;
  inequality.setting.ordered = Ordered(groups);
  std::vector<GroupCounts> counts;
  for (const Stratum* group : groups) {
    if (group == reference) inequality.setting.reference = counts.size();
    counts.push_back(GroupCountsOf(group->counts, one.kind));
  }
  if (!counts.empty()) analysis.measures = InequalityMeasures(counts, inequality);

  const Stratification* before = nullptr;
  if (!options.from.empty() && one.period == options.to) {
    before = PeriodBefore(all, one, options.from);
    if (before == nullptr && OtherFrameBefore(all, one, options.from)) {
      return Error{Code::kFailedPrecondition, "FRAMES_DIFFER",
                   one.measure + " by " + one.dimension + ": " + options.from + " and " +
                       options.to +
                       " are counted in different frames, whose groups hold other people"};
    }
  }
  for (const Stratum& stratum : one.strata) {
    AnalysedGroup& group = analysis.groups.emplace_back();
    group.name = stratum.name;
    group.counts = stratum.counts;
    group.no_answer = IsNoAnswer(stratum.name);
    group.is_reference = &stratum == reference;
    group.rate = RateOf(stratum.counts, one.kind, options.interval, options.level);
    group.unreliable = Unreliable(stratum.counts, one.kind);
    for (const IfUnknownsBelonged& extremes : analysis.quality.groups) {
      if (extremes.group == stratum.name) group.extremes = extremes;
    }
    if (group.no_answer || group.is_reference || yardstick == nullptr || Empty(stratum.counts)) {
      continue;
    }
    // The whole is no other group: a difference from it is shown, a test of two groups is not.
    group.comparison = Compare(stratum.counts, *yardstick, one.kind, options.level);
    if (options.reference == kOverall) {
      group.comparison->p_value.reset();
      group.comparison->ncqa_overlap.reset();
      for (Figure* figure : {&group.comparison->difference, &group.comparison->ratio}) {
        figure->se.reset();
        figure->interval.reset();
      }
    }
    const Stratum* earlier = before != nullptr ? Find(*before, stratum.name) : nullptr;
    const Stratum* yard =
        before != nullptr && reference != nullptr ? Find(*before, reference->name) : nullptr;
    if (earlier != nullptr && yard != nullptr) {
      group.change = Change({earlier->counts, yard->counts, stratum.counts, reference->counts},
                            one.kind, options.level);
    }
  }
  return analysis;
}

void Adjust(std::vector<Analysis>& analyses) {
  std::vector<std::optional<double>> tests;
  for (const Analysis& analysis : analyses) {
    for (const AnalysedGroup& group : analysis.groups) {
      tests.push_back(group.comparison ? group.comparison->p_value : std::nullopt);
    }
  }
  const auto adjusted = BenjaminiHochberg(tests);
  std::size_t next = 0;
  for (Analysis& analysis : analyses) {
    for (AnalysedGroup& group : analysis.groups) group.adjusted_p = adjusted[next++];
  }
}

}  // namespace

Result<std::vector<Analysis>> Analyse(std::span<const Stratification> stratifications,
                                      const AnalysisOptions& options) {
  for (const std::string* period : {&options.from, &options.to}) {
    if (period->empty()) continue;
    if (std::ranges::find(stratifications, *period, &Stratification::period) ==
        stratifications.end()) {
      return Bad("NO_SUCH_PERIOD", "there are no counts of the period " + *period);
    }
  }
  const bool named =
      !options.reference.empty() && options.reference != kBest && options.reference != kOverall;
  bool found = false;
  std::vector<Analysis> analyses;
  for (const Stratification& one : stratifications) {
    if (one.strata.empty()) continue;
    EQN_TRY(Analysis analysis, AnalyseOne(stratifications, one, options));
    found = found || analysis.reference == options.reference;
    analyses.push_back(std::move(analysis));
  }
  if (named && !found && !analyses.empty()) {
    return Bad("NO_SUCH_GROUP", "no stratum is named \"" + options.reference +
                                    "\", or nobody is in it: it cannot be the reference");
  }
  Adjust(analyses);
  return analyses;
}

}  // namespace equinode::equity
