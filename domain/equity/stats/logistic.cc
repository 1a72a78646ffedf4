#include "domain/equity/stats/logistic.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace equinode::equity {
namespace {

struct Fit {
  double at_0 = 0;  // Predicted.
  double at_1 = 0;
  double variance_a = 0;  // Of intercept and slope, and between them.
  double variance_b = 0;
  double covariance = 0;
};

double Expit(double x) { return 1 / (1 + std::exp(-x)); }

std::optional<Fit> FitTo(const std::vector<double>& x, const std::vector<double>& n) {
  double all = 0;
  double hits = 0;
  for (std::size_t i = 0; i < n.size(); ++i) {
    all += n[i];
    hits += x[i];
  }
  if (hits <= 0 || hits >= all) return std::nullopt;
  std::vector<double> rank;
  double before = 0;
  for (const double size : n) {
    rank.push_back((before + size / 2) / all);
    before += size;
  }
  double a = std::log(hits / (all - hits));
  double b = 0;
  for (int step = 0; step < 100; ++step) {
    double score_a = 0;
    double score_b = 0;
    double aa = 0;
    double ab = 0;
    double bb = 0;
    for (std::size_t i = 0; i < n.size(); ++i) {
      const double p = Expit(a + b * rank[i]);
      const double weight = n[i] * p * (1 - p);
      score_a += x[i] - n[i] * p;
      score_b += (x[i] - n[i] * p) * rank[i];
      aa += weight;
      ab += weight * rank[i];
      bb += weight * rank[i] * rank[i];
    }
    const double determinant = aa * bb - ab * ab;
    if (!(determinant > 1e-12 * aa * bb)) return std::nullopt;
    const double step_a = (bb * score_a - ab * score_b) / determinant;
    const double step_b = (aa * score_b - ab * score_a) / determinant;
    const double most = std::max(std::abs(step_a), std::abs(step_b));
    const double damped = most > 4 ? 4 / most : 1;
    a += damped * step_a;
    b += damped * step_b;
    if (std::abs(a) > 40 || std::abs(b) > 80) return std::nullopt;
    if (most < 1e-14 * (1 + std::abs(a) + std::abs(b))) {
      return Fit{Expit(a), Expit(a + b), bb / determinant, aa / determinant, -ab / determinant};
    }
    if (step == 99 && most < 1e-9) {
      return Fit{Expit(a), Expit(a + b), bb / determinant, aa / determinant, -ab / determinant};
    }
  }
  return std::nullopt;
}

double Sii(const Fit& fit) { return fit.at_1 - fit.at_0; }
double LogRii(const Fit& fit) { return std::log(fit.at_1 / fit.at_0); }

double Quadratic(const Fit& fit, double by_a, double by_b) {
  return by_a * by_a * fit.variance_a + by_b * by_b * fit.variance_b +
         2 * by_a * by_b * fit.covariance;
}

// What noise adds to the variances of Sii and LogRii: each noised count moved by its deviation.
struct NoiseVariances {
  double sii = 0;
  double rii = 0;
};
std::optional<NoiseVariances> NoiseOf(std::span<const GroupCounts> groups, std::vector<double> x,
                                      std::vector<double> n) {
  NoiseVariances noise;
  const auto add = [&](double& count, double variance) {
    if (variance == 0) return true;
    const double sd = std::sqrt(variance);
    const double before = count;
    if (before - sd <= 0) return false;
    count = before + sd;
    const auto above = FitTo(x, n);
    count = before - sd;
    const auto below = FitTo(x, n);
    count = before;
    if (!above || !below) return false;
    noise.sii += Square((Sii(*above) - Sii(*below)) / 2);
    noise.rii += Square((LogRii(*above) - LogRii(*below)) / 2);
    return true;
  };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!add(x[i], groups[i].x_noise) || !add(n[i], groups[i].n_noise)) return std::nullopt;
  }
  return noise;
}

}  // namespace

LogisticIndices LogisticInequality(std::span<const GroupCounts> groups, const Level& level) {
  LogisticIndices indices;
  const auto without = [&](std::string_view why) {
    indices.sii.reason = indices.rii.reason = why;
    return indices;
  };
  if (std::ranges::any_of(groups, &GroupCounts::bounded)) return without(reason::kHiddenCounts);
  std::vector<double> x;
  std::vector<double> n;
  for (const GroupCounts& group : groups) {
    x.push_back(group.x.low);
    n.push_back(group.n.low);
  }
  const auto fit = FitTo(x, n);
  const auto noise = fit ? NoiseOf(groups, x, n) : std::nullopt;
  if (!fit || !noise) return without(reason::kNoFit);
  const double q0 = fit->at_0 * (1 - fit->at_0);
  const double q1 = fit->at_1 * (1 - fit->at_1);
  const double sii = Sii(*fit);
  const double sii_se = std::sqrt(Quadratic(*fit, q1 - q0, q1) + noise->sii);
  const double rii = fit->at_1 / fit->at_0;
  const double rii_se =
      std::sqrt(Quadratic(*fit, fit->at_0 - fit->at_1, 1 - fit->at_1) + noise->rii);
  const double z = level.z();
  indices.sii.interval = Interval{sii - z * sii_se, sii + z * sii_se};
  indices.rii.log_se = true;
  indices.rii.interval = Interval{rii * std::exp(-z * rii_se), rii * std::exp(z * rii_se)};
  if (std::ranges::none_of(groups, &GroupCounts::noised)) {
    indices.sii.value = sii;
    indices.sii.se = sii_se;
    indices.rii.value = rii;
    indices.rii.se = rii_se;
  }
  return indices;
}

}  // namespace equinode::equity
