// From groups' counts and a formula to a figure: its standard error by the delta method, noise and
// hidden counts carried through.
#pragma once

#include <cmath>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "domain/equity/stats/figure.h"
#include "domain/equity/stats/groups.h"

namespace equinode::equity {

struct FigureOptions {
  MeasureKind kind = MeasureKind::kProportion;
  Level level{};
  bool on_logarithm = false;  // The error and the interval are made on the figure's logarithm.
  int most_boxes = 256;       // Of the search for bounds; fewer make them wider, never wrong.
};

namespace figure_of {

// Numerators first, then denominators.
struct Box {
  std::vector<Range> counts{};
  double bound = 0;
};

template <typename Formula>
class Search {
 public:
  Search(std::span<const GroupCounts> groups, const Formula& formula, const FigureOptions& options)
      : groups_(groups), formula_(formula), options_(options) {}

  // What the figure cannot be below (sign = 1) or above (-1): branch and bound over whole counts.
  // Nothing where it may be undefined.
  std::optional<double> Bound(double sign) const {
    Box whole;
    for (const GroupCounts& group : groups_) whole.counts.push_back(group.x);
    for (const GroupCounts& group : groups_) whole.counts.push_back(group.n);
    if (!Evaluate(whole, sign)) return std::nullopt;
    const auto later = [](const Box& a, const Box& b) { return a.bound > b.bound; };
    std::priority_queue<Box, std::vector<Box>, decltype(later)> open(later);
    open.push(std::move(whole));
    for (int boxes = 0; boxes < options_.most_boxes; boxes += 2) {
      Box box = open.top();
      const std::size_t widest = Widest(box);
      const Range range = box.counts[widest];
      const double unit = UnitOf(widest);
      if (range.high - range.low < unit / 2) break;  // One whole count: the bound is the figure.
      open.pop();
      const double steps = std::round((range.high - range.low) / unit);
      const double middle = range.low + unit * std::floor((steps - 1) / 2);
      for (const Range half : {Range(range.low, middle), Range(middle + unit, range.high)}) {
        Box part = box;
        part.counts[widest] = half;
        if (!Feasible(part)) continue;
        const double parent = box.bound;
        if (!Evaluate(part, sign)) return std::nullopt;
        part.bound = std::max(part.bound, parent);
        open.push(std::move(part));
      }
      if (open.empty()) return std::nullopt;
    }
    return sign * open.top().bound;
  }

 private:
  std::size_t groups() const { return groups_.size(); }
  double UnitOf(std::size_t i) const {
    const KindUnits units = UnitsOf(options_.kind);
    return i < groups() ? units.numerator : units.denominator;
  }
  std::size_t Widest(const Box& box) const {
    std::size_t widest = 0;
    double most = -1;
    for (std::size_t i = 0; i < box.counts.size(); ++i) {
      const Range& range = box.counts[i];
      const double width = (range.high - range.low) / std::max(UnitOf(i), range.high);
      if (width > most) {
        most = width;
        widest = i;
      }
    }
    return widest;
  }
  bool Feasible(Box& box) const {
    if (options_.kind != MeasureKind::kProportion) return true;
    for (std::size_t i = 0; i < groups(); ++i) {
      Range& x = box.counts[i];
      Range& n = box.counts[groups() + i];
      if (groups_[i].noised()) continue;
      if (x.low > n.high) return false;
      x.high = std::min(x.high, n.high);
      n.low = std::max(n.low, x.low);
    }
    return true;
  }
  bool Evaluate(Box& box, double sign) const {
    const auto middle = box.counts.begin() + static_cast<std::ptrdiff_t>(groups());
    Rates<Range> rates = RatesOf<Range>({box.counts.begin(), middle}, {middle, box.counts.end()},
                                        UnitsOf(options_.kind).scale);
    Trim(rates);
    const std::optional<Range> range = formula_(rates);
    if (!range || std::isnan(range->low) || std::isnan(range->high)) return false;
    box.bound = sign > 0 ? range->low : -range->high;
    return true;
  }
  // What interval arithmetic forgets: shares and proportions are at most 1.
  void Trim(Rates<Range>& rates) const {
    for (Range& share : rates.share) share.high = std::min(share.high, 1.0);
    if (options_.kind != MeasureKind::kProportion) return;
    for (std::size_t i = 0; i < rates.y.size(); ++i) {
      if (!groups_[i].noised()) rates.y[i].high = std::min(rates.y[i].high, 1.0);
    }
    rates.mean.high = std::min(rates.mean.high, std::max(1.0, rates.mean.low));
  }

  std::span<const GroupCounts> groups_;
  const Formula& formula_;
  const FigureOptions& options_;
};

template <typename T, typename Formula>
std::optional<Jet<T>> JetOf(std::span<const GroupCounts> groups, const Formula& formula,
                            MeasureKind kind) {
  const std::size_t of = 2 * groups.size();
  std::vector<Jet<T>> x;
  std::vector<Jet<T>> n;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if constexpr (std::is_same_v<T, double>) {
      x.push_back(Jet<T>::Variable(groups[i].x.low, i, of));
      n.push_back(Jet<T>::Variable(groups[i].n.low, groups.size() + i, of));
    } else {
      x.push_back(Jet<T>::Variable(groups[i].x, i, of));
      n.push_back(Jet<T>::Variable(groups[i].n, groups.size() + i, of));
    }
  }
  return formula(RatesOf<Jet<T>>(x, n, UnitsOf(kind).scale));
}

// Of the figure, by chance and by noise, at most where counts are hidden.
template <typename T>
double Variance(std::span<const GroupCounts> groups, const Jet<T>& jet, MeasureKind kind) {
  double variance = 0;
  if (jet.slopes.empty()) return 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const GroupCounts& group = groups[i];
    const double chance = MostChanceVariance(group.x, group.n, kind);
    variance += Product(HighOf(Square(jet.slopes[i])), chance + group.x_noise);
    variance += Product(HighOf(Square(jet.slopes[groups.size() + i])), group.n_noise);
  }
  return variance;
}

