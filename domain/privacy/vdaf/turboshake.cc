#include "domain/privacy/vdaf/turboshake.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/secret.h"

namespace equinode::vdaf {
namespace {

static_assert(std::endian::native == std::endian::little, "lanes are read as they lie in memory");

std::uint8_t* BytesOf(std::array<std::uint64_t, 25>& lanes) {
  return reinterpret_cast<std::uint8_t*>(lanes.data());
}

// XORs a whole block into the lanes.
void XorBlock(std::array<std::uint64_t, 25>& lanes, const std::uint8_t* block) {
  for (std::size_t i = 0; i < TurboShake128::kRate / 8; ++i) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, block + 8 * i, 8);
    lanes[i] ^= lane;
  }
}

}  // namespace

TurboShake128::~TurboShake128() { Zeroise({BytesOf(lanes_), sizeof(lanes_)}); }

void TurboShake128::Absorb(ByteView message) {
  assert(!squeezing_);
  while (!message.empty()) {
    if (at_ == 0 && message.size() >= kRate) {
      XorBlock(lanes_, message.data());
      KeccakP12(lanes_);
      message = message.subspan(kRate);
      continue;
    }
    const std::size_t count = std::min(kRate - at_, message.size());
    for (std::size_t i = 0; i < count; ++i) BytesOf(lanes_)[at_ + i] ^= message[i];
    message = message.subspan(count);
    at_ += count;
    if (at_ == kRate) {
      KeccakP12(lanes_);
      at_ = 0;
    }
  }
}

void TurboShake128::Squeeze(std::span<std::uint8_t> out) {
  if (!squeezing_) {
    BytesOf(lanes_)[at_] ^= domain_;
    BytesOf(lanes_)[kRate - 1] ^= 0x80;
    squeezing_ = true;
    at_ = kRate;
  }
  while (!out.empty()) {
    if (at_ == kRate) {
      KeccakP12(lanes_);
      at_ = 0;
    }
    const std::size_t count = std::min(kRate - at_, out.size());
    std::memcpy(out.data(), BytesOf(lanes_) + at_, count);
    out = out.subspan(count);
    at_ += count;
  }
}

}  // namespace equinode::vdaf
