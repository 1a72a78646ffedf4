// Field128 of draft-irtf-cfrg-vdaf-20 section 6.1: the integers modulo 2^128 - 28 * 2^64 + 1.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace equinode::vdaf {

// Held in Montgomery's form (times 2^128), always reduced. The modulus is 1 modulo 2^64, so that
// the factor of a reduction step is the negated low limb and half of its product is free.
// Arithmetic takes the same time whatever the values: masks, no branches.
class Field128 {
 public:
  static constexpr std::size_t kEncodedSize = 16;
  // The multiplicative group has a subgroup of 2^kGenOrderLog2 elements; Generator() spans it.
  static constexpr int kGenOrderLog2 = 66;

  constexpr Field128() = default;
  constexpr explicit Field128(std::uint64_t value) : Field128(ToMontgomery(value, 0)) {}

  friend constexpr Field128 operator+(Field128 a, Field128 b) {
    const Uint128 low = Uint128{a.low_} + b.low_;
    const Uint128 high = Uint128{a.high_} + b.high_ + Top(low);
    return Reduced(Low(low), Low(high), Top(high));
  }
  friend constexpr Field128 operator-(Field128 a, Field128 b) {
    const Uint128 low = Uint128{a.low_} - b.low_;
    const Uint128 high = Uint128{a.high_} - b.high_ - (Top(low) & 1);
    // The modulus back when that went below zero.
    const std::uint64_t below = Top(high);
    const Uint128 mended = Uint128{Low(low)} + (below & kModulusLow);
    return Raw(Low(mended), Low(high) + (below & kModulusHigh) + Top(mended));
  }
  constexpr Field128 operator-() const { return Field128() - *this; }
  friend constexpr Field128 operator*(Field128 a, Field128 b) {
    Wide wide{};
    wide.AddProduct(a, b);
    return wide.Reduce();
  }
  Field128& operator+=(Field128 b) { return *this = *this + b; }
  Field128& operator-=(Field128 b) { return *this = *this - b; }
  constexpr Field128& operator*=(Field128 b) { return *this = *this * b; }
  friend constexpr bool operator==(Field128 a, Field128 b) {
    return ((a.low_ ^ b.low_) | (a.high_ ^ b.high_)) == 0;
  }

  // The time depends on the exponent, which is public.
  constexpr Field128 Pow(std::uint64_t exponent) const {
    Field128 power(1);
    for (int bit = 63; bit >= 0; --bit) {
      power *= power;
      if ((exponent >> bit) & 1) power *= *this;
    }
    return power;
  }
  // By Fermat; of 0 it is 0.
  constexpr Field128 Inverse() const {
    // p - 2 = (2^64 - 29) * 2^64 + (2^64 - 1)
    Field128 high = Pow(kModulusHigh - 1);
    for (int i = 0; i < 64; ++i) high *= high;
    return high * Pow(~std::uint64_t{0});
  }

  // 7^((p - 1) / 2^66)
  static constexpr Field128 Generator() { return Field128(7).Pow(4611686018427387897); }

