// Private to base/crypto: reads DER strictly, one element after another, and writes it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "base/bytes.h"

namespace equinode {

// Definite, minimal lengths and one-byte tags only: what is not DER is not there.
class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool Next(std::uint8_t tag) const { return !rest_.empty() && rest_.front() == tag; }

  // The content of the next element, which must have `tag`.
  std::optional<ByteView> Take(std::uint8_t tag);
  // The next element must be exactly these bytes, tag and length included.
  bool TakeExactly(ByteView element);
  // The next element must be alone to the end: its content.
  std::optional<ByteView> TakeLast(std::uint8_t tag) {
    const auto content = Take(tag);
    return at_end() ? content : std::nullopt;
  }

 private:
  ByteView rest_;
};

// An element of `tag` over the parts, one after another.
Bytes DerElement(std::uint8_t tag, std::initializer_list<ByteView> parts);

}  // namespace equinode
