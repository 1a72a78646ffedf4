// Field128 of draft-irtf-cfrg-vdaf-20 section 6.1: the integers modulo 2^128 - 28 * 2^64 + 1.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "domain/privacy/vdaf/carry.h"

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
    std::uint8_t carry = 0;
    const std::uint64_t low = AddCarry(a.low_, b.low_, carry);
    const std::uint64_t high = AddCarry(a.high_, b.high_, carry);
    return Reduced(low, high, carry);
  }
  friend constexpr Field128 operator-(Field128 a, Field128 b) {
    std::uint8_t carry = 0;
    const std::uint64_t low = SubtractCarry(a.low_, b.low_, carry);
    const std::uint64_t high = SubtractCarry(a.high_, b.high_, carry);
    // The modulus back when that went below zero.
    const std::uint64_t below = SubtractCarry(0, 0, carry);
    carry = 0;
    const std::uint64_t mended = AddCarry(low, below & kModulusLow, carry);
    return Raw(mended, AddCarry(high, below & kModulusHigh, carry));
  }
  constexpr Field128 operator-() const { return Field128() - *this; }
  friend constexpr Field128 operator*(Field128 a, Field128 b) {
    // A limb of a at a time, each with a step of reduction.
    Three sum = Three::Product(a.low_, b);
    sum.Reduce();
    sum.Add(Three::Product(a.high_, b));
    sum.Reduce();
    return Reduced(sum.limb[0], sum.limb[1], static_cast<std::uint8_t>(sum.limb[2]));
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
  static constexpr Field128 Reduced(std::uint64_t low, std::uint64_t high, std::uint8_t carry) {
    std::uint8_t borrow = 0;
    const std::uint64_t less_low = SubtractCarry(low, kModulusLow, borrow);
    const std::uint64_t less_high = SubtractCarry(high, kModulusHigh, borrow);
    // All ones when the modulus is the greater: a borrow, and no carry to take it from.
    const std::uint64_t keep = SubtractCarry(carry, 0, borrow);
    return Raw(less_low ^ (keep & (less_low ^ low)), less_high ^ (keep & (less_high ^ high)));
  }
  // Times 2^128: the product with 2^256 modulo the modulus.
  static constexpr Field128 ToMontgomery(std::uint64_t low, std::uint64_t high) {
    return Raw(low, high) * Raw(0xfffffffffffffcf1, 0x5587);
  }
  constexpr Field128 FromMontgomery() const { return *this * Raw(1, 0); }

  // Three limbs of a sum that is being reduced.
  struct Three {
    std::uint64_t limb[3] = {};

    static constexpr Three Product(std::uint64_t a, Field128 b) {
      const Uint128 low = Uint128{a} * b.low_;
      const Uint128 high = Uint128{a} * b.high_;
      std::uint8_t carry = 0;
      const std::uint64_t middle = AddCarry(Top(low), Low(high), carry);
      return {{Low(low), middle, AddCarry(Top(high), 0, carry)}};
    }
    // The sum is below 2^192.
    constexpr void Add(const Three& more) {
      std::uint8_t carry = 0;
      limb[0] = AddCarry(limb[0], more.limb[0], carry);
      limb[1] = AddCarry(limb[1], more.limb[1], carry);
      limb[2] = AddCarry(limb[2], more.limb[2], carry);
    }
    // Adds the multiple of the modulus that clears the lowest limb, then drops that limb.
    constexpr void Reduce() {
      const std::uint64_t multiple = std::uint64_t{0} - limb[0];
      const Uint128 product = Uint128{multiple} * kModulusHigh;
      std::uint8_t carry = 0;
      (void)AddCarry(limb[0], multiple, carry);
      limb[0] = AddCarry(limb[1], Low(product), carry);
      limb[1] = AddCarry(limb[2], Top(product), carry);
      limb[2] = carry;
    }
  };

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

// Sums of products, up to 2^58 of them, reduced once.
class Field128::Accumulator {
 public:
  void AddProduct(Field128 a, Field128 b) {
    const Three low = Three::Product(a.low_, b);
    const Three high = Three::Product(a.high_, b);
    std::uint8_t carry = 0;
    const std::uint64_t second = AddCarry(low.limb[1], high.limb[0], carry);
    const std::uint64_t third = AddCarry(low.limb[2], high.limb[1], carry);
    const std::uint64_t fourth = AddCarry(high.limb[2], 0, carry);
    carry = 0;
    limb_[0] = AddCarry(limb_[0], low.limb[0], carry);
    limb_[1] = AddCarry(limb_[1], second, carry);
    limb_[2] = AddCarry(limb_[2], third, carry);
    limb_[3] = AddCarry(limb_[3], fourth, carry);
    limb_[4] = AddCarry(limb_[4], 0, carry);
  }
  // The sum divided by 2^128, modulo the modulus.
  Field128 Sum() const {
    // What the two lowest limbs leave of themselves is at most the modulus.
    Three low{{limb_[0], limb_[1], 0}};
    low.Reduce();
    low.Reduce();
    Field128 sum = Reduced(low.limb[0], low.limb[1], static_cast<std::uint8_t>(low.limb[2]));
    sum = sum + Reduced(limb_[2], limb_[3], 0);
    // What stands above 2^256: so many times 2^128, which is 28 * 2^64 - 1.
    const Uint128 above = (Uint128{limb_[4] * 28} << 64) - limb_[4];
    return sum + Raw(Low(above), Top(above));
  }

 private:
  std::uint64_t limb_[5] = {};
};

}  // namespace equinode::vdaf
