// Keccak-p[1600, 12], FIPS 202 section 3. Theta, rho, pi, chi and iota of a round in one pass over
// 25 local words: 24 memory words would cost more than the arithmetic.
#include <bit>

#include "domain/privacy/vdaf/turboshake.h"

namespace equinode::vdaf {
namespace {

constexpr std::array<std::uint64_t, 12> kRoundConstants = {
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

using Lanes = std::array<std::uint64_t, 25>;

// One row of pi's output: five lanes of `from`, theta's `d` added, turned by rho, then chi.
template <int kX0, int kR0, int kX1, int kR1, int kX2, int kR2, int kX3, int kR3, int kX4, int kR4>
[[gnu::always_inline]] inline void Row(const Lanes& from, const std::array<std::uint64_t, 5>& d,
                                       std::uint64_t* to) {
  const std::uint64_t b0 = std::rotl(from[kX0] ^ d[kX0 % 5], kR0);
  const std::uint64_t b1 = std::rotl(from[kX1] ^ d[kX1 % 5], kR1);
  const std::uint64_t b2 = std::rotl(from[kX2] ^ d[kX2 % 5], kR2);
  const std::uint64_t b3 = std::rotl(from[kX3] ^ d[kX3 % 5], kR3);
  const std::uint64_t b4 = std::rotl(from[kX4] ^ d[kX4 % 5], kR4);
  to[0] = b0 ^ (~b1 & b2);
  to[1] = b1 ^ (~b2 & b3);
  to[2] = b2 ^ (~b3 & b4);
  to[3] = b3 ^ (~b4 & b0);
  to[4] = b4 ^ (~b0 & b1);
}

[[gnu::always_inline]] inline void Round(const Lanes& from, Lanes& to, std::uint64_t constant) {
  // Written out: GCC keeps a loop, and then everything in memory.
  const std::array<std::uint64_t, 5> c = {from[0] ^ from[5] ^ from[10] ^ from[15] ^ from[20],
                                          from[1] ^ from[6] ^ from[11] ^ from[16] ^ from[21],
                                          from[2] ^ from[7] ^ from[12] ^ from[17] ^ from[22],
                                          from[3] ^ from[8] ^ from[13] ^ from[18] ^ from[23],
                                          from[4] ^ from[9] ^ from[14] ^ from[19] ^ from[24]};
  const std::array<std::uint64_t, 5> d = {c[4] ^ std::rotl(c[1], 1), c[0] ^ std::rotl(c[2], 1),
                                          c[1] ^ std::rotl(c[3], 1), c[2] ^ std::rotl(c[4], 1),
                                          c[3] ^ std::rotl(c[0], 1)};
  Row<0, 0, 6, 44, 12, 43, 18, 21, 24, 14>(from, d, &to[0]);
  Row<3, 28, 9, 20, 10, 3, 16, 45, 22, 61>(from, d, &to[5]);
  Row<1, 1, 7, 6, 13, 25, 19, 8, 20, 18>(from, d, &to[10]);
  Row<4, 27, 5, 36, 11, 10, 17, 15, 23, 56>(from, d, &to[15]);
  Row<2, 62, 8, 55, 14, 39, 15, 41, 21, 2>(from, d, &to[20]);
  to[0] ^= constant;
}

}  // namespace

void KeccakP12(Lanes& lanes) {
  Lanes other;
#pragma GCC unroll 6
  for (std::size_t i = 0; i < kRoundConstants.size(); i += 2) {
    Round(lanes, other, kRoundConstants[i]);
    Round(other, lanes, kRoundConstants[i + 1]);
  }
}

}  // namespace equinode::vdaf
