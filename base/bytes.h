// Byte strings, hex, and constant-time comparison.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace equinode {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hex.
std::string ToHex(ByteView bytes);
// Reads hex in either case. INVALID_ARGUMENT for an odd length or another character.
Result<Bytes> FromHex(std::string_view text);

// Compares in time that depends on the lengths only.
bool EqualConstantTime(ByteView a, ByteView b);

}  // namespace equinode
