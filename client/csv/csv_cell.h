// Cells of the CSV files that we write (RFC 4180), safe to open in a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace equinode {

// Quoted where it holds a comma, a quote or a semicolon (which some countries' spreadsheets take
// for a comma). A cell that a spreadsheet would take for a formula, also behind blanks, is led by
// an apostrophe; control characters become spaces.
std::string CsvCell(std::string_view text);

}  // namespace equinode
