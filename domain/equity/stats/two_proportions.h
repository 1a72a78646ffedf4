// Two proportions against each other, from exact counts.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/equity/stats/level.h"

namespace equinode::equity {

struct ExactProportion {
  std::int64_t x = 0;
  std::int64_t n = 0;  // > 0.
};

// Part of it is not defined where nothing is known of the spread: no ratio to 0, no interval of a
// ratio with a 0 in it, no z where both are 0 or both 1.
struct TwoProportions {
  double p1 = 0;
  double p2 = 0;
  double difference = 0;  // p1 - p2.
  double wald_se = 0;
  Interval wald{};
  Interval newcombe{};  // From the two Wilson intervals: Newcombe (1998), method 10.
  std::optional<double> ratio{};
  std::optional<double> log_se{};
  std::optional<Interval> katz{};  // Of the ratio: Katz, on the logarithm.
  std::optional<double> z{};       // With the pooled variance.
  std::optional<double> p_value{};
  bool ncqa_overlap = false;  // The two NCQA intervals share a point.
};

TwoProportions CompareProportions(const ExactProportion& one, const ExactProportion& other,
                                  const Level& level);

}  // namespace equinode::equity
