#include "client/import/fhir/json_text.h"

#include <algorithm>
#include <cstring>

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

constexpr std::size_t kMaxEntries = 200'000;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Past the closing quote of the string that starts at `at`, or kNoEnd.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  std::size_t from = at + 1;
  while (from < text.size()) {
    const void* found = std::memchr(text.data() + from, '"', text.size() - from);
    if (found == nullptr) return kNoEnd;
    const auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::size_t slashes = 0;
    while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    from = quote + 1;
  }
  return kNoEnd;
}

std::size_t EndOfNumber(std::string_view text, std::size_t at) {
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t first = at;
  if (const auto count = digits(); count == 0 || (count > 1 && text[first] == '0')) return kNoEnd;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return kNoEnd;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return kNoEnd;
  }
  return at;
}

// Past the scalar at `at`, or kNoEnd when there is none.
std::size_t EndOfScalar(std::string_view text, std::size_t at) {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text.substr(at, word.size()) == word) return at + word.size();
  }
  if (text[at] != '"') return EndOfNumber(text, at);
  const std::size_t end = EndOfString(text, at);
  if (end == kNoEnd) return kNoEnd;
  for (std::size_t i = at; i < end; ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20) return kNoEnd;
  }
  return end;
}

Error Broken(std::string_view text, std::size_t at) {
  return Refuse("BAD_JSON", "not JSON at " + Position(text, at) +
                                ": a comma too many, a quote or bracket missing, or a file that "
                                "was cut off; export it again");
}

}  // namespace

std::size_t SkipSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && IsSpace(text[at])) ++at;
  return at;
}

std::size_t EndOfValue(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = EndOfString(text, at);
      if (at == kNoEnd) return kNoEnd;
    } else {
      if (depth == 0 && (IsSpace(c) || c == ',' || c == ']' || c == '}')) return at;
      ++at;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    }
    if (depth == 0 && (c == '}' || c == ']' || c == '"')) return at;
  }
  return depth == 0 ? at : kNoEnd;
}

std::size_t FindJsonError(std::string_view text) {
  enum class Next { kValue, kFirstKey, kKey, kFirstElement, kAfter };
  std::string open;  // '{' or '[' of each level.
  Next next = Next::kValue;
  std::size_t at = 0;
  while (true) {
    at = SkipSpace(text, at);
    if (at == text.size()) return open.empty() && next == Next::kAfter ? kNoEnd : at;
    const char c = text[at];
    if (next == Next::kAfter) {
      if (open.empty()) return at;
      const char close = open.back() == '{' ? '}' : ']';
      if (c != ',' && c != close) return at;
      ++at;
      if (c == close) {
        open.pop_back();
      } else {
        next = close == '}' ? Next::kKey : Next::kValue;
      }
      continue;
    }
    if ((next == Next::kFirstKey && c == '}') || (next == Next::kFirstElement && c == ']')) {
      open.pop_back();
      next = Next::kAfter;
      ++at;
      continue;
    }
    if (next == Next::kFirstKey || next == Next::kKey) {
      const std::size_t end = c == '"' ? EndOfScalar(text, at) : kNoEnd;
      if (end == kNoEnd) return at;
      at = SkipSpace(text, end);
      if (at == text.size() || text[at] != ':') return at;
      ++at;
      next = Next::kValue;
      continue;
    }
    if (c == '{' || c == '[') {
      if (open.size() == 1024) return at;
      open.push_back(c);
      next = c == '{' ? Next::kFirstKey : Next::kFirstElement;
      ++at;
      continue;
    }
    const std::size_t end = EndOfScalar(text, at);
    if (end == kNoEnd) return at;
    at = end;
    next = Next::kAfter;
  }
}

Result<Pieces> TakeApart(std::string_view text) {
  Pieces pieces;
  std::size_t kept = 0;  // Text before this is in the skeleton.
  std::size_t at = SkipSpace(text, 0);
  if (at == text.size() || text[at] != '{') return Broken(text, at);
  at = SkipSpace(text, at + 1);
  while (at < text.size() && text[at] == '"') {
    const std::size_t key_end = EndOfString(text, at);
    if (key_end == kNoEnd) return Broken(text, at);
    const std::string_view key = text.substr(at, key_end - at);
    at = SkipSpace(text, key_end);
    if (at == text.size() || text[at] != ':') return Broken(text, at);
    at = SkipSpace(text, at + 1);
    if (at == text.size()) return Broken(text, at);
    if (key == "\"entry\"" && text[at] == '[') {
      at = SkipSpace(text, at + 1);
      while (at < text.size() && text[at] != ']') {
        const std::size_t end = EndOfValue(text, at);
        if (end == kNoEnd || end == at) return Broken(text, at);
        if (pieces.entries.size() == kMaxEntries) {
          return Refuse("TOO_MANY", "a Bundle has at most 200,000 entries; convert it to NDJSON");
        }
        pieces.entries.push_back({at, end});
        pieces.skeleton.append(text.substr(kept, at - kept)).append("0");
        kept = end;
        at = SkipSpace(text, end);
        if (at < text.size() && text[at] == ',') {
          at = SkipSpace(text, at + 1);
        } else if (at < text.size() && text[at] != ']') {
          return Broken(text, at);
        }
      }
      if (at == text.size()) return Broken(text, at);
      ++at;
    } else {
      at = EndOfValue(text, at);
      if (at == kNoEnd) return Broken(text, std::min(FindJsonError(text), text.size()));
    }
    at = SkipSpace(text, at);
    if (at < text.size() && text[at] == ',') at = SkipSpace(text, at + 1);
  }
  pieces.skeleton.append(text.substr(kept));
  return pieces;
}

std::string Position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto start = before.rfind('\n');
  const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  const std::string at = "column " + std::to_string(column);
  if (text.find('\n') == std::string_view::npos) return at;
  return "line " + std::to_string(std::count(before.begin(), before.end(), '\n') + 1) + ", " + at;
}

}  // namespace equinode::fhir
