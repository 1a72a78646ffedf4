#include "domain/equity/stats/reliability.h"

#include "domain/equity/stats/proportion.h"
#include "domain/equity/stats/tails.h"

namespace equinode::equity {

std::string_view ProportionUnreliable(std::int64_t x, std::int64_t n) {
  if (n < 30) return "small_denominator";
  const Interval interval = ProportionInterval(IntervalMethod::kClopperPearson, x, n, Level());
  const double width = interval.upper - interval.lower;
  if (width >= 0.30) return "wide_interval";
  const double p = static_cast<double>(x) / static_cast<double>(n);
  return width > 0.05 && width > 1.30 * p ? "wide_for_its_size" : "";
}

std::string_view CountUnreliable(std::int64_t events) {
  if (events < 10) return "small_count";
  const auto count = static_cast<double>(events);
  const double width = GammaQuantile(0.975, count + 1) - GammaQuantile(0.025, count);
  return width > 1.60 * count ? "wide_for_its_size" : "";
}

}  // namespace equinode::equity
