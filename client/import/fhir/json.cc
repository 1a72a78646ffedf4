#include "client/import/fhir/json.h"

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {

Error WrongType(std::string_view path, std::string_view expected) {
  return Refuse("WRONG_TYPE", std::string(path) + " is not " + std::string(expected) +
                                  "; write it as FHIR R4 JSON has it");
}

Status KeepWithCare(const dom::element& value, std::string_view path, std::string& out) {
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

}  // namespace equinode::fhir