// How far noise lifts the figure on average, to the second order: half the curvature in each noised
// count, taken over one standard deviation.
template <typename Formula>
double NoiseBias(std::span<const GroupCounts> groups, const Formula& formula, MeasureKind kind) {
  std::vector<double> x;
  std::vector<double> n;
  for (const GroupCounts& group : groups) {
    x.push_back(group.x.low);
    n.push_back(group.n.low);
  }
  const double scale = UnitsOf(kind).scale;
  const std::optional<double> middle = formula(RatesOf<double>(x, n, scale));
  double bias = 0;
  const auto add = [&](double& count, double variance, double least) {
    const double sd = std::sqrt(variance);
    if (sd == 0 || count - sd < least) return;
    const double before = count;
    count = before + sd;
    const std::optional<double> above = formula(RatesOf<double>(x, n, scale));
    count = before - sd;
    const std::optional<double> below = formula(RatesOf<double>(x, n, scale));
    count = before;
    if (middle && above && below) bias += (*above + *below) / 2 - *middle;
  };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    add(x[i], groups[i].x_noise, -kInfinite);
    add(n[i], groups[i].n_noise, 1);
  }
  return std::isfinite(bias) ? bias : 0;
}

inline Interval Around(double low, double high, double half, bool logarithm) {
  if (!logarithm) return {low - half, high + half};
  return {low * std::exp(-half), high * std::exp(half)};
}

}  // namespace figure_of

// `formula(rates)` gives std::optional<N> for Rates<N> of any N, nothing where it is not defined
// for one of the values. `extra_variance(rates, variances)` is what the delta method misses, from
// rates and the variances of the rates; 0 for most. Every denominator is above 0, also at its
// least.
template <typename Formula, typename Extra>
Figure FigureOf(std::span<const GroupCounts> groups, const Formula& formula,
                const FigureOptions& options, const Extra& extra_variance) {
  using figure_of::Around;
  Figure figure;
  figure.log_se = options.on_logarithm;
  const bool spread = options.kind != MeasureKind::kMean;
  bool bounded = false;
  bool noised = false;
  for (const GroupCounts& group : groups) {
    bounded = bounded || group.bounded();
    noised = noised || group.noised();
  }
  const double scale = UnitsOf(options.kind).scale;
  std::vector<Range> y;
  std::vector<double> v;
  for (const GroupCounts& group : groups) {
    y.push_back({scale * group.x.low / group.n.high, scale * group.x.high / group.n.low});
    const double noise = group.x_noise + Square(HighOf(Abs(y.back())) / scale) * group.n_noise;
    const double chance = MostChanceVariance(group.x, group.n, options.kind);
    v.push_back(scale * scale * (chance + noise) / (group.n.low * group.n.low));
  }
  double low = 0;
  double high = 0;
  double variance = 0;
  if (bounded) {
    const figure_of::Search search(groups, formula, options);
    const auto least = search.Bound(1);
    const auto most = least ? search.Bound(-1) : std::nullopt;
    if (!most || !std::isfinite(*least) || !std::isfinite(*most)) {
      figure.reason = reason::kHiddenCounts;
      return figure;
    }
    figure.bounds = Interval{low = *least, high = *most};
    const auto jet = figure_of::JetOf<Range>(groups, formula, options.kind);
    variance = jet ? figure_of::Variance(groups, *jet, options.kind) : kInfinite;
  } else {
    const auto jet = figure_of::JetOf<double>(groups, formula, options.kind);
    if (!jet || !std::isfinite(jet->value)) {
      figure.reason = reason::kZeroRate;
      return figure;
    }
    low = high = jet->value;
    variance = figure_of::Variance(groups, *jet, options.kind);
    if (!noised) figure.value = jet->value;
  }
  variance += extra_variance(y, v);
  if (noised && !bounded) {
    const double bias = figure_of::NoiseBias(groups, formula, options.kind);
    low -= bias;
    high -= bias;
  }
  double se = std::sqrt(variance);
  if (options.on_logarithm) se = low > 0 ? se / low : kInfinite;
  if (!spread) {
    figure.reason = reason::kNoSpread;
    return figure;
  }
  if (std::isnan(se) || (!std::isfinite(se) && !bounded)) {
    figure.reason = reason::kAtItsEnd;
    return figure;
  }
  if (figure.value) figure.se = se;
  figure.interval = Around(low, high, options.level.z() * se, options.on_logarithm);
  if (std::isnan(figure.interval->lower) || std::isnan(figure.interval->upper)) {
    figure.interval.reset();
    figure.reason = reason::kAtItsEnd;
  }
  return figure;
}

template <typename Formula>
Figure FigureOf(std::span<const GroupCounts> groups, const Formula& formula,
                const FigureOptions& options) {
  return FigureOf(groups, formula, options,
                  [](const std::vector<Range>&, const std::vector<double>&) { return 0.0; });
}

}  // namespace equinode::equity
