// JSON as text, where a whole document is too much for the parser: where a value ends, where it is
// broken, and a Bundle taken apart into entries.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode::fhir {

inline constexpr std::size_t kNoEnd = static_cast<std::size_t>(-1);

// Where the value that starts at `at` ends, by brackets and quotes alone; kNoEnd when it does not.
std::size_t EndOfValue(std::string_view text, std::size_t at);
// The first byte at or after `at` that is no JSON white space.
std::size_t SkipSpace(std::string_view text, std::size_t at);

// The offset at which `text` stops being one JSON value, or kNoEnd when its grammar is right. For
// messages: strings are not decoded. Deeper than 1,024 counts as wrong.
std::size_t FindJsonError(std::string_view text);

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A document's text without the elements of its top-level "entry" list, in whose place stand zeros:
// the document is right when the skeleton and every entry are.
struct Pieces {
  std::string skeleton{};
  std::vector<Span> entries{};
};

// BAD_JSON with line and column, TOO_MANY over 200,000 entries.
Result<Pieces> TakeApart(std::string_view text);

// "line 3, column 17", from 1, columns in bytes; "column 17" of a text that is one line.
std::string Position(std::string_view text, std::size_t offset);

}  // namespace equinode::fhir
