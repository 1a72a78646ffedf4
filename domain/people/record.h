// One organisation's records as plain values: a person with the demographic assertions taken with
// it, coverage, measure results, organisations. The shape of proto/equinode/v1/record.proto, whose
// numbers the enums share; client/convert/record_body turns one into the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equinode {

enum class RecordKind : std::uint8_t {
  kPerson = 1,
  kCoverage = 2,
  kMeasureResult = 3,
  kOrganization = 4,
  kScreening = 5,  // These four: domain/needs/record.h.
  kCondition = 6,
  kEncounter = 7,
  kNeed = 8,
};
inline constexpr RecordKind kLastRecordKind = RecordKind::kNeed;

// A date as sources give it. 0 = not known; a day only with a month, a month only with a year.
struct PartialDate {
  std::uint16_t year = 0;  // 1..9999
  std::uint8_t month = 0;  // 1..12
  std::uint8_t day = 0;    // 1..31
  bool empty() const { return year == 0; }
  friend auto operator<=>(const PartialDate&, const PartialDate&) = default;
};

// A code with its system and the words that came with it.
struct Coded {
  std::string system{};  // URI or urn:oid, as the source had it.
  std::string code{};
  std::string display{};
  std::string text{};
  friend bool operator==(const Coded&, const Coded&) = default;
};

enum class AssertionField : std::uint8_t {
  kRace = 1,
  kEthnicity = 2,
  kLanguage = 3,  // Preferred language, BCP 47.
  kInterpreterNeeded = 4,
  kSex = 5,  // US Core sex / individual-sex.
  kBirthSex = 6,
  kAdministrativeGender = 7,  // FHIR Patient.gender.
  kGenderIdentity = 8,
  kTribalAffiliation = 9,
};

// reference/people/answer_states.csv
enum class AnswerState : std::uint8_t {
  kKnown = 1,
  kOther = 2,
  kDeclined = 3,
  kAskedUnknown = 4,
  kUnknown = 5,
  kNotAsked = 6,
  kPending = 7,
  kMasked = 8,
  kAbsent = 9,
  kUnmapped = 10,
  kInvalid = 11,
  kNotApplicable = 12,
  kUnsupported = 13,
  kError = 14,
};

// reference/people/collection_methods.csv; the number is the rank, lower is stronger.
enum class CollectionMethod : std::uint8_t {
  kSelfReported = 1,
  kProxyReported = 2,
  kAdministrative = 3,
  kObserved = 4,
  kDerived = 5,
  kOther = 6,
  kUnknown = 7,
};

// One answer to one demographic question from one asking (DESIGN section 7). Immutable.
struct Assertion {
  AssertionField field = AssertionField::kRace;
  std::vector<Coded> values{};  // The whole answer set, at most 32. Empty when the state says why.
  AnswerState state = AnswerState::kUnknown;
  std::string instrument{};  // "us-core", "SPD15-1997", ...; empty = not known.
  CollectionMethod method = CollectionMethod::kUnknown;
  std::string asserter{};  // "self", "proxy", "staff", "system" or empty.
  PartialDate collected_on{};
  std::vector<std::string> labels{};  // "SOGI", "TRIBAL".
  std::string conflict{};  // Not empty: why it has no stratum, e.g. ETHNICITY_CODE_IN_RACE.
  // Positions of earlier assertions of the same record: those that this one corrects, and those
  // that the person takes back. What another record says is not this one's to change.
  std::vector<std::uint32_t> supersedes{};
  std::vector<std::uint32_t> retracts{};
  friend bool operator==(const Assertion&, const Assertion&) = default;
};

struct HumanName {
  std::string use{};
  std::string family{};
  std::vector<std::string> given{};
  std::string text{};
  std::string prefix{};
  std::string suffix{};
  friend bool operator==(const HumanName&, const HumanName&) = default;
};

struct Identifier {
  std::string system{};
  std::string value{};
  std::string type{};  // v2-0203 code (MR, MB, SS, ...) or empty.
  friend bool operator==(const Identifier&, const Identifier&) = default;
};

struct PostalAddress {
  std::string use{};
  std::vector<std::string> lines{};
  std::string city{};
  std::string district{};  // County name as given.
  std::string state{};
  std::string postal_code{};
  std::string country{};
  friend bool operator==(const PostalAddress&, const PostalAddress&) = default;
};

struct ContactPoint {
  std::string system{};
  std::string value{};
  std::string use{};
  friend bool operator==(const ContactPoint&, const ContactPoint&) = default;
};

struct PersonRecord {
  std::vector<HumanName> names{};
  PartialDate birth_date{};
  std::vector<Identifier> identifiers{};
  std::vector<PostalAddress> addresses{};
  std::vector<ContactPoint> telecoms{};
  std::vector<Assertion> assertions{};
  bool deceased = false;
  bool active = true;
  std::string managing_organization{};  // source_id of an organisation, or empty.
  friend bool operator==(const PersonRecord&, const PersonRecord&) = default;
};

struct CoverageRecord {
  std::string payer{};             // URI of the payer's node where the source profile maps it.
  std::string line_of_business{};  // "medicaid", "commercial", "medicare", ...; or empty.
  std::string payor{};             // As the source had it.
  std::string member_id{};
  PartialDate start{};   // Empty = always.
  PartialDate end{};     // The last day covered; empty = still.
  std::string status{};  // active, cancelled, draft, entered-in-error.
  friend bool operator==(const CoverageRecord&, const CoverageRecord&) = default;
};

struct MeasureResultRecord {
  std::string measure{};  // 1..64 of [A-Za-z0-9._-].
  std::string period{};   // "2025", "2025-Q1", "2025-03" or "2025-01-01/2025-12-31".
  bool in_denominator = false;
  bool in_numerator = false;  // Only with in_denominator.
  friend bool operator==(const MeasureResultRecord&, const MeasureResultRecord&) = default;
};

struct OrganizationRecord {
  std::string name{};
  std::vector<Identifier> identifiers{};
  friend bool operator==(const OrganizationRecord&, const OrganizationRecord&) = default;
};

}  // namespace equinode
