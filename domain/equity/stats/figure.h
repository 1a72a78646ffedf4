// A figure with its uncertainty.
#pragma once

#include <optional>
#include <string_view>

#include "domain/equity/stats/level.h"

namespace equinode::equity {

// What is known of a figure. From exact counts: a value with its standard error and interval. From
// counts with privacy noise: an interval only, wide enough for chance and noise. From hidden
// counts: the bounds that the figure of the true counts lies in, and an interval that holds for
// each count the bounds allow. So a figure from protected counts is never one number.
struct Figure {
  std::optional<double> value{};
  std::optional<double> se{};  // Of the value, or of its logarithm with `log_se`.
  bool log_se = false;
  std::optional<Interval> bounds{};    // With hidden counts only.
  std::optional<Interval> interval{};  // An end may be infinite.
  std::string_view reason{};           // What is missing and why: one of the words below, or "".
};

// Why a figure, its error or its interval is missing.
namespace reason {
inline constexpr std::string_view kNoDenominator = "no_denominator";  // It is 0, or may be.
inline constexpr std::string_view kZeroRate = "zero_rate";            // No ratio to 0, no log of 0.
inline constexpr std::string_view kOneGroup = "one_group";            // Nothing to compare with.
inline constexpr std::string_view kNoReference = "no_reference";      // None was named.
inline constexpr std::string_view kNoOrder = "no_order";              // The groups have none.
inline constexpr std::string_view kNoDirection = "no_direction";      // Is higher or lower better?
inline constexpr std::string_view kNotAProportion = "not_a_proportion";
inline constexpr std::string_view kNoSpread =
    "no_spread";                                      // A mean's variance is not in its counts.
inline constexpr std::string_view kNoFit = "no_fit";  // The model has no finite solution.
inline constexpr std::string_view kHiddenCounts = "hidden_counts";  // Not computed from bounds.
inline constexpr std::string_view kAtItsEnd =
    "at_its_end";  // The delta method knows no error there.
}  // namespace reason

}  // namespace equinode::equity
