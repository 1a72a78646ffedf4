#include "client/csv/csv_cell.h"

namespace equinode {

std::string CsvCell(std::string_view text) {
  constexpr std::string_view kFormula = "=+-@";
  std::string cell;
  cell.reserve(text.size() + 2);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && kFormula.find(text[first]) != std::string_view::npos) {
    cell += '\'';
  }
  bool quote = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      cell += ' ';
      continue;
    }
    quote = quote || c == ',' || c == '"' || c == ';';
    if (c == '"') cell += '"';
    cell += c;
  }
  return quote ? "\"" + cell + "\"" : cell;
}

}  // namespace equinode
