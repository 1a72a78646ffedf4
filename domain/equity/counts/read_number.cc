#include "domain/equity/counts/read_number.h"

#include "domain/equity/counts/count.h"

namespace equinode::equity {
namespace {

ReadNumber Fault(std::string_view what) { return {0, NumberFault{what}}; }
bool Digit(char c) { return c >= '0' && c <= '9'; }

ReadNumber Read(std::string_view text, int decimals, bool round_up) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  std::size_t digits = 0;
  int after = -1;  // Digits after the point; -1 before it.
  bool rest = false;
  for (const char c : text) {
    if (c == '.' && after < 0 && decimals > 0) {
      after = 0;
      continue;
    }
    if (c == '.')
      return Fault(decimals > 0 ? "has two points" : "is a whole number of people or events");
    if (c == ',' || c == ' ' || c == '_' || c == '\'') {
      return Fault("is written without thousands separators");
    }
    if (!Digit(c)) return Fault("is not a number");
    ++digits;
    if (after >= decimals) {
      if (!round_up) return Fault("has more than six digits after the point");
      rest = rest || c != '0';
      continue;
    }
    if (after >= 0) ++after;
    // Kept below zero, where there is room for one more.
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, c - '0', &value)) {
      return Fault("is past 64 bits");
    }
  }
  if (digits == 0) return Fault("is not a number");
  for (int i = after < 0 ? 0 : after; i < decimals; ++i) {
    if (__builtin_mul_overflow(value, 10, &value)) return Fault("is past 64 bits");
  }
  if (rest && __builtin_sub_overflow(value, 1, &value)) return Fault("is past 64 bits");
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, value, &value)) {
    return Fault("is past 64 bits");
  }
  return {value, {}};
}

}  // namespace

ReadNumber ReadInteger(std::string_view text) { return Read(text, 0, false); }
ReadNumber ReadMillionths(std::string_view text) { return Read(text, 6, false); }
ReadNumber ReadMillionthsUp(std::string_view text) { return Read(text, 6, true); }

}  // namespace equinode::equity
