#include "client/fhir_out/parts.h"

#include <algorithm>
#include <cctype>

#include "base/bytes.h"
#include "client/fhir_out/words.h"
#include "domain/access/identity.h"
#include "domain/zcodes/domains.h"

namespace equinode::fhir_out {
namespace {

constexpr int kMostDepth = 32;

}  // namespace

Json CodingOf(std::string_view system, std::string_view code, std::string_view display) {
  Json coding = {{"system", system}, {"code", code}};
  if (!display.empty()) coding["display"] = display;
  return coding;
}

Json ConceptOf(std::string_view system, std::string_view code, std::string_view display) {
  return {{"coding", Json::array({CodingOf(system, code, display)})}};
}

Json ReferenceTo(std::string_view type, const std::string& id) {
  return {{"reference", std::string(type) + "/" + id}};
}

Json Party(const std::string& uri) {
  Json party = {{"type", "Organization"}, {"identifier", {{"system", kUri}, {"value", uri}}}};
  const auto identity = ParseIdentity(uri);
  if (identity.ok()) party["display"] = identity->organisation;
  return party;
}

Json UuidIdentifier(const Uuid& id) {
  return {{"system", kUri}, {"value", std::string(kUuid) + id.ToString()}};
}

std::string LastPart(const std::string& source_id) {
  return source_id.substr(source_id.rfind('/') + 1);  // npos + 1 is 0.
}

Json PatientReference(const std::string& person, const std::string& display) {
  if (person.empty()) return {{"type", "Patient"}, {"display", display}};
  Json reference = {{"type", "Patient"}, {"identifier", {{"value", person}}}};
  if (person.find('/') != std::string::npos) {
    reference["reference"] = "Patient/" + LastPart(person);
  }
  return reference;
}

Json Resource(std::string_view type, const std::string& id, std::string_view profile) {
  return {{"resourceType", type},
          {"id", id},
          {"meta", {{"profile", Json::array({std::string(kProfile).append(profile)})}}}};
}

Json CategoryOf(const std::string& domain) {
  const NeedDomain* known = FindNeedDomain(domain);
  // Gravity's list; what screening asks about beside it is none of its codes.
  const bool gravity = known != nullptr && known->gravity;
  if (!gravity) {
    return {{"coding", Json::array({CodingOf(kGravity, kUnspecifiedDomain)})}, {"text", domain}};
  }
  return ConceptOf(kGravity, domain, known->display);
}

std::string TextOf(const Json& resource, bool one_line) {
  return resource.dump(one_line ? -1 : 1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json BundleFrom(Json entries) {
  return {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", std::move(entries)}};
}

void AddEntry(Json& entries, Json resource) {
  entries.push_back({{"resource", std::move(resource)}});
}

Error Bad(const std::string& element, const std::string& what) {
  return Error{Code::kInvalidArgument, "BAD_FHIR", element + ": " + what};
}

const Read& At(const Read& object, const char* key) {
  static const Read none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

const Read& FirstOf(const Read& list) {
  static const Read none;
  return list.is_array() && !list.empty() ? list.front() : none;
}

const Read& ListAt(const Read& object, const char* key) {
  static const Read empty = Read::array();
  const Read& list = At(object, key);
  return list.is_array() ? list : empty;
}

std::string TextAt(const Read& object, const char* key) {
  const Read& value = At(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string CodeIn(const Read& concept_, std::string_view system) {
  for (const Read& coding : ListAt(concept_, "coding")) {
    if (TextAt(coding, "system") == system) return TextAt(coding, "code");
  }
  return "";
}

std::string DomainIn(const Read& categories) {
  std::string domain;
  if (!categories.is_array()) return domain;
  for (const Read& category : categories) {
    const std::string code = CodeIn(category, kGravity);
    if (code.empty()) continue;
    domain = code == kUnspecifiedDomain && !TextAt(category, "text").empty()
                 ? TextAt(category, "text")
                 : code;
  }
  return domain;
}

Result<Instant> MomentAt(const Read& object, const char* key, const std::string& element) {
  const auto moment = ParseInstant(TextAt(object, key));
  if (!moment.ok()) return Bad(element, "is a moment such as 2026-01-31T09:30:00.000Z");
  return *moment;
}

Result<Uuid> UuidIn(std::string text, const std::string& element) {
  if (text.starts_with(kUuid)) text.erase(0, kUuid.size());
  const auto id = Uuid::Parse(LastPart(text));
  if (!id.ok()) return Bad(element, "is a UUID");
  return *id;
}

Result<Digest> DigestIn(const std::string& hex, const std::string& element) {
  const auto bytes = FromHex(hex);
  Digest digest{};
  if (!bytes.ok() || bytes->size() != digest.size()) {
    return Bad(element, "is a SHA-256 in 64 hex digits");
  }
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

std::string PartyIn(const Read& reference) {
  std::string uri = TextAt(At(reference, "identifier"), "value");
  return uri.empty() ? TextAt(reference, "reference") : uri;
}

namespace {

// Where a text stops being JSON.
std::string NotJson(std::string_view text) {
  std::size_t byte = text.size();
  try {
    if (!Read::parse(text).is_discarded()) byte = 0;
  } catch (const Read::parse_error& error) {
    byte = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
  }
  const std::string_view before = text.substr(0, byte);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column = byte - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return "is not JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
         (byte == text.size() ? ": it ends too early" : "");
}

}  // namespace

Result<Read> ReadResource(std::string_view text, std::size_t most) {
  if (text.size() > most) return Bad("Bundle", "is over " + std::to_string(most) + " bytes");
  bool too_deep = false;
  const Read::parser_callback_t shallow = [&](int depth, Read::parse_event_t, Read&) {
    too_deep = too_deep || depth > kMostDepth;
    return !too_deep;
  };
  Read json = Read::parse(text, shallow, false);  // Discarded when it is none.
  if (too_deep) {
    return Bad("Bundle", "is over " + std::to_string(kMostDepth) + " levels deep");
  }
  if (json.is_discarded()) return Bad("Bundle", NotJson(text));
  if (!json.is_object()) return Bad("Bundle", "is no resource: a resource is an object, {...}");
  return json;
}

Result<Read> ReadBundle(std::string_view text, std::size_t most) {
  EQN_TRY(Read json, ReadResource(text, most));
  const std::string type = TextAt(json, "resourceType");
  if (type == "Bundle") return json;
  const bool known =
      !type.empty() && type.size() <= 64 &&
      std::ranges::all_of(type, [](unsigned char c) { return std::isalpha(c) != 0; });
  return Bad("Bundle", known ? "is missing: this is a " + type +
                                   " alone; put the Task, its ServiceRequest and the Patient into "
                                   "one Bundle of type collection"
                             : "is missing: this is no resource of FHIR (resourceType)");
}

const Read& FindIn(const Read& bundle, const std::string& type, const std::string& reference) {
  static const Read none;
  for (const Read& entry : ListAt(bundle, "entry")) {
    const Read& resource = At(entry, "resource");
    if (TextAt(resource, "resourceType") != type) continue;
    if (reference == type + "/" + TextAt(resource, "id")) return resource;
    if (!reference.empty() && reference == TextAt(entry, "fullUrl")) return resource;
  }
  return none;
}

}  // namespace equinode::fhir_out
