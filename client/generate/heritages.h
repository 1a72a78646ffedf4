// Where made people come from: what they would answer to the questions on race, ethnicity and
// language, and how they are called. A mix like California's (2020 census, ACS), rounded; names are
// common words of each language, drawn independently.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace equinode::made {

// A code with its words. Empty = none.
struct Term {
  std::string_view code{};
  std::string_view display{};
};

struct LanguageShare {
  std::uint32_t weight = 0;
  std::string_view tag{};  // BCP 47.
  std::string_view display{};
};

struct Names {
  std::span<const std::string_view> female{};
  std::span<const std::string_view> male{};
  std::span<const std::string_view> family{};
};

struct Heritage {
  std::uint32_t weight = 0;  // Of 1,000 people.
  Term race{};               // OMB category; empty = drawn apart (see RacesOfHispanics).
  Term race_detail{};
  Term second_race{};  // For people of two.
  bool hispanic = false;
  Term ethnicity_detail{};
  std::span<const LanguageShare> languages{};
  const Names* names = nullptr;
  std::int32_t care = 0;  // Added to the per mille of good results: what a report is to find.
};

std::span<const Heritage> Heritages();

// What Hispanic people answer to the question on race. An empty code: nothing.
struct RaceShare {
  std::uint32_t weight = 0;
  Term race{};
  Term second{};
};
std::span<const RaceShare> RacesOfHispanics();

}  // namespace equinode::made
