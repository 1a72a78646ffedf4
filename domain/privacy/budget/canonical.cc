#include "domain/privacy/budget/canonical.h"

#include <algorithm>

namespace equinode::budget {

void CanonicalWriter::Number(std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void CanonicalWriter::Day(std::chrono::sys_days day) {
  Number(static_cast<std::uint64_t>(std::int64_t{day.time_since_epoch().count()}));
}

void CanonicalWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_.insert(bytes_.end(), text.begin(), text.end());
}

void CanonicalWriter::Hash(const Digest& digest) {
  bytes_.insert(bytes_.end(), digest.begin(), digest.end());
}

CanonicalReader::CanonicalReader(ByteView bytes, std::string_view kind) : bytes_(bytes) {
  ok_ = Text() == kind && ok_;
}

ByteView CanonicalReader::Take(std::size_t size) {
  if (!ok_ || bytes_.size() < size) {
    ok_ = false;
    return {};
  }
  const ByteView taken = bytes_.first(size);
  bytes_ = bytes_.subspan(size);
  return taken;
}

std::uint64_t CanonicalReader::Number() {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : Take(8)) value = value << 8 | byte;
  return value;
}

std::chrono::sys_days CanonicalReader::Day() {
  const auto count = static_cast<std::int64_t>(Number());
  const auto day = static_cast<std::int32_t>(count);
  if (day != count) ok_ = false;
  return std::chrono::sys_days{std::chrono::days{ok_ ? day : 0}};
}

std::string CanonicalReader::Text() {
  const std::uint64_t size = Number();
  return std::string(AsText(Take(size)));
}

Digest CanonicalReader::Hash() {
  Digest digest{};
  const ByteView taken = Take(digest.size());
  std::ranges::copy(taken, digest.begin());
  return digest;
}

}  // namespace equinode::budget
