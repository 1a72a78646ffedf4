#include "domain/people/languages.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/csv_rows.h"
#include "domain/people/code_tables.h"
#include "domain/people/folded_text.h"

namespace equinode {
namespace {

constexpr std::size_t kCodes = 27 * 27 * 27;

// Two or three letters as one number, whatever their case; 0 for anything else.
std::uint16_t Packed(std::string_view code) {
  if (code.size() < 2 || code.size() > 3) return 0;
  unsigned packed = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    unsigned letter = 0;
    if (i < code.size()) {
      const char c = code[i];
      if (c >= 'a' && c <= 'z') {
        letter = static_cast<unsigned>(c - 'a') + 1;
      } else if (c >= 'A' && c <= 'Z') {
        letter = static_cast<unsigned>(c - 'A') + 1;
      } else {
        return 0;
      }
    }
    packed = packed * 27 + letter;
  }
  return static_cast<std::uint16_t>(packed);
}

// By the packed code.
struct LanguageEntry {
  std::array<char, 3> subtag{};
  std::uint8_t size = 0;      // Of the subtag; 0 = no language.
  std::uint16_t extends = 0;  // The subtag before it, as an extended language; 0 = is none.
  std::string_view text() const { return {subtag.data(), size}; }
};
using Table = std::array<LanguageEntry, kCodes>;

std::unique_ptr<const Table> ReadLanguages() {
  auto table = std::make_unique<Table>();
  ForEachRow(people::kLanguageSubtagsCsv, [&](const std::vector<std::string>& row) {
    const std::string& subtag = row[1].empty() ? row[0] : row[1];
    LanguageEntry& entry = (*table)[Packed(row[0])];
    for (std::size_t i = 0; i < subtag.size() && i < 3; ++i) entry.subtag[i] = subtag[i];
    entry.size = static_cast<std::uint8_t>(subtag.size());
    entry.extends = Packed(row[2]);
  });
  return table;
}

std::size_t EndOfSubtag(std::string_view tag) {
  const std::size_t end = tag.find_first_of("-_");
  return end == std::string_view::npos ? tag.size() : end;
}

}  // namespace

std::optional<std::string_view> LanguageSubtag(std::string_view tag) {
  static const std::unique_ptr<const Table> kTable = ReadLanguages();
  const std::size_t end = EndOfSubtag(tag);
  const LanguageEntry& primary = (*kTable)[Packed(tag.substr(0, end))];
  if (primary.size == 0) return std::nullopt;
  if (end < tag.size()) {
    std::string_view next = tag.substr(end + 1);
    next = next.substr(0, EndOfSubtag(next));
    const std::uint16_t packed = next.size() == 3 ? Packed(next) : std::uint16_t{0};
    const LanguageEntry& extended = (*kTable)[packed];
    if (extended.extends != 0 && extended.extends == Packed(primary.text())) return extended.text();
  }
  return primary.text();
}

bool IsNoLanguage(std::string_view tag) {
  for (const std::string_view each : {"und", "mis", "mul", "zxx"}) {
    if (people::EqualFolded(tag, each)) return true;
  }
  return false;
}

}  // namespace equinode
