// Ids and references in every form that real feeds use, and the source ids made of them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "client/import/fhir/json.h"

namespace equinode::fhir {

// 1..64 of [A-Za-z0-9.-], and '_', which FHIR does not have but servers do.
bool IsId(std::string_view id);
// Nothing when `id` is one; MISSING_ID, PLACEHOLDER_ID (##PatientID##) or BAD_ID otherwise.
Status CheckId(std::string_view id, std::string_view path);
// A template's place-holder: ##X##, {{X}}, ${X}, <X>.
bool IsPlaceholder(std::string_view text);

// fullUrl -> "Type/id" of the entries of one Bundle.
using FullUrls = std::unordered_map<std::string, std::string>;

// What a Reference element says.
struct Reference {
  std::string type{};      // "Patient"; empty = not said (urn).
  std::string id{};        // Empty = not resolved.
  std::string_view raw{};  // As written.
  bool contained = false;  // raw is "#id".
  std::string_view identifier_system{};
  std::string_view identifier_value{};
  std::string_view display{};
};

// Type/id, with _history, behind an absolute URL, urn:uuid and urn:oid. `urls` may be null.
Result<Reference> ReadReference(const dom::element& value, std::string_view path,
                                const FullUrls* urls);

// The id of a resource of type `type` that the reference names, or why it cannot be told.
Result<std::string_view> IdOf(const Reference& reference, std::string_view type,
                              std::string_view path);

// "Type/id" in a URL, absolute or not; empty when there is none, as in a search.
std::string TypeAndIdIn(std::string_view url);

// "<feed>/<type>/<id>"
std::string SourceId(std::string_view feed, std::string_view type, std::string_view id);

// The id in "urn:uuid:<id>" or "urn:oid:<id>"; empty for anything else.
std::string_view UrnId(std::string_view url);
// The id that a fullUrl gives to a resource of that type: a urn's, or the last part of
// ".../Type/id". Empty when it gives none.
std::string_view IdInUrl(std::string_view url, std::string_view type);

}  // namespace equinode::fhir
