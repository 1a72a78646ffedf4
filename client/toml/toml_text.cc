#include "client/toml/toml_text.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace equinode {
namespace {

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The code point at `at` and its length; length 0 when there is none in UTF-8.
std::size_t Decode(std::string_view text, std::size_t at, std::uint32_t& point) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const std::uint32_t lead = byte(0);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < kLeast[length] || point > 0x10FFFF || surrogate ? 0 : length;
}

class Plain {
 public:
  explicit Plain(std::string_view in) : in_(in) { out_.reserve(in.size() + in.size() / 8); }

  Result<std::string> Run() {
    if (in_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"' || c == '\'') {
        EQN_CHECK(String(c));
      } else if (c == '#') {
        while (at_ < in_.size() && in_[at_] != '\n') EQN_CHECK(Letter(Where::kComment));
      } else {
        EQN_CHECK(Letter(Where::kOutside));
      }
    }
    return std::move(out_);
  }

 private:
  enum class Where { kOutside, kComment, kString, kLiteral };

  Error Bad(const char* what) const {
    return Error{Code::kInvalidArgument, "BAD_TOML", "line " + std::to_string(line_) + ": " + what};
  }

  Status Letter(Where where) {
    const char c = in_[at_];
    if (IsAscii(c)) {
      line_ += c == '\n';
      out_ += c;
      ++at_;
      return Ok();
    }
    std::uint32_t point = 0;
    const std::size_t length = Decode(in_, at_, point);
    if (length == 0) return Bad("the text is not UTF-8; save it in that encoding");
    at_ += length;
    if (where == Where::kComment) {
      out_ += '?';
    } else if (where == Where::kString) {
      std::array<char, 12> escape{};
      std::snprintf(escape.data(), escape.size(), "\\U%08X", point);
      out_ += escape.data();
    } else {
      return Bad(where == Where::kLiteral
                     ? "a letter beyond ASCII stands in single quotes; use double quotes"
                     : "a letter beyond ASCII stands outside of quotes; put double quotes around");
    }
    return Ok();
  }

  // One that is not closed on its line ends there: the parser will say so.
  Status String(char quote) {
    const Where where = quote == '"' ? Where::kString : Where::kLiteral;
    const bool long_one = Quotes(quote) >= 3;
    EQN_CHECK(Copy(long_one ? 3 : 1));
    while (at_ < in_.size()) {
      if (in_[at_] == '\n' && !long_one) return Ok();
      if (in_[at_] == '\\' && quote == '"' && at_ + 1 < in_.size() && IsAscii(in_[at_ + 1]) &&
          in_[at_ + 1] != '\n') {
        EQN_CHECK(Copy(2));
      } else if (in_[at_] == quote && (!long_one || Quotes(quote) >= 3)) {
        return Copy(long_one ? Quotes(quote) : 1);
      } else {
        EQN_CHECK(Letter(where));
      }
    }
    return Ok();
  }

  std::size_t Quotes(char quote) const {
    std::size_t count = 0;
    while (at_ + count < in_.size() && in_[at_ + count] == quote) ++count;
    return count;
  }
  Status Copy(std::size_t count) {
    for (; count > 0; --count) EQN_CHECK(Letter(Where::kOutside));
    return Ok();
  }

  std::string_view in_;
  std::string out_{};
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace

Result<std::string> AsciiToml(std::string_view toml) { return Plain(toml).Run(); }

}  // namespace equinode
