#include "client/import/fhir/answer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "client/import/fhir/datatypes.h"

namespace equinode::fhir {
namespace {

using Word = std::pair<std::string_view, AnswerState>;

// v3-NullFlavor and data-absent-reason; what is in neither list still says that there is no value.
constexpr std::array<Word, 11> kNullFlavors = {{
    {"NASK", AnswerState::kNotAsked},
    {"ASKU", AnswerState::kAskedUnknown},
    {"UNK", AnswerState::kUnknown},
    {"NI", AnswerState::kUnknown},
    {"NAV", AnswerState::kPending},
    {"OTH", AnswerState::kOther},
    {"UNC", AnswerState::kUnmapped},
    {"MSK", AnswerState::kMasked},
    {"NA", AnswerState::kNotApplicable},
    {"INV", AnswerState::kInvalid},
    {"NINF", AnswerState::kInvalid},
}};
constexpr std::array<Word, 9> kReasons = {{
    {"not-asked", AnswerState::kNotAsked},
    {"asked-unknown", AnswerState::kAskedUnknown},
    {"asked-declined", AnswerState::kDeclined},
    {"unknown", AnswerState::kUnknown},
    {"temp-unknown", AnswerState::kPending},
    {"masked", AnswerState::kMasked},
    {"not-applicable", AnswerState::kNotApplicable},
    {"unsupported", AnswerState::kUnsupported},
    {"error", AnswerState::kError},
}};
// The ethnicity list of CDCREC, which shares its system with the race list.
constexpr std::array<std::string_view, 43> kEthnicities = {
    {"2135-2", "2137-8", "2138-6", "2139-4", "2140-2", "2141-0", "2142-8", "2143-6", "2144-4",
     "2145-1", "2146-9", "2148-5", "2149-3", "2150-1", "2151-9", "2152-7", "2153-5", "2155-0",
     "2156-8", "2157-6", "2158-4", "2159-2", "2160-0", "2161-8", "2162-6", "2163-4", "2165-9",
     "2166-7", "2167-5", "2168-3", "2169-1", "2170-9", "2171-7", "2172-5", "2173-3", "2174-1",
     "2175-8", "2176-6", "2178-2", "2180-8", "2182-4", "2184-0", "2186-5"}};
constexpr std::string_view kNotHispanic = "2186-5";

template <std::size_t N>
AnswerState Look(const std::array<Word, N>& words, std::string_view code) {
  for (const auto& [word, state] : words) {
    if (word == code) return state;
  }
  return AnswerState::kUnknown;
}

std::optional<AnswerState> NullState(AssertionField field, const Coded& value) {
  if (value.system == kNullFlavor || value.system == "http://hl7.org/fhir/v3/NullFlavor" ||
      value.system == "urn:oid:2.16.840.1.113883.5.1008") {
    return Look(kNullFlavors, value.code);
  }
  if (value.system == kDataAbsent || value.system == "http://hl7.org/fhir/data-absent-reason") {
    return Look(kReasons, value.code);
  }
  if (field == AssertionField::kAdministrativeGender && value.code == "unknown") {
    return AnswerState::kUnknown;
  }
  if (field == AssertionField::kLanguage && value.code == "und") return AnswerState::kUnknown;
  return std::nullopt;
}

bool IsEthnicity(const Coded& value) {
  return std::binary_search(kEthnicities.begin(), kEthnicities.end(), std::string_view(value.code));
}

std::string_view ConflictOf(const Assertion& assertion) {
  const auto& values = assertion.values;
  if (assertion.field == AssertionField::kRace) {
    return std::any_of(values.begin(), values.end(), IsEthnicity) ? "ETHNICITY_CODE_IN_RACE" : "";
  }
  if (assertion.field != AssertionField::kEthnicity) return "";
  bool hispanic = false;
  bool not_hispanic = false;
  for (const Coded& value : values) {
    if (value.code.empty()) continue;
    if (value.system == "urn:oid:2.16.840.1.113883.6.238" && !IsEthnicity(value)) {
      return "RACE_CODE_IN_ETHNICITY";
    }
    (value.code == kNotHispanic ? not_hispanic : hispanic) = true;
  }
  return hispanic && not_hispanic ? "HISPANIC_AND_NOT" : "";
}

bool IsGender(std::string_view code) {
  return code == "male" || code == "female" || code == "other";
}

AnswerState StateOfValues(const Assertion& assertion) {
  const auto& values = assertion.values;
  const bool coded = std::any_of(values.begin(), values.end(),
                                 [](const Coded& value) { return !value.code.empty(); });
  if (!coded) return AnswerState::kUnmapped;  // Words that no code stands for.
  if (assertion.field == AssertionField::kAdministrativeGender && !IsGender(values[0].code)) {
    return AnswerState::kInvalid;
  }
  return AnswerState::kKnown;
}

}  // namespace

void Judge(Assertion& assertion) {
  auto& values = assertion.values;
  std::optional<AnswerState> null;
  bool several = false;
  bool other = false;
  const auto is_null = [&](const Coded& value) {
    const auto state = NullState(assertion.field, value);
    if (!state) return false;
    if (*state == AnswerState::kOther) {  // An answer outside the list, with its words.
      other = true;
      return false;
    }
    several = several || (null && *null != *state);
    if (!null) null = state;
    return true;
  };
  values.erase(std::remove_if(values.begin(), values.end(), is_null), values.end());
  if (values.empty() && null) {
    assertion.state = *null;
    if (several) assertion.conflict = "SEVERAL_REASONS";
    return;
  }
  assertion.state = other && values.size() == 1 ? AnswerState::kOther : StateOfValues(assertion);
  assertion.conflict = null ? "NULL_BESIDE_VALUE" : ConflictOf(assertion);
}

}  // namespace equinode::fhir
