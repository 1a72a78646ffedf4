#include "domain/people/folded_text.h"

#include <algorithm>

namespace equinode::people {
namespace {

constexpr std::size_t kMostText = 96;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The base letter of U+00C0 to U+00FF, by the second byte of its UTF-8; a blank for none.
char BaseLetter(unsigned char second) {
  constexpr std::string_view kBases = "aaaaaaaceeeeiiiidnooooo ouuuuyts";
  const std::size_t at = (second - 0x80u) % 32u;
  return second >= 0x80 && second <= 0xBF ? kBases[at] : ' ';
}

void EndWord(std::string& out, std::size_t start) {
  const std::string_view word = std::string_view(out).substr(start);
  if (word == "saint") out.replace(start, word.size(), "st");
  if (word == "sainte") out.replace(start, word.size(), "ste");
}

}  // namespace

std::string Folded(std::string_view text) {
  std::string out;
  if (text.size() > kMostText) return out;
  out.reserve(text.size());
  std::size_t start = 0;  // Of the word under way.
  bool in_word = false;
  const auto letter = [&](char c) {
    if (!in_word) {
      if (!out.empty()) out += ' ';
      start = out.size();
      in_word = true;
    }
    out += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = Lower(text[i]);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      letter(c);
    } else if (static_cast<unsigned char>(c) == 0xC3 && i + 1 < text.size()) {
      const char base = BaseLetter(static_cast<unsigned char>(text[++i]));
      if (base != ' ') letter(base);
    } else if (c == '\'') {
      continue;
    } else if (text.substr(i, 3) == "\u2019") {  // The apostrophe of print.
      i += 2;
    } else if (in_word) {
      EndWord(out, start);
      in_word = false;
    }
  }
  if (in_word) EndWord(out, start);
  return out;
}

std::string WithoutBlanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

bool EqualFolded(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         (a == b || std::equal(a.begin(), a.end(), b.begin(),
                               [](char x, char y) { return Lower(x) == Lower(y); }));
}

}  // namespace equinode::people
