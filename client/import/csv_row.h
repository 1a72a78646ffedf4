// One line of RFC 4180 into cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode {

// The separator of a header line: the one of ',', ';' and tab that it has most of outside quotes.
char SeparatorOf(std::string_view header);

// LINE_TOO_LONG: one bound for the rows of every table.
inline constexpr std::size_t kMaxRow = 64 * 1024;
Error RowTooLong();

// Cells without quotes and outer blanks; `cells` keeps its memory. A cell may not hold a line end:
// one bad quote must not swallow the rest of a file. BAD_CSV for a quote that does not close or
// closes in the middle, TOO_MANY over 256 cells.
Status ReadCsvRow(std::string_view line, char separator, std::vector<std::string>& cells);

}  // namespace equinode
