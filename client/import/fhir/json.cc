#include "client/import/fhir/json.h"

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {

Error WrongType(std::string_view path, std::string_view expected) {
  return Refuse("WRONG_TYPE", std::string(path) + " is not " + std::string(expected) +
                                  "; write it as FHIR R4 JSON has it");
}

Result<std::string_view> Text(const dom::element& value, std::string_view path) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return text;
  if (IsNull(value)) return std::string_view{};
  return WrongType(path, "a string");
}

Status Keep(const dom::element& value, std::string_view path, std::string& out) {
  EQN_TRY(const std::string_view text, Text(value, path));
  if (text.size() > kMaxText) {
    return Refuse("TEXT_TOO_LONG",
                  std::string(path) + " is over 1,024 bytes; shorten it or leave it out");
  }
  out.assign(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) continue;
    if (c != '\t' && c != '\n' && c != '\r') {
      return Refuse("CONTROL_CHARACTER",
                    std::string(path) +
                        " holds a control character, which FHIR does not allow; "
                        "take it out at the source");
    }
    c = ' ';
  }
  return Ok();
}

Result<bool> Bool(const dom::element& value, std::string_view path) {
  bool truth = false;
  if (value.get_bool().get(truth) == simdjson::SUCCESS) return truth;
  return WrongType(path, "true or false");
}

Result<dom::object> Object(const dom::element& value, std::string_view path) {
  dom::object object;
  if (value.get_object().get(object) == simdjson::SUCCESS) return object;
  return WrongType(path, "an object");
}

Result<dom::array> List(const dom::element& value, std::string_view path) {
  dom::array list;
  if (value.get_array().get(list) == simdjson::SUCCESS) return list;
  return WrongType(path, "a list");
}

}  // namespace equinode::fhir
