// One line of RFC 4180 into fields, with where each begins.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode::equity {

struct CsvField {
  std::string text{};        // Without quotes and outer blanks.
  std::size_t position = 0;  // Its first character in the line, from 1.
};

// The separator of a header line: the one of ',', ';' and tab that it has most of outside quotes.
char SeparatorOfHeader(std::string_view header);

// `fields` keeps its memory. A quoted field does not hold a line end: one bad quote must not
// swallow the rest of a file. INVALID_ARGUMENT / BAD_CSV with the character's position in the line.
Status SplitCsvLine(std::string_view line, char separator, std::vector<CsvField>& fields);

}  // namespace equinode::equity