  // Little-endian. False when the integer is not below the modulus.
  static bool Decode(const std::uint8_t* from, Field128& to) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, from, 8);
    std::memcpy(&high, from + 8, 8);
    const Field128 reduced = Reduced(low, high, 0);
    to = ToMontgomery(reduced.low_, reduced.high_);
    return (std::uint64_t{high < kModulusHigh} |
            (std::uint64_t{high == kModulusHigh} & std::uint64_t{low < kModulusLow})) != 0;
  }
  void Encode(std::uint8_t* to) const {
    const Field128 plain = FromMontgomery();
    std::memcpy(to, &plain.low_, 8);
    std::memcpy(to + 8, &plain.high_, 8);
  }

  // The integer that stands for the element; false when it is not below 2^64.
  bool ToUint64(std::uint64_t& to) const {
    const Field128 plain = FromMontgomery();
    to = plain.low_;
    return plain.high_ == 0;
  }

  // Whether the sum of `count` integers of up to `each` stays below the modulus; for so few of them
  // that their product has 127 bits.
  static constexpr bool Holds(std::uint64_t count, std::uint64_t) { return count >> 63 == 0; }

  class Accumulator;

 private:
  __extension__ typedef unsigned __int128 Uint128;
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::uint64_t kModulusLow = 1;
  static constexpr std::uint64_t kModulusHigh = ~std::uint64_t{0} - 27;

  static constexpr std::uint64_t Low(Uint128 value) { return static_cast<std::uint64_t>(value); }
  static constexpr std::uint64_t Top(Uint128 value) {
    return static_cast<std::uint64_t>(value >> 64);
  }
  static constexpr Field128 Raw(std::uint64_t low, std::uint64_t high) {
    Field128 element;
    element.low_ = low;
    element.high_ = high;
    return element;
  }
  // Of carry * 2^128 + high * 2^64 + low, below twice the modulus.
  static constexpr Field128 Reduced(std::uint64_t low, std::uint64_t high, std::uint64_t carry) {
    const Uint128 less_low = Uint128{low} - kModulusLow;
    const Uint128 less_high = Uint128{high} - kModulusHigh - (Top(less_low) & 1);
    // All ones when the modulus is the greater, that is when there is a borrow and no carry for it.
    const std::uint64_t keep = Top(less_high) & (carry - 1);
    return Raw((low & keep) | (Low(less_low) & ~keep), (high & keep) | (Low(less_high) & ~keep));
  }
  // Times 2^128: the product with 2^256 modulo the modulus.
  static constexpr Field128 ToMontgomery(std::uint64_t low, std::uint64_t high) {
    return Raw(low, high) * Raw(0xfffffffffffffcf1, 0x5587);
  }
  constexpr Field128 FromMontgomery() const { return *this * Raw(1, 0); }

  // A sum of products, not yet reduced.
  struct Wide {
    std::uint64_t limb[5] = {};

    constexpr void AddProduct(Field128 a, Field128 b) {
      const Uint128 p00 = Uint128{a.low_} * b.low_;
      const Uint128 p01 = Uint128{a.low_} * b.high_;
      const Uint128 p10 = Uint128{a.high_} * b.low_;
      const Uint128 p11 = Uint128{a.high_} * b.high_;
      const Uint128 middle = Uint128{Top(p00)} + Low(p01) + Low(p10);
      const Uint128 upper = Uint128{Top(p01)} + Top(p10) + Top(middle) + p11;
      Uint128 sum = Uint128{limb[0]} + Low(p00);
      limb[0] = Low(sum);
      sum = Uint128{limb[1]} + Low(middle) + Top(sum);
      limb[1] = Low(sum);
      sum = Uint128{limb[2]} + Low(upper) + Top(sum);
      limb[2] = Low(sum);
      sum = Uint128{limb[3]} + Top(upper) + Top(sum);
      limb[3] = Low(sum);
      limb[4] += Top(sum);
    }
    // Divided by 2^128, modulo the modulus: reduced when the sum is a single product, else only
    // below 2^128. limb[4] is 0.
    constexpr Field128 Reduce() const {
      // Twice: add the multiple of the modulus that clears the lowest limb, then drop that limb.
      const std::uint64_t m0 = std::uint64_t{0} - limb[0];
      const Uint128 q0 = Uint128{m0} * kModulusHigh;
      Uint128 sum = Uint128{limb[1]} + Low(q0) + std::uint64_t{limb[0] != 0};
      const std::uint64_t r1 = Low(sum);
      sum = Uint128{limb[2]} + Top(q0) + Top(sum);
      const std::uint64_t r2 = Low(sum);
      sum = Uint128{limb[3]} + Top(sum);
      const std::uint64_t r3 = Low(sum);
      const std::uint64_t r4 = Top(sum);
      const std::uint64_t m1 = std::uint64_t{0} - r1;
      const Uint128 q1 = Uint128{m1} * kModulusHigh;
      sum = Uint128{r2} + Low(q1) + std::uint64_t{r1 != 0};
      const std::uint64_t low = Low(sum);
      sum = Uint128{r3} + Top(q1) + Top(sum);
      return Reduced(low, Low(sum), r4 + Top(sum));
    }
  };

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

// Sums of products, up to 2^58 of them, reduced once.
class Field128::Accumulator {
 public:
  void AddProduct(Field128 a, Field128 b) { wide_.AddProduct(a, b); }
  Field128 Sum() const {
    Wide low = wide_;
    low.limb[4] = 0;
    const Field128 once = low.Reduce();
    // What stands above 2^256, divided by 2^128: so many times 28 * 2^64 - 1.
    const Uint128 above = (Uint128{wide_.limb[4] * 28} << 64) - wide_.limb[4];
    return Reduced(once.low_, once.high_, 0) + Raw(Low(above), Top(above));
  }

 private:
  Wide wide_{};
};

}  // namespace equinode::vdaf
