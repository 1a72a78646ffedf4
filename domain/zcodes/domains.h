// The kinds of social need: Gravity's categories (SDOHCC-CodeSystemTemporaryCodes 3.0.0) and six
// that screening instruments ask about beside them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace equinode {

struct NeedDomain {
  std::string code{};     // "food-insecurity"
  std::string display{};  // "Food Insecurity"
  bool gravity = false;   // One of Gravity's own.
  // Whoever learns of it may put the person in danger or at a disadvantage: contact with care only.
  bool sensitive = false;
};

inline constexpr std::string_view kUnspecifiedDomain = "sdoh-category-unspecified";

std::span<const NeedDomain> NeedDomains();
// Null for a word that is none of them.
const NeedDomain* FindNeedDomain(std::string_view code);

}  // namespace equinode
