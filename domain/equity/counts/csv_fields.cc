#include "domain/equity/counts/csv_fields.h"

#include <array>

namespace equinode::equity {
namespace {

constexpr std::size_t kMostFields = 256;

bool Blank(char c) { return c == ' ' || c == '\t'; }

Error Bad(std::size_t position, std::string_view what) {
  return Error{Code::kInvalidArgument, "BAD_CSV",
               "character " + std::to_string(position) + ": " + std::string(what)};
}

}  // namespace

char SeparatorOfHeader(std::string_view header) {
  constexpr std::array kSeparators = {',', ';', '\t'};
  std::array<std::size_t, kSeparators.size()> found{};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    for (std::size_t i = 0; !quoted && i < kSeparators.size(); ++i) found[i] += c == kSeparators[i];
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i] > found[best]) best = i;
  }
  return kSeparators[best];
}

Status SplitCsvLine(std::string_view line, char separator, std::vector<CsvField>& fields) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    if (count == kMostFields) return Bad(at + 1, "more than 256 fields in a line");
    if (count == fields.size()) fields.emplace_back();
    CsvField& field = fields[count++];
    field.text.clear();
    while (at < line.size() && Blank(line[at]) && line[at] != separator) ++at;
    field.position = at + 1;
    if (at < line.size() && line[at] == '"') {
      ++at;
      while (true) {
        if (at >= line.size()) return Bad(field.position, "a quote that does not close");
        if (line[at] != '"') {
          field.text += line[at++];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          field.text += '"';
          at += 2;
        } else {
          ++at;
          break;
        }
      }
      while (at < line.size() && Blank(line[at]) && line[at] != separator) ++at;
      if (at < line.size() && line[at] != separator) {
        return Bad(at + 1, "text after a closing quote");
      }
    } else {
      const std::size_t end = std::min(line.find(separator, at), line.size());
      std::size_t last = end;
      while (last > at && Blank(line[last - 1])) --last;
      field.text.assign(line.substr(at, last - at));
      if (const std::size_t quote = field.text.find('"'); quote != std::string::npos) {
        return Bad(at + quote + 1, "a quote in the middle of a field");
      }
      at = end;
    }
    if (at >= line.size()) break;
    ++at;  // The separator.
  }
  fields.resize(count);
  return Ok();
}

}  // namespace equinode::equity
