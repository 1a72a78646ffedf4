// Words for answers, where a source has no codes.
#include <unordered_map>

#include "base/csv_rows.h"
#include "domain/needs/instruments.h"
#include "domain/needs/screening_tables.h"

namespace equinode {
namespace {

// Lower case, one blank between words, no punctuation, nothing in brackets at the end.
std::string Folded(std::string_view text) {
  if (!text.empty() && text.back() == ')') {
    const std::size_t open = text.rfind('(');
    if (open != std::string_view::npos && open > 0) text = text.substr(0, open);
  }
  std::string folded;
  for (const char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (word) {
      folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    } else if (c != '\'' && !folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

// "question\nwords" -> answer; words for any question under an empty one.
const std::unordered_map<std::string, std::string>& Words() {
  static const auto words = [] {
    std::unordered_map<std::string, std::string> made;
    ForEachRow(needs::kAnswerTextsCsv, [&](const std::vector<std::string>& row) {
      made.emplace(row[0] + "\n" + Folded(row[1]), row[2]);
    });
    ForEachRow(needs::kAnswersCsv, [&](const std::vector<std::string>& row) {
      made.emplace(row[1] + "\n" + Folded(row[3]), row[2]);
    });
    return made;
  }();
  return words;
}

}  // namespace

std::string AnswerOfText(std::string_view question, std::string_view text) {
  const std::string folded = Folded(text);
  if (folded.empty()) return {};
  auto at = Words().find(std::string(question) + "\n" + folded);
  if (at == Words().end()) at = Words().find("\n" + folded);
  return at == Words().end() ? std::string() : at->second;
}

}  // namespace equinode
