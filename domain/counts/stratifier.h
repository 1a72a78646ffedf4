// By what people are counted: the stratifiers, the codes of their strata, and the measures that
// are built in. The codes are stable: they stand in stored releases.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace equinode {

// The numbers are those of the contract (report.proto).
enum class Stratifier : std::uint8_t {
  kRaceOmb1997 = 1,
  kEthnicityOmb1997 = 2,
  kRaceEthnicityOmb2024 = 3,
  kLanguage = 4,
  kAgeBand = 5,
  kSex = 6,
  kLineOfBusiness = 7,
  kCounty = 8,
  kZip3 = 9,
  kPractice = 10,
};
inline constexpr std::size_t kStratifiers = 10;
inline constexpr std::array<Stratifier, kStratifiers> kAllStratifiers = {
    Stratifier::kRaceOmb1997,    Stratifier::kEthnicityOmb1997, Stratifier::kRaceEthnicityOmb2024,
    Stratifier::kLanguage,       Stratifier::kAgeBand,          Stratifier::kSex,
    Stratifier::kLineOfBusiness, Stratifier::kCounty,           Stratifier::kZip3,
    Stratifier::kPractice};

// "race_omb1997" and so on: the word of definition files, CSV files and the command line.
std::string_view StratifierName(Stratifier stratifier);
std::optional<Stratifier> StratifierNamed(std::string_view name);

// Every stratum of a stratifier whose list is closed, in the order for readers; empty for the
// others (language, age band, line of business, county, ZIP3, practice).
std::span<const std::string_view> ClosedStrata(Stratifier stratifier);

// Strata that any open list may have beside its values.
inline constexpr std::string_view kStratumUnknown = "UNKNOWN";
inline constexpr std::string_view kStratumDeclined = "DECLINED";
inline constexpr std::string_view kStratumNotAsked = "NOT_ASKED";
// Values beyond the bound of a dictionary, together. A table with it says so by a flag.
inline constexpr std::string_view kStratumOtherValues = "OTHER_VALUES";
// Lines of business: covered under more than one on the day; no coverage on the day (only in
// counts without a payer).
inline constexpr std::string_view kStratumSeveral = "SEVERAL";
inline constexpr std::string_view kStratumNone = "NONE";

// Measures of the records themselves. The denominator of each is the population; the first has no
// numerator.
inline constexpr std::string_view kMeasurePopulation = "population";
inline constexpr std::array<std::string_view, 6> kAvailabilityMeasures = {
    "available.race",    "available.ethnicity",    "available.language",
    "selfreported.race", "selfreported.ethnicity", "selfreported.language"};

// Measures that are worked out from needs and referrals begin so (domain/needs/measures). Of the
// first the denominator is the population.
inline constexpr std::array<std::string_view, 7> kComputedPrefixes = {
    "screened.", "positive.", "intervened.", "coded.", "referred.", "accepted.", "closed."};
bool IsComputedMeasure(std::string_view measure);

// Position in kAvailabilityMeasures.
std::optional<std::size_t> AvailabilityMeasure(std::string_view measure);
// "population" and those whose denominator it is.
bool CountsPopulation(std::string_view measure);

}  // namespace equinode
