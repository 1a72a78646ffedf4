// Fields in order as bytes that no two lists of fields share: numbers big-endian of a fixed width,
// text with its length (4 bytes) before it. What is hashed or signed is written so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace equinode {

class FieldWriter {
 public:
  void Number(std::uint64_t value, int bytes = 8) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void Raw(ByteView data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
  void Text(std::string_view text) {
    Number(text.size(), 4);
    Raw(AsBytes(text));
  }
  const Bytes& bytes() const& { return bytes_; }
  Bytes bytes() && { return std::move(bytes_); }

 private:
  Bytes bytes_{};
};

// Reads them back. After the first field that is not there everything reads as empty and ok() is
// false, so that a reader may ask once, at its end.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) : rest_(bytes) {}

  std::uint64_t Number(int bytes = 8) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : Raw(static_cast<std::size_t>(bytes))) value = value << 8 | byte;
    return value;
  }
  ByteView Raw(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::string Text() { return std::string(AsText(Raw(static_cast<std::size_t>(Number(4))))); }

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool ok_ = true;
};

}  // namespace equinode
