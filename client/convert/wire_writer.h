// Protobuf's wire form written straight from domain values: fields in the order of their numbers,
// what is empty left out, so that equal values are equal bytes and the very bytes of protobuf.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace equinode::wire {

class WireWriter {
 public:
  explicit WireWriter(Bytes& out) : out_(out) {}

  void Number(std::uint32_t field, std::uint64_t value) {
    if (value == 0) return;
    Varint(field << 3);
    Varint(value);
  }
  void Text(std::uint32_t field, std::string_view value) {
    if (!value.empty()) Element(field, value);
  }
  // An element of a repeated field: also when empty.
  void Element(std::uint32_t field, std::string_view value) {
    Varint(field << 3 | 2);
    Varint(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }
  // A repeated number, packed as proto3 does; nothing for none.
  void Numbers(std::uint32_t field, std::span<const std::uint32_t> values) {
    if (values.empty()) return;
    Message(field, [&] {
      for (const std::uint32_t value : values) Varint(value);
    });
  }
  // A message that `write` writes; also when it has no fields.
  template <typename Write>
  void Message(std::uint32_t field, Write write) {
    Varint(field << 3 | 2);
    const std::size_t at = out_.size();
    out_.push_back(0);  // Most are under 128 bytes, of which one byte tells the length.
    write();
    std::size_t size = out_.size() - at - 1;
    std::uint8_t length[5];
    std::size_t count = 0;
    for (; size >= 0x80; size >>= 7) length[count++] = static_cast<std::uint8_t>(size | 0x80);
    length[count++] = static_cast<std::uint8_t>(size);
    out_[at] = length[0];
    if (count > 1) {
      out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(at) + 1, length + 1, length + count);
    }
  }

 private:
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  Bytes& out_;
};

}  // namespace equinode::wire
