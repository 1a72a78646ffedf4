// Decimal texts into integers, exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace equinode::equity {

// What is wrong with a number's text, as words that go on after it.
struct NumberFault {
  std::string_view what{};
};

struct ReadNumber {
  std::int64_t value = 0;
  std::optional<NumberFault> fault{};
};

// An integer: digits, perhaps after a minus. No blanks, no thousands separators.
ReadNumber ReadInteger(std::string_view text);

// A decimal number in millionths: "12.34" is 12,340,000. At most six digits after the point.
ReadNumber ReadMillionths(std::string_view text);

// The same for a variance: more digits are rounded up, so that it is never taken too small.
ReadNumber ReadMillionthsUp(std::string_view text);

}  // namespace equinode::equity
