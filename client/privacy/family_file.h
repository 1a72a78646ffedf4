// Release families as people write them: JSON, the format of docs/suppression.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/privacy/family/pattern.h"

namespace equinode::privacy {

struct NamedPattern {
  std::string name{};
  Pattern pattern{};
};

struct FamilyCase {
  std::string id{};  // "" when the file has none.
  std::string title{};
  Family family{};
  SmallCounts small{};
  std::vector<NamedPattern> patterns{};  // Somebody's, to be audited.
  // Rates whose complement (denominator less numerator) is no cell: nothing protects it.
  std::vector<std::size_t> rates_without_complement{};
  std::vector<std::string> unread{};  // Keys that are not of the format: notes of others.
};

struct FamilyFile {
  bool list = false;  // It had "cases".
  std::vector<FamilyCase> cases{};
};

inline constexpr std::size_t kMostFamilyBytes = 64u << 20;

// INVALID_ARGUMENT / BAD_FAMILY with the place ("cases[2].equations[0].total") and what to write,
// or as Check and CheckPattern. A name that comes twice is refused, and so is a key that is one of
// the format but for two letters.
Result<FamilyFile> ParseFamilies(std::string_view text);

// A pattern of `one` from JSON: a list of hidden cells, or an object with "suppressed" and, if
// wanted, "dropped" and "withheld_rates": the output of `privacy suppress`.
Result<Pattern> ParsePattern(const FamilyCase& one, std::string_view text);

// The percentage of a rate as it is printed.
std::string PercentText(const Rate& rate);

}  // namespace equinode::privacy
