#include "base/id.h"

#include <algorithm>

namespace equinode {

Uuid Uuid::MakeV7(Instant now, Random& random) {
  Uuid id;
  random.Fill(std::span(id.bytes_).subspan(6));
  const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (int i = 0; i < 6; ++i) {
    id.bytes_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  }
  id.bytes_[6] = static_cast<std::uint8_t>((id.bytes_[6] & 0x0f) | 0x70);
  id.bytes_[8] = static_cast<std::uint8_t>((id.bytes_[8] & 0x3f) | 0x80);
  return id;
}

Result<Uuid> Uuid::Parse(std::string_view text) {
  const Error bad{Code::kInvalidArgument, "BAD_UUID", "not a uuid in lower case"};
  if (text.size() != 36) return bad;
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen != (text[i] == '-') || (text[i] >= 'A' && text[i] <= 'F')) return bad;
    if (!hyphen) hex.push_back(text[i]);
  }
  auto bytes = FromHex(hex);
  if (!bytes.ok()) return bad;
  return FromBytes(*bytes);
}

Result<Uuid> Uuid::FromBytes(ByteView bytes) {
  if (bytes.size() != 16) {
    return Error{Code::kInvalidArgument, "BAD_UUID", "a uuid has 16 bytes"};
  }
  Uuid id;
  std::copy(bytes.begin(), bytes.end(), id.bytes_.begin());
  return id;
}

std::string Uuid::ToString() const {
  std::string text = ToHex(bytes_);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace equinode
