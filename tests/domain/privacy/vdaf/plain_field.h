// The fields by school arithmetic on integers: the oracle for the quick ones.
#pragma once

#include <array>
#include <cstdint>

#include "domain/privacy/vdaf/field128.h"
#include "domain/privacy/vdaf/field64.h"

namespace equinode::vdaf::plain {

__extension__ typedef unsigned __int128 Uint128;

template <typename F>
constexpr Uint128 kModulus = F::kEncodedSize == 8 ? (Uint128{1} << 64) - (Uint128{1} << 32) + 1
                                                  : Uint128{0} - (Uint128{28} << 64) + 1;

// Of reduced integers.
template <typename F>
Uint128 Add(Uint128 a, Uint128 b) {
  const Uint128 room = kModulus<F> - a;
  return b >= room ? b - room : a + b;
}
template <typename F>
Uint128 Negate(Uint128 a) {
  return a == 0 ? a : kModulus<F> - a;
}
template <typename F>
Uint128 Multiply(Uint128 a, Uint128 b) {
  Uint128 product = 0;
  for (int bit = 127; bit >= 0; --bit) {
    product = Add<F>(product, product);
    if ((b >> bit) & 1) product = Add<F>(product, a);
  }
  return product;
}

template <typename F>
F Element(Uint128 integer) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(integer >> (8 * i));
  }
  F element;
  (void)F::Decode(bytes.data(), element);
  return element;
}
template <typename F>
Uint128 Integer(F element) {
  std::array<std::uint8_t, F::kEncodedSize> bytes{};
  element.Encode(bytes.data());
  Uint128 integer = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) integer = integer << 8 | bytes[i];
  return integer;
}

}  // namespace equinode::vdaf::plain
