#include "base/crypto/der.h"

#include <algorithm>

namespace equinode {

std::optional<ByteView> DerReader::Take(std::uint8_t tag) {
  if (!Next(tag) || rest_.size() < 2) return std::nullopt;
  std::size_t head = 2;
  std::size_t length = rest_[1];
  if (length >= 0x80) {
    const std::size_t count = length & 0x7f;  // 0 would be BER's indefinite length.
    if (count == 0 || count > 4 || rest_.size() < 2 + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8) | rest_[2 + i];
    const bool minimal = length >= 0x80 && (length >> (8 * (count - 1))) != 0;
    if (!minimal) return std::nullopt;
    head += count;
  }
  if (rest_.size() - head < length) return std::nullopt;
  const ByteView content = rest_.subspan(head, length);
  rest_ = rest_.subspan(head + length);
  return content;
}

bool DerReader::TakeExactly(ByteView element) {
  if (rest_.size() < element.size() || !std::ranges::equal(rest_.first(element.size()), element)) {
    return false;
  }
  rest_ = rest_.subspan(element.size());
  return true;
}

Bytes DerElement(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  Bytes element = {tag};
  if (size < 0x80) {
    element.push_back(static_cast<std::uint8_t>(size));
  } else {
    int count = 0;
    while (size >> (8 * count) != 0) ++count;
    element.push_back(static_cast<std::uint8_t>(0x80 | count));
    for (int i = count - 1; i >= 0; --i) {
      element.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
    }
  }
  for (const ByteView part : parts) element.insert(element.end(), part.begin(), part.end());
  return element;
}

}  // namespace equinode
