// The parts that several resources share: names, identifiers, addresses, telecom, codes, meta.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/import/fhir/json.h"
#include "domain/people/record.h"

namespace equinode::fhir {

inline constexpr std::string_view kNullFlavor =
    "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
inline constexpr std::string_view kDataAbsent =
    "http://terminology.hl7.org/CodeSystem/data-absent-reason";
inline constexpr std::string_view kDataAbsentExtension =
    "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

// Elements that say nothing are left out. `spare` gives memory, as in slots.h.
Status ReadNames(const dom::element& value, std::string_view path, std::vector<HumanName>& out,
                 std::vector<HumanName>& spare);
Status ReadIdentifiers(const dom::element& value, std::string_view path,
                       std::vector<Identifier>& out, std::vector<Identifier>& spare);
Status ReadAddresses(const dom::element& value, std::string_view path,
                     std::vector<PostalAddress>& out, std::vector<PostalAddress>& spare);
Status ReadTelecoms(const dom::element& value, std::string_view path,
                    std::vector<ContactPoint>& out, std::vector<ContactPoint>& spare);

// A Coding. A data-absent-reason or v3-NullFlavor extension in the place of a code becomes a code
// of that system.
Status ReadCoding(const dom::element& value, std::string_view path, Coded& out);
// A CodeableConcept as one answer: the coding of system `prefer` if there is one, else the first
// with a code, with the concept's text. Left empty when it says nothing.
Status ReadConcept(const dom::element& value, std::string_view path, std::string_view prefer,
                   Coded& out);
// The reason in a list of extensions, as a code of data-absent-reason or v3-NullFlavor; empty when
// there is none.
Status ReadAbsentReason(const dom::element& extensions, std::string_view path, Coded& out);
// The same for "_birthDate" and its like: {"extension": [...]}.
Status ReadAbsentElement(const dom::element& value, std::string_view path, Coded& out);

// Resource.meta, as far as it is used.
struct Meta {
  std::string_view last_updated{};
  bool us_core_patient = false;  // Claims the US Core profile.
  bool us_core_coverage = false;
};
Status ReadMeta(const dom::element& value, Meta& out);

inline bool IsEmpty(const Coded& coded) { return coded.code.empty() && coded.text.empty(); }

}  // namespace equinode::fhir
