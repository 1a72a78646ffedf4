#include "client/import/fhir/bundle.h"

#include <string>

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

struct Entry {
  std::string_view full_url{};
  std::string_view method{};
  std::string_view url{};  // Of the request.
  dom::element resource{};
  bool has_resource = false;
};

Result<Entry> ReadEntry(const dom::element& root) {
  Entry entry;
  EQN_TRY(const dom::object object, Object(root, "Bundle.entry"));
  for (const auto& [key, field] : object) {
    if (key == "fullUrl") {
      EQN_TRY(entry.full_url, Text(field, "Bundle.entry.fullUrl"));
    } else if (key == "resource") {
      entry.resource = field;
      entry.has_resource = true;
    } else if (key == "request") {
      EQN_TRY(const dom::object request, Object(field, "Bundle.entry.request"));
      for (const auto& [name, part] : request) {
        if (name == "method") {
          EQN_TRY(entry.method, Text(part, "Bundle.entry.request.method"));
        } else if (name == "url") {
          EQN_TRY(entry.url, Text(part, "Bundle.entry.request.url"));
        }
      }
    }
  }
  return entry;
}

// "Type/id" of a resource with both.
std::string TypeAndId(const Entry& entry) {
  dom::object object;
  if (entry.resource.get_object().get(object) != simdjson::SUCCESS) return {};
  std::string_view type;
  std::string_view id;
  if (object["resourceType"].get_string().get(type) != simdjson::SUCCESS) return {};
  if (object["id"].get_string().get(id) != simdjson::SUCCESS) id = {};
  if (id.empty()) id = IdInUrl(entry.full_url, type);
  if (!IsId(id) || type.size() > 64) return {};
  return std::string(type) + "/" + std::string(id);
}

Status CheckHead(const dom::element& skeleton) {
  EQN_TRY(const dom::object object, Object(skeleton, "the document"));
  std::string_view resource;
  std::string_view type;
  for (const auto& [key, field] : object) {
    if (key == "type" && field.is_string()) {
      EQN_TRY(type, Text(field, "Bundle.type"));
    } else if (key == "resourceType") {
      EQN_TRY(resource, Text(field, "resourceType"));
    }
  }
  if (resource != "Bundle") {
    return Refuse("NOT_A_BUNDLE", "a JSON document over 4 MiB is a Bundle; this one is not");
  }
  if (type == "collection" || type == "transaction" || type == "batch" || type == "searchset") {
    return Ok();
  }
  return Refuse("BUNDLE_TYPE",
                "only Bundles of type collection, transaction, batch and searchset are taken in");
}

}  // namespace

Result<Bundle> OpenBundle(std::string_view text, Parser& parser) {
  Bundle bundle;
  EQN_TRY(bundle.pieces, TakeApart(text));
  bundle.pieces.skeleton.reserve(bundle.pieces.skeleton.size() + kPadding);
  auto skeleton = parser.Parse(bundle.pieces.skeleton);
  if (!skeleton.ok()) {  // Positions in the skeleton are not those in the document.
    const std::size_t at = FindJsonError(text);
    if (at == kNoEnd || skeleton.error().reason != "BAD_JSON") return skeleton.error();
    return Refuse("BAD_JSON", "not JSON at " + Position(text, at) + "; export the Bundle again");
  }
  EQN_CHECK(CheckHead(*skeleton));
  for (const Span& span : bundle.pieces.entries) {
    const std::string_view part = text.substr(span.begin, span.end - span.begin);
    const auto root = parser.Parse(part);
    if (!root.ok()) {
      const std::size_t at = FindJsonError(part);
      return Refuse(root.error().reason,
                    "the entry at " + Position(text, span.begin) + " is broken" +
                        (at == kNoEnd ? std::string()
                                      : " (not JSON at " + Position(text, span.begin + at) + ")") +
                        "; a Bundle is taken in whole or not at all: export it again");
    }
    const auto entry = ReadEntry(*root);
    if (!entry.ok() || entry->full_url.empty() || !entry->has_resource) continue;
    std::string name = TypeAndId(*entry);
    if (!name.empty()) bundle.urls.emplace(std::string(entry->full_url), std::move(name));
  }
  return bundle;
}

Status ReadEntries(std::string_view text, const Bundle& bundle, Parser& parser,
                   const std::function<Status(std::uint64_t number, std::string_view full_url,
                                              const Result<dom::element>& resource)>& each) {
  std::uint64_t number = 0;
  for (const Span& span : bundle.pieces.entries) {
    ++number;
    EQN_TRY(const dom::element root, parser.Parse(text.substr(span.begin, span.end - span.begin)));
    const auto entry = ReadEntry(root);
    if (!entry.ok()) {
      EQN_CHECK(each(number, {}, entry.error()));
    } else if (entry->method == "DELETE") {
      EQN_CHECK(each(number, entry->url,
                     Refuse("DELETE_NOT_TAKEN",
                            "an import does not delete; an operator takes a record out with "
                            "'equinode record delete'")));
    } else if (!entry->has_resource) {
      EQN_CHECK(each(number, {},
                     Refuse("ENTRY_WITHOUT_RESOURCE",
                            "the entry has no resource; export the Bundle with its resources")));
    } else {
      EQN_CHECK(each(number, entry->full_url, entry->resource));
    }
  }
  return Ok();
}

}  // namespace equinode::fhir
