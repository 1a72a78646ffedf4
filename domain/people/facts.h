// What counting needs of one person: strata that exclude each other, decided once by the projection
// and the versioned roll-up (domain/people/frames), and then only counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace equinode {

// OMB 1997 race (62 FR 58782), one stratum a person. kNotAsked only when the source says so: an
// absent element is kUnknown (answer_states: ABSENT is not NOT_ASKED).
enum class Race1997 : std::uint8_t {
  kAian,
  kAsian,
  kBlack,
  kNhpi,
  kWhite,
  kOther,
  kTwoOrMore,
  kDeclined,
  kUnknown,
  kNotAsked
};
enum class Ethnicity1997 : std::uint8_t { kHispanic, kNotHispanic, kDeclined, kUnknown, kNotAsked };
// OMB 2024 combined race and ethnicity (89 FR 22182), one stratum a person.
enum class RaceEthnicity2024 : std::uint8_t {
  kAian,
  kAsian,
  kBlack,
  kHispanic,
  kMena,
  kNhpi,
  kWhite,
  kOther,
  kTwoOrMore,
  kDeclined,
  kUnknown,
  kNotAsked
};
enum class SexStratum : std::uint8_t { kFemale, kMale, kOther, kDeclined, kUnknown, kNotAsked };

// How well a question is answered, for the built-in availability measures. Self-reported implies
// known.
struct Availability {
  bool known = false;          // The projection's value counts as answered and has a stratum.
  bool self_reported = false;  // ... and was collected by self-report (method rank 1).
  friend bool operator==(const Availability&, const Availability&) = default;
};

struct PersonFacts {
  Race1997 race1997 = Race1997::kUnknown;
  Ethnicity1997 ethnicity1997 = Ethnicity1997::kUnknown;
  RaceEthnicity2024 race2024 = RaceEthnicity2024::kUnknown;
  SexStratum sex = SexStratum::kUnknown;
  std::string language =
      "UNKNOWN";  // A subtag as domain/people/languages has it, or DECLINED, UNKNOWN, NOT_ASKED.
  std::string county =
      "UNKNOWN";  // "CA/Los Angeles" as state/county of domain/people/places, or UNKNOWN.
  std::string zip3 = "UNKNOWN";  // First three digits of a US postal code, or UNKNOWN.
  std::optional<std::chrono::sys_days>
      birth_date{};  // A month or year alone is taken at its first day.
  Availability race{};
  Availability ethnicity{};
  Availability language_known{};
  friend bool operator==(const PersonFacts&, const PersonFacts&) = default;
};

// Attribution of a person to a payer for a span of days, both ends included.
struct CoverageFact {
  std::string payer{};                           // URI of the payer's node.
  std::string line_of_business{};                // May be empty: not known.
  std::optional<std::chrono::sys_days> start{};  // Empty = always.
  std::optional<std::chrono::sys_days> end{};    // Empty = still.
  friend bool operator==(const CoverageFact&, const CoverageFact&) = default;
};

// What a quality engine said of a person for one measure and period.
struct MeasureFact {
  std::string measure{};
  std::string period{};
  bool in_denominator = false;
  bool in_numerator = false;
  friend bool operator==(const MeasureFact&, const MeasureFact&) = default;
};

// Dense number of a person in one node's store, from 1, across all owners; never reused.
using PersonNo = std::uint32_t;

}  // namespace equinode
