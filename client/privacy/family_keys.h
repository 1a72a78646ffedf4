// The keys of the format of docs/suppression.md, by object.
#pragma once

#include <initializer_list>
#include <string_view>

namespace equinode::privacy {

using KeyList = std::initializer_list<std::string_view>;

inline constexpr KeyList kCaseKeys = {"cells",
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
inline constexpr KeyList kEquationKeys = {"total", "parts", "comment"};
inline constexpr KeyList kRateKeys = {"num", "den", "percent", "decimals", "published", "comment"};
inline constexpr KeyList kStepKeys = {"name", "drops", "shows", "comment"};
inline constexpr KeyList kTableKeys = {"name", "cells", "comment"};
inline constexpr KeyList kPatternKeys = {"name",           "suppressed", "dropped",   "shown",
                                         "withheld_rates", "comment",    "published", "rates"};

// `key` itself when it is known; the known key that it is but for a letter, or but for two in a
// long one; "" when it is neither.
std::string_view MeantKey(std::string_view key, KeyList known);

}  // namespace equinode::privacy
