#include "domain/equity/stats/two_proportions.h"

#include <cmath>

#include "domain/equity/exact/interval.h"
#include "domain/equity/stats/proportion.h"

namespace equinode::equity {

TwoProportions CompareProportions(const ExactProportion& one, const ExactProportion& other,
                                  const Level& level) {
  const auto n1 = static_cast<double>(one.n);
  const auto n2 = static_cast<double>(other.n);
  const double z = level.z();
  TwoProportions result;
  const double p1 = result.p1 = static_cast<double>(one.x) / n1;
  const double p2 = result.p2 = static_cast<double>(other.x) / n2;
  const double v1 = p1 * (1 - p1) / n1;
  const double v2 = p2 * (1 - p2) / n2;
  const double difference = result.difference = p1 - p2;
  result.wald_se = std::sqrt(v1 + v2);
  result.wald = {difference - z * result.wald_se, difference + z * result.wald_se};
  const Interval w1 = ProportionInterval(IntervalMethod::kWilson, one.x, one.n, level);
  const Interval w2 = ProportionInterval(IntervalMethod::kWilson, other.x, other.n, level);
  result.newcombe = {difference - std::hypot(p1 - w1.lower, w2.upper - p2),
                     difference + std::hypot(w1.upper - p1, p2 - w2.lower)};
  if (other.x > 0) {
    result.ratio = p1 / p2;
    if (one.x > 0) {
      const double log_se = std::sqrt(v1 / (p1 * p1) + v2 / (p2 * p2));
      result.log_se = log_se;
      result.katz =
          Interval{*result.ratio * std::exp(-z * log_se), *result.ratio * std::exp(z * log_se)};
    }
  }
  const double pooled = (static_cast<double>(one.x) + static_cast<double>(other.x)) / (n1 + n2);
  const double pooled_se = std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  if (pooled_se > 0) {
    result.z = difference / pooled_se;
    result.p_value = TwoSidedP(*result.z);
  }
  result.ncqa_overlap = Apart(NcqaInterval(Rational::Of(one.x, one.n), one.n),
                              NcqaInterval(Rational::Of(other.x, other.n), other.n)) == 0;
  return result;
}

}  // namespace equinode::equity
