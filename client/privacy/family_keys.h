// The keys of the format of docs/suppression.md, by object.
#pragma once

#include <span>
#include <string_view>

namespace equinode::privacy {

using KeyList = std::span<const std::string_view>;

inline constexpr std::string_view kCaseKeys[] = {"cells",
                                                 "equations",
                                                 "rates",
                                                 "never_suppressed",
                                                 "published_before",
                                                 "hidden_before",
                                                 "unprinted",
                                                 "important",
                                                 "coarsenings",
                                                 "tables",
                                                 "zeros_always_published",
                                                 "id",
                                                 "title",
                                                 "patterns",
                                                 "threshold",
                                                 "why",
                                                 "notes",
                                                 "note",
                                                 "comment",
                                                 "primary",
                                                 "format",
                                                 "rule"};
inline constexpr std::string_view kEquationKeys[] = {"total", "parts", "comment"};
inline constexpr std::string_view kRateKeys[] = {"num",      "den",       "percent",
                                                 "decimals", "published", "comment"};
inline constexpr std::string_view kStepKeys[] = {"name", "drops", "shows", "comment"};
inline constexpr std::string_view kTableKeys[] = {"name", "cells", "comment"};
inline constexpr std::string_view kPatternKeys[] = {
    "name", "suppressed", "dropped", "shown", "withheld_rates", "comment", "published", "rates"};

// `key` itself when it is known; the known key that it is but for a letter, or but for two in a
// long one; "" when it is neither.
std::string_view MeantKey(std::string_view key, KeyList known);

}  // namespace equinode::privacy
