#include "client/import/fhir/reference.h"

#include <array>

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

bool IsTypeName(std::string_view text) {
  if (text.empty() || text.size() > 64 || text[0] < 'A' || text[0] > 'Z') return false;
  for (const char c : text) {
    if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) return false;
  }
  return true;
}

// Splits ".../Type/id[/_history/n]" from its end. False when it is not of that form.
bool SplitTypeAndId(std::string_view text, Reference& out) {
  if (const auto history = text.find("/_history/"); history != std::string_view::npos) {
    text = text.substr(0, history);
  }
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  const std::string_view id = text.substr(slash + 1);
  std::string_view type = text.substr(0, slash);
  if (const auto before = type.rfind('/'); before != std::string_view::npos) {
    type = type.substr(before + 1);
  }
  if (!IsTypeName(type) || !IsId(id)) return false;
  out.type = type;
  out.id = id;
  return true;
}

Status Resolve(const FullUrls* urls, Reference& out) {
  const std::string_view raw = out.raw;
  if (raw.empty()) return Ok();
  if (raw[0] == '#') {
    out.contained = true;
    return Ok();
  }
  if (urls != nullptr) {
    if (const auto found = urls->find(std::string(raw)); found != urls->end()) {
      (void)SplitTypeAndId(found->second, out);
      return Ok();
    }
  }
  if (const auto id = UrnId(raw); !id.empty()) {
    if (IsId(id)) out.id = id;
    return Ok();
  }
  (void)SplitTypeAndId(raw, out);
  return Ok();
}

}  // namespace

bool IsId(std::string_view id) {
  static constexpr auto kGood = [] {
    std::array<bool, 256> good{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-._")) {
      good[static_cast<unsigned char>(c)] = true;
    }
    return good;
  }();
  if (id.empty() || id.size() > 64) return false;
  bool all = true;
  for (const char c : id) all &= kGood[static_cast<unsigned char>(c)];
  return all;
}

bool IsPlaceholder(std::string_view text) {
  return text.find("##") != std::string_view::npos || text.find("{{") != std::string_view::npos ||
         text.find("${") != std::string_view::npos || text.find('<') != std::string_view::npos;
}

Status CheckId(std::string_view id, std::string_view path) {
  if (IsId(id)) return Ok();
  if (id.empty()) {
    return Refuse("MISSING_ID", std::string(path) +
                                    " is missing; export resources with the id that the source "
                                    "system gave them");
  }
  if (IsPlaceholder(id)) {
    return Refuse("PLACEHOLDER_ID",
                  std::string(path) + " is a template's place-holder; fill the template in first");
  }
  return Refuse("BAD_ID", std::string(path) + " is not 1 to 64 of letters, digits, '-', '.', '_'");
}

std::string_view UrnId(std::string_view url) {
  for (const std::string_view prefix : {"urn:uuid:", "urn:oid:"}) {
    if (url.substr(0, prefix.size()) == prefix) return url.substr(prefix.size());
  }
  return {};
}

std::string_view IdInUrl(std::string_view url, std::string_view type) {
  if (const auto id = UrnId(url); !id.empty()) return id;
  Reference reference;
  if (!SplitTypeAndId(url, reference) || reference.type != type) return {};
  return url.substr(url.rfind('/') + 1);
}

Result<Reference> ReadReference(const dom::element& value, std::string_view path,
                                const FullUrls* urls) {
  EQN_TRY(const dom::object object, Object(value, path));
  Reference reference;
  std::string_view said_type;
  for (const auto& [key, field] : object) {
    if (key == "reference") {
      EQN_TRY(reference.raw, Text(field, path));
    } else if (key == "type") {
      EQN_TRY(said_type, Text(field, path));
    } else if (key == "display") {
      EQN_TRY(reference.display, Text(field, path));
    } else if (key == "identifier") {
      EQN_TRY(const dom::object identifier, Object(field, path));
      for (const auto& [name, part] : identifier) {
        if (name == "system") {
          EQN_TRY(reference.identifier_system, Text(part, path));
        } else if (name == "value") {
          EQN_TRY(reference.identifier_value, Text(part, path));
        }
      }
    }
  }
  EQN_CHECK(Resolve(urls, reference));
  if (reference.type.empty() && IsTypeName(said_type)) reference.type = said_type;
  return reference;
}

Result<std::string_view> IdOf(const Reference& reference, std::string_view type,
                              std::string_view path) {
  const bool plain = !reference.contained && !reference.id.empty() &&
                     (reference.type.empty() || reference.type == type) &&
                     !IsPlaceholder(reference.raw);
  if (plain) return reference.id;
  const std::string where(path);
  const std::string a_type(type);
  if (reference.contained) {
    return Refuse("CONTAINED_REFERENCE", where + " points into the resource itself; export the " +
                                             a_type + " as a resource with an id of its own");
  }
  if (reference.raw.empty()) {
    if (!reference.identifier_value.empty()) {
      return Refuse("IDENTIFIER_ONLY_REFERENCE", where + " names the " + a_type +
                                                     " by an identifier only; export it as " +
                                                     a_type + "/<id>");
    }
    return Refuse("MISSING_REFERENCE",
                  where + " is missing; it names the " + a_type + " that this resource is about");
  }
  if (IsPlaceholder(reference.raw)) {
    return Refuse("PLACEHOLDER_ID",
                  where + " is a template's place-holder; fill the template in first");
  }
  if (reference.id.empty()) {
    if (reference.raw.find('?') != std::string_view::npos) {
      return Refuse(
          "CONDITIONAL_REFERENCE",
          where + " is a search, which has no answer here; export it as " + a_type + "/<id>");
    }
    return Refuse("UNRESOLVED_REFERENCE", where + " cannot be resolved; write it as " + a_type +
                                              "/<id>, an absolute URL or urn:uuid:<id>");
  }
  return Refuse("WRONG_REFERENCE_TYPE", where + " names a resource that is no " + a_type +
                                            "; export it as " + a_type +
                                            "/<id>, or leave the resource out");
}

std::string TypeAndIdIn(std::string_view url) {
  Reference reference;
  if (!SplitTypeAndId(url, reference)) return {};
  return reference.type + "/" + reference.id;
}

std::string SourceId(std::string_view feed, std::string_view type, std::string_view id) {
  std::string source_id;
  source_id.reserve(feed.size() + type.size() + id.size() + 2);
  source_id.append(feed).append("/").append(type).append("/").append(id);
  return source_id;
}

}  // namespace equinode::fhir
