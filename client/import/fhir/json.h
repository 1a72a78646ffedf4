// Typed reads of a parsed document: a wrong JSON type is refused with the element's path. Texts are
// bounded and free of control characters; null and "" are as good as absent.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode::fhir {

namespace dom = simdjson::dom;

inline constexpr std::size_t kMaxText = 1024;  // Bytes of one text of a record.
inline constexpr std::size_t kMaxList = 64;    // Elements of one list of a record.

Error WrongType(std::string_view path, std::string_view expected);

// The string's bytes inside the parser, valid until its next parse. Empty for null.
Result<std::string_view> Text(const dom::element& value, std::string_view path);
// A text that is kept: bounded, no control character but tab and line end, which become spaces.
Status Keep(const dom::element& value, std::string_view path, std::string& out);
Result<bool> Bool(const dom::element& value, std::string_view path);
Result<dom::object> Object(const dom::element& value, std::string_view path);
Result<dom::array> List(const dom::element& value, std::string_view path);

inline bool IsNull(const dom::element& value) {
  return value.type() == dom::element_type::NULL_VALUE;
}

// Calls `each(object)` for the objects of a list; null elements are passed over.
template <typename Each>
Status ForEachObject(const dom::element& value, std::string_view path, Each each) {
  EQN_TRY(const dom::array list, List(value, path));
  for (const dom::element element : list) {
    if (IsNull(element)) continue;
    EQN_TRY(const dom::object object, Object(element, path));
    EQN_CHECK(each(object));
  }
  return Ok();
}

}  // namespace equinode::fhir
