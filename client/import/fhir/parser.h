// simdjson with our bounds: the whole document is validated, 64 levels deep, up to 4 MiB.
#pragma once

#include <string_view>

#include "base/result.h"
#include "client/import/fhir/json.h"

namespace equinode::fhir {

inline constexpr std::size_t kMaxResource = 4 * 1024 * 1024;
inline constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

// One thread. Takes memory for texts up to 256 KiB, after a longer one for 4 MiB: at most about 50
// MiB in use, for a text that is all numbers.
class Parser {
 public:
  // At least kPadding bytes behind `text` must be readable. The element lives until the next call.
  // BAD_JSON with the position, BAD_UTF8, TOO_DEEP, LINE_TOO_LONG, TOO_MANY. Positions are columns
  // of the line when `text` is one.
  Result<dom::element> Parse(std::string_view text);

 private:
  simdjson::dom::parser parser_{};
};

}  // namespace equinode::fhir
