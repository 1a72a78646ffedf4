// Made people as FHIR R4 lines: US Core Patient and Coverage, each EHR in its own manner.
#pragma once

#include <string>
#include <string_view>

#include "client/generate/made_person.h"

namespace equinode::made {

// What the lines of one practice have in common.
struct Practice {
  std::string name{};  // Of the organisation, as in its URI.
  std::uint32_t number = 0;
  SexStyle sex_style = SexStyle::kBirthSex;
  bool pretty_references = false;  // Absolute URLs where others write Patient/id.
};

enum class PatientFault : std::uint8_t {
  kNone,
  kMissingId,
  kBadBirthDate,
  kFutureBirthDate,
  kEthnicityInRace,  // The code of "not Hispanic" as a race.
  kNullBesideRace,   // us-core-23.
};
enum class CoverageFault : std::uint8_t {
  kNone,
  kNoMemberNumber,  // us-core-15.
  kBadPeriod,
  kReversedPeriod,
  kByIdentifierOnly,
  kNoPayor,
  kNobody,  // A beneficiary who is nowhere.
};

// Append one line without its end.
void AppendPatient(const MadePerson& person, const Practice& practice, PatientFault fault,
                   std::string& out);
void AppendCoverage(const MadePerson& person, const MadeCoverage& coverage,
                    const Practice& practice, std::uint32_t reference_form, CoverageFault fault,
                    std::string& out);
// The practice and its payers.
void AppendOrganizations(const Practice& practice, std::string& out);
// Resources that are not taken in.
void AppendCondition(const MadePerson& person, Chance& chance, std::string& out);
void AppendEncounter(const MadePerson& person, Chance& chance, std::string& out);

// Names and numbers of payers, as the lines and the source profile write them.
struct MadePayer {
  std::string_view id{};
  std::string_view name{};
  std::string_view number{};
};
inline constexpr std::string_view kPayerSystem = "https://payers.example/id";
inline constexpr MadePayer kOurPayer{"sunrise", "Sunrise Health Plan of California", "SHP-001"};
inline constexpr MadePayer kOtherPayer{"bluffs", "Coastal Bluffs Health Plan", "CBH-014"};
inline constexpr MadePayer kUnmappedPayers[] = {
    {"redwood", "Redwood Mutual Benefit Trust", "RMB-207"},
    {"selfpay", "Self pay", "SELF"},
    {"union9", "Harbor Workers Local 9 Fund", "HWF-009"},
};

}  // namespace equinode::made
