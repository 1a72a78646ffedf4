// TurboSHAKE128 (RFC 9861): the sponge of SHAKE128 over 12 rounds of Keccak-p[1600].
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace equinode::vdaf {

// Absorb any number of pieces, then squeeze any number of pieces: only the whole counts. The state
// is overwritten in the end. Time depends on lengths only.
class TurboShake128 {
 public:
  static constexpr std::size_t kRate = 168;

  // The domain separation byte D, 0x01 to 0x7f.
  explicit TurboShake128(std::uint8_t domain) : domain_(domain) {}
  TurboShake128(const TurboShake128&) = default;
  TurboShake128& operator=(const TurboShake128&) = default;
  ~TurboShake128();

  // Not after the first Squeeze.
  void Absorb(ByteView message);
  void Squeeze(std::span<std::uint8_t> out);

 private:
  std::array<std::uint64_t, 25> lanes_{};
  std::size_t at_ = 0;  // Of the rate: absorbed into the block, or squeezed out of it.
  std::uint8_t domain_;
  bool squeezing_ = false;
};

// The permutation of FIPS 202, its last 12 rounds.
void KeccakP12(std::array<std::uint64_t, 25>& lanes);

}  // namespace equinode::vdaf
