// Private to client/fhir_out: pieces of FHIR's JSON, written and read.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/crypto/hash.h"
#include "base/id.h"
#include "base/result.h"

namespace equinode::fhir_out {

using Json = nlohmann::ordered_json;  // Keys in FHIR's order.

Json CodingOf(std::string_view system, std::string_view code, std::string_view display = "");
Json ConceptOf(std::string_view system, std::string_view code, std::string_view display = "");
Json ReferenceTo(std::string_view type, const std::string& id);
// A party by the URI of its certificate.
Json Party(const std::string& uri);
Json UuidIdentifier(const Uuid& id);
// The person by source_id ("feed/Patient/x"), and where `id` is one of FHIR's by Patient/x too.
// Nothing is known: `display`.
Json PatientReference(const std::string& person, const std::string& display = "");
// What stands after the last '/' of "feed/Patient/x".
std::string LastPart(const std::string& source_id);
Json Resource(std::string_view type, const std::string& id, std::string_view profile);
// Gravity's category; a domain that Gravity has not is unspecified with its name as text.
Json CategoryOf(const std::string& domain);
// On one line, or indented; a line feed at the end. Wrong UTF-8 becomes U+FFFD.
std::string TextOf(const Json& resource, bool one_line);
Json BundleFrom(Json entries);
void AddEntry(Json& entries, Json resource);

using Read = nlohmann::json;  // Sorted: many keys cost no more than they should.
// Reading. What is not there, or of another kind, reads as null: nothing below it is there either.
Error Bad(const std::string& element, const std::string& what);
const Read& At(const Read& object, const char* key);
const Read& FirstOf(const Read& list);
const Read& ListAt(const Read& object, const char* key);
std::string TextAt(const Read& object, const char* key);
// The code of a CodeableConcept in a system; empty when it has none.
std::string CodeIn(const Read& concept_, std::string_view system);
// A domain of CategoryOf; empty when the list has none.
std::string DomainIn(const Read& categories);
Result<Instant> MomentAt(const Read& object, const char* key, const std::string& element);
Result<Uuid> UuidIn(std::string text, const std::string& element);
Result<Digest> DigestIn(const std::string& hex, const std::string& element);
// The URI of Party, else the reference; of a patient the source_id.
std::string PartyIn(const Read& reference);
inline constexpr std::size_t kMostFileBytes = 16 * 1024 * 1024;
// At most `most` bytes, 32 levels deep. BAD_FHIR.
Result<Read> ReadResource(std::string_view text, std::size_t most);
Result<Read> ReadBundle(std::string_view text, std::size_t most);
// The resource of that type that the reference names in the Bundle, or null.
const Read& FindIn(const Read& bundle, const std::string& type, const std::string& reference);

}  // namespace equinode::fhir_out
