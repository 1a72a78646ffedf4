// Typed reads of a parsed document: a wrong JSON type is refused with the element's path. Texts are
// bounded and free of control characters; null and "" are as good as absent.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode::fhir {

namespace dom = simdjson::dom;

inline constexpr std::size_t kMaxText = 1024;  // Bytes of one text of a record.
inline constexpr std::size_t kMaxList = 64;    // Elements of one list of a record.

Error WrongType(std::string_view path, std::string_view expected);

inline bool IsNull(const dom::element& value) {
  return value.type() == dom::element_type::NULL_VALUE;
}

// The string's bytes inside the parser, valid until its next parse. Empty for null.
inline Result<std::string_view> Text(const dom::element& value, std::string_view path) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS || IsNull(value)) return text;
  return WrongType(path, "a string");
}

// `Bytes` bytes of memory as a number, in the machine's order.
template <typename Bytes>
inline std::uint64_t LoadBytes(const char* at) {
  Bytes bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

// True when no byte is a control character. Eight bytes at a time, the last ones of a text together
// with some before them: most texts are short and clean.
inline bool IsClean(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto dirty = [](std::uint64_t bytes) {
    const std::uint64_t below_blank = (bytes - kOnes * 0x20) & ~bytes;
    const std::uint64_t delete_as_zero = bytes ^ (kOnes * 0x7f);
    return ((below_blank | ((delete_as_zero - kOnes) & ~delete_as_zero)) & kHighs) != 0;
  };
  const char* const begin = text.data();
  const std::size_t size = text.size();
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (dirty(LoadBytes<std::uint64_t>(begin + at))) return false;
    }
    return !dirty(LoadBytes<std::uint64_t>(begin + size - 8));
  }
  if (size >= 4) {
    const std::uint64_t head = LoadBytes<std::uint32_t>(begin);
    return !dirty(head << 32 | LoadBytes<std::uint32_t>(begin + size - 4));
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return false;
  }
  return true;
}

// A text that is kept: bounded, no control character but tab and line end, which become spaces.
Status KeepWithCare(const dom::element& value, std::string_view path, std::string& out);
inline Status Keep(const dom::element& value, std::string_view path, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS && text.size() <= kMaxText &&
      IsClean(text)) {
    out.assign(text);
    return Ok();
  }
  return KeepWithCare(value, path, out);
}

inline Result<bool> Bool(const dom::element& value, std::string_view path) {
  bool truth = false;
  if (value.get_bool().get(truth) == simdjson::SUCCESS) return truth;
  return WrongType(path, "true or false");
}
inline Result<dom::object> Object(const dom::element& value, std::string_view path) {
  dom::object object;
  if (value.get_object().get(object) == simdjson::SUCCESS) return object;
  return WrongType(path, "an object");
}
inline Result<dom::array> List(const dom::element& value, std::string_view path) {
  dom::array list;
  if (value.get_array().get(list) == simdjson::SUCCESS) return list;
  return WrongType(path, "a list");
}

// Calls `each(object)` for the objects of a list; null elements are passed over.
template <typename Each>
Status ForEachObject(const dom::element& value, std::string_view path, Each each) {
  dom::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return WrongType(path, "a list");
  for (const dom::element element : list) {
    dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) {
      if (IsNull(element)) continue;
      return WrongType(path, "an object");
    }
    EQN_CHECK(each(object));
  }
  return Ok();
}

}  // namespace equinode::fhir
