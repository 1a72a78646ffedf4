#include "domain/privacy/vdaf/xof.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace equinode::vdaf {

XofTurboShake128::XofTurboShake128(ByteView seed, ByteView tag, ByteView binder) {
  assert(seed.size() <= 0xff && tag.size() <= 0xffff);
  const std::array<std::uint8_t, 2> tag_size = {static_cast<std::uint8_t>(tag.size() & 0xff),
                                                static_cast<std::uint8_t>(tag.size() >> 8)};
  const std::array<std::uint8_t, 1> seed_size = {static_cast<std::uint8_t>(seed.size())};
  sponge_.Absorb(tag_size);
  sponge_.Absorb(tag);
  sponge_.Absorb(seed_size);
  sponge_.Absorb(seed);
  sponge_.Absorb(binder);
}

template <typename F>
void XofTurboShake128::NextVec(std::span<F> out) {
  // Whole elements in whole blocks: two of Field128, one of Field64.
  constexpr std::size_t kPiece = 2 * TurboShake128::kRate;
  static_assert(kPiece % F::kEncodedSize == 0);
  std::array<std::uint8_t, kPiece> piece;
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::size_t wanted = std::min(kPiece, (out.size() - filled) * F::kEncodedSize);
    Next({piece.data(), wanted});
    for (std::size_t at = 0; at < wanted; at += F::kEncodedSize) {
      // A draw that is left out is overwritten by the next one.
      if (F::Decode(piece.data() + at, out[filled])) ++filled;
    }
  }
  Zeroise(piece);
}

Seed XofTurboShake128::NextSeed() {
  Seed seed;
  Next(seed.mutable_view());
  return seed;
}

Seed XofTurboShake128::DeriveSeed(ByteView seed, ByteView tag, ByteView binder) {
  return XofTurboShake128(seed, tag, binder).NextSeed();
}

template <typename F>
FieldVec<F> XofTurboShake128::ExpandIntoVec(ByteView seed, ByteView tag, ByteView binder,
                                            std::size_t length) {
  FieldVec<F> elements(length);
  XofTurboShake128(seed, tag, binder).NextVec(std::span<F>(elements));
  return elements;
}

template void XofTurboShake128::NextVec(std::span<Field64>);
template void XofTurboShake128::NextVec(std::span<Field128>);
template FieldVec<Field64> XofTurboShake128::ExpandIntoVec(ByteView, ByteView, ByteView,
                                                           std::size_t);
template FieldVec<Field128> XofTurboShake128::ExpandIntoVec(ByteView, ByteView, ByteView,
                                                            std::size_t);

}  // namespace equinode::vdaf
