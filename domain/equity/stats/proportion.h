// Intervals of one proportion, from exact counts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/equity/stats/level.h"

namespace equinode::equity {

enum class IntervalMethod : std::uint8_t {
  kNcqa,  // OHA appendix B, read soundly: Wald with 1/(2n), z = 1.96 whatever the level.
  kWald,
  kWaldCorrected,  // With 1/(2n).
  kWilson,
  kWilsonCorrected,  // Newcombe's (1998, method 4).
  kAgrestiCoull,
  kClopperPearson,
  kJeffreys,
};

// "ncqa_wald_cc_z196", "wald", "wald_cc", "wilson", "wilson_cc", "agresti_coull",
// "clopper_pearson", "jeffreys": in the order of the enumeration.
inline constexpr std::array<std::string_view, 8> kIntervalMethodNames = {
    "ncqa_wald_cc_z196", "wald",          "wald_cc",         "wilson",
    "wilson_cc",         "agresti_coull", "clopper_pearson", "jeffreys"};
std::optional<IntervalMethod> IntervalMethodNamed(std::string_view name);

// 0 <= x <= n, n > 0; within [0, 1]. Wilson, its corrected form, Clopper-Pearson and Jeffreys begin
// at 0 when x = 0 and end at 1 when x = n. Past n = 10^9 Clopper-Pearson and Jeffreys are Wilson's
// interval, which then differs by less than 1/n.
Interval ProportionInterval(IntervalMethod method, std::int64_t x, std::int64_t n,
                            const Level& level);

// NCQA's before it is clamped to [0, 1].
Interval NcqaUnclamped(std::int64_t x, std::int64_t n);

}  // namespace equinode::equity
