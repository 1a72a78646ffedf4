// The code tables of demographics: what a code of a source means to us. Tables are data
// (domain/people/data, with their sources); look-ups are exact in system and code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/people/record.h"

namespace equinode {

inline constexpr std::string_view kCdcrecSystem = "urn:oid:2.16.840.1.113883.6.238";
inline constexpr std::string_view kNullFlavorSystem =
    "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
inline constexpr std::string_view kDataAbsentSystem =
    "http://terminology.hl7.org/CodeSystem/data-absent-reason";
inline constexpr std::string_view kLanguageSystem = "urn:ietf:bcp:47";

// What a null flavour or a data-absent reason says; nothing when it is neither.
// "http://hl7.org/fhir/v3/NullFlavor" and the other older names of the systems count as well.
std::optional<AnswerState> StateOfNull(std::string_view system, std::string_view code);

std::string_view AnswerStateName(AnswerState state);  // "KNOWN", "DECLINED", ...
// KNOWN and OTHER: somebody answered with a value.
bool CountsAsAnswered(AnswerState state);

// By code of Gravity's value set; nothing when unknown.
std::optional<CollectionMethod> MethodOf(std::string_view system, std::string_view code);
// By our word: "self-reported", "proxy-reported", "administrative", "observed", "derived", "other",
// "unknown". Nothing for another.
std::optional<CollectionMethod> MethodNamed(std::string_view word);
std::string_view MethodName(CollectionMethod method);
// Self-reported and proxy-reported.
bool CountsAsDirect(CollectionMethod method);

// Categories of OMB SPD 15, both revisions, and "other race" (2131-1), which is none of theirs.
enum class OmbCategory : std::uint8_t {
  kNone,
  kAian,
  kAsian,
  kBlack,
  kNhpi,
  kWhite,
  kMena,  // 2024 only.
  kOther,
  kHispanic,
  kNotHispanic,
};

struct CdcrecCode {
  std::string code{};
  std::string display{};
  bool ethnicity = false;  // Of the ethnicity list; else of the race list.
  bool minimum = false;    // An OMB minimum category itself (level 1), not a detail below it.
  OmbCategory in1997 = OmbCategory::kNone;
  OmbCategory in2024 = OmbCategory::kNone;
};
// Null for a code that CDCREC 1.0 does not have. `system` may be empty or one of CDCREC's names.
const CdcrecCode* FindCdcrec(std::string_view system, std::string_view code);
bool IsCdcrecSystem(std::string_view system);

// What a code says of an element of sogi.csv: "MALE", "FEMALE", "NONBINARY", "OTHER", ...; nothing
// when it is not of that element's set. Null flavours are not here: see StateOfNull.
std::optional<std::string_view> SexMeaning(AssertionField field, std::string_view system,
                                           std::string_view code);

// True, false, or nothing when the code is neither.
std::optional<bool> YesNo(std::string_view system, std::string_view code);
// A code by which a person chose not to answer (LOINC LA30122-8 and its like).
bool IsDeclinedCode(std::string_view system, std::string_view code);

// A tribe of v3-TribalEntityUS, not a group of tribes. The code alone, a bare number, is not
// enough.
bool IsTribe(std::string_view system, std::string_view code);

}  // namespace equinode
