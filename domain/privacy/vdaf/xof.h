// XofTurboShake128 of draft-irtf-cfrg-vdaf-20 section 6.2.1.
#pragma once

#include <span>

#include "base/bytes.h"
#include "domain/privacy/vdaf/field_vec.h"
#include "domain/privacy/vdaf/turboshake.h"
#include "domain/privacy/vdaf/wiped.h"

namespace equinode::vdaf {

// A stream of bytes made of a seed, for one purpose (the tag) and one place (the binder).
class XofTurboShake128 {
 public:
  // `seed` is at most 255 bytes, `tag` at most 65,535.
  XofTurboShake128(ByteView seed, ByteView tag, ByteView binder);

  // More of the binder, as if it had been one piece. Not after the first Next.
  void Bind(ByteView more) { sponge_.Absorb(more); }

  void Next(std::span<std::uint8_t> out) { sponge_.Squeeze(out); }
  // Uniform elements: integers that are not below the modulus are left out.
  template <typename F>
  void NextVec(std::span<F> out);
  Seed NextSeed();

  static Seed DeriveSeed(ByteView seed, ByteView tag, ByteView binder);
  template <typename F>
  static FieldVec<F> ExpandIntoVec(ByteView seed, ByteView tag, ByteView binder,
                                   std::size_t length);

 private:
  TurboShake128 sponge_{1};
};

}  // namespace equinode::vdaf
