// One made person: who they are, what they answered, who pays for them, what the quality engine
// says. A pure function of seed, practice and number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/generate/chance.h"
#include "client/generate/heritages.h"
#include "client/generate/places.h"

namespace equinode::made {

enum class Answer : std::uint8_t {
  kGiven,
  kDeclined,      // "asked-declined" as a category.
  kDeclinedAll,   // A data-absent-reason in place of the whole answer.
  kUnknown,       // v3-NullFlavor UNK.
  kAskedUnknown,  // v3-NullFlavor ASKU.
  kNotAsked,      // v3-NullFlavor NASK.
  kOtherText,     // v3-NullFlavor OTH, and words that no code list has.
  kTextOnly,      // Words, no code.
  kAbsent,        // Nothing was sent.
};

// How an EHR writes sex.
enum class SexStyle : std::uint8_t { kBirthSex, kIndividualSex, kGenderOnly };

struct Day {
  int year = 0;
  int month = 0;  // 0 = not known.
  int day = 0;    // 0 = not known.
};
std::string Text(const Day& day);

enum class Payer : std::uint8_t { kOurs, kOther, kUnmapped };
enum class PayorForm : std::uint8_t { kReference, kIdentifier, kName, kUrl };
enum class LineOfBusiness : std::uint8_t { kMedicare, kMedicaid, kCommercial, kNotSaid };

struct MadeCoverage {
  std::string id{};
  Payer payer = Payer::kOurs;
  std::uint32_t unmapped = 0;  // Which of the payers that no rule knows.
  PayorForm form = PayorForm::kReference;
  LineOfBusiness line = LineOfBusiness::kCommercial;
  std::string_view status = "active";
  Day start{};
  Day end{};  // Year 0 = still.
};

struct MadeResult {
  std::string_view measure{};
  std::string_view period{};
  bool denominator = true;
  bool numerator = false;
};

struct MadePerson {
  std::string id{};
  std::string mrn{};
  const Heritage* heritage = nullptr;
  std::string_view given{};
  std::string_view family{};
  bool female = false;
  bool gender_differs = false;  // Patient.gender is not the sex at birth.
  bool gender_absent = false;
  Day birth{};  // Year 0 = absent.
  bool deceased = false;
  Answer race_answer = Answer::kGiven;
  Term races[2]{};  // With kGiven; an empty code = none.
  Term race_detail{};
  Answer ethnicity_answer = Answer::kGiven;
  Answer language_answer = Answer::kGiven;
  const LanguageShare* language = nullptr;
  bool second_language = false;  // Two languages, none marked as preferred.
  bool language_preferred = true;
  bool interpreter = false;
  const Place* place = nullptr;
  bool county_given = true;
  bool old_address = false;  // A former address stands first.
  const Place* old_place = nullptr;
  std::string_view street{};
  int house = 1;
  std::vector<MadeCoverage> coverages{};
  std::vector<MadeResult> results{};
};

// The year of the report that the demo asks for.
inline constexpr int kReportYear = 2025;

// `practice` from 0. Some people of a practice are also people of the one before it: the same
// person with another id.
MadePerson MakePerson(std::uint64_t seed, std::uint32_t practice, std::uint32_t number);

// Another version of the same record: moved house, race now known.
MadePerson Changed(const MadePerson& person, Chance& chance);

// A UUID (version 4 in form).
std::string MakeUuid(Chance& chance);

}  // namespace equinode::made
