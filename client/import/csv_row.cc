#include "client/import/csv_row.h"

#include <array>

#include "client/import/fhir/refuse.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxCells = 256;

void Trim(std::string& text) {
  const auto last = text.find_last_not_of(" \t");
  text.resize(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(" \t"));
}

}  // namespace

Error RowTooLong() {
  return fhir::Refuse(
      "LINE_TOO_LONG",
      "a row is over 64 KiB; leave out columns that are not needed, and close every "
      "quote on its line");
}

char SeparatorOf(std::string_view header) {
  constexpr std::array<char, 3> kSeparators = {',', ';', '\t'};
  std::array<std::size_t, 3> counts{};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += !quoted && c == kSeparators[i];
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] > counts[best]) best = i;
  }
  return kSeparators[best];
}

Status ReadCsvRow(std::string_view line, char separator, std::vector<std::string>& cells) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    if (count == kMaxCells) {
      return fhir::Refuse("TOO_MANY", "the row has over 256 columns; leave out what is not needed");
    }
    if (count == cells.size()) cells.emplace_back();
    std::string& cell = cells[count++];
    cell.clear();
    std::size_t start = at;
    while (start < line.size() && line[start] == ' ') ++start;
    if (start < line.size() && line[start] == '"') {
      at = start + 1;
      while (true) {
        const std::size_t quote = line.find('"', at);
        if (quote == std::string_view::npos) {
          return fhir::Refuse("BAD_CSV",
                              "a quote is not closed on its line; close it, and keep line ends "
                              "out of cells");
        }
        cell.append(line.substr(at, quote - at));
        at = quote + 1;
        if (at >= line.size() || line[at] != '"') break;
        cell += '"';
        ++at;
      }
      while (at < line.size() && line[at] == ' ') ++at;
      if (at < line.size() && line[at] != separator) {
        return fhir::Refuse("BAD_CSV",
                            "text stands behind a closing quote; double the quotes inside a cell");
      }
    } else {
      const std::size_t end = std::min(line.find(separator, at), line.size());
      cell.assign(line.substr(at, end - at));
      at = end;
    }
    Trim(cell);
    if (at >= line.size()) break;
    ++at;
  }
  cells.resize(count);
  return Ok();
}

}  // namespace equinode
