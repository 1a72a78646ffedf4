#include "domain/counts/stratifier.h"

#include <algorithm>

namespace equinode {
namespace {

constexpr std::array<std::string_view, kStratifiers> kNames = {"race_omb1997",
                                                               "ethnicity_omb1997",
                                                               "race_ethnicity_omb2024",
                                                               "language",
                                                               "age_band",
                                                               "sex",
                                                               "line_of_business",
                                                               "county",
                                                               "zip3",
                                                               "practice"};

// In the order of the enumerations of domain/people/facts.h.
constexpr std::array<std::string_view, 10> kRace1997 = {
    "AIAN",  "ASIAN",       "BLACK",    "NHPI",    "WHITE",
    "OTHER", "TWO_OR_MORE", "DECLINED", "UNKNOWN", "NOT_ASKED"};
constexpr std::array<std::string_view, 5> kEthnicity1997 = {"HISPANIC", "NOT_HISPANIC", "DECLINED",
                                                            "UNKNOWN", "NOT_ASKED"};
constexpr std::array<std::string_view, 12> kRaceEthnicity2024 = {
    "AIAN",  "ASIAN", "BLACK",       "HISPANIC", "MENA",    "NHPI",
    "WHITE", "OTHER", "TWO_OR_MORE", "DECLINED", "UNKNOWN", "NOT_ASKED"};
constexpr std::array<std::string_view, 6> kSex = {"FEMALE",   "MALE",    "OTHER",
                                                  "DECLINED", "UNKNOWN", "NOT_ASKED"};

}  // namespace

std::string_view StratifierName(Stratifier stratifier) {
  return kNames[static_cast<std::size_t>(stratifier) - 1];
}

std::optional<Stratifier> StratifierNamed(std::string_view name) {
  for (const Stratifier stratifier : kAllStratifiers) {
    if (StratifierName(stratifier) == name) return stratifier;
  }
  return std::nullopt;
}

std::span<const std::string_view> ClosedStrata(Stratifier stratifier) {
  switch (stratifier) {
    case Stratifier::kRaceOmb1997:
      return kRace1997;
    case Stratifier::kEthnicityOmb1997:
      return kEthnicity1997;
    case Stratifier::kRaceEthnicityOmb2024:
      return kRaceEthnicity2024;
    case Stratifier::kSex:
      return kSex;
    case Stratifier::kLanguage:
    case Stratifier::kAgeBand:
    case Stratifier::kLineOfBusiness:
    case Stratifier::kCounty:
    case Stratifier::kZip3:
    case Stratifier::kPractice:
      return {};
  }
  return {};
}

std::optional<std::size_t> AvailabilityMeasure(std::string_view measure) {
  const auto found = std::ranges::find(kAvailabilityMeasures, measure);
  if (found == kAvailabilityMeasures.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kAvailabilityMeasures.begin());
}

bool IsComputedMeasure(std::string_view measure) {
  return std::ranges::any_of(kComputedPrefixes,
                             [&](std::string_view prefix) { return measure.starts_with(prefix); });
}

bool CountsPopulation(std::string_view measure) {
  return measure == kMeasurePopulation || AvailabilityMeasure(measure).has_value() ||
         measure.starts_with(kComputedPrefixes.front());
}

}  // namespace equinode
