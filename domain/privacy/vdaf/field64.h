// Field64 of draft-irtf-cfrg-vdaf-20 section 6.1: the integers modulo 2^64 - 2^32 + 1.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace equinode::vdaf {

// Always reduced. Arithmetic takes the same time whatever the values: masks, no branches. The
// modulus is sparse, so that folding the high half of a product is quicker than Montgomery's form.
class Field64 {
 public:
  static constexpr std::uint64_t kModulus = 0xffffffff00000001;
  static constexpr std::size_t kEncodedSize = 8;
  // The multiplicative group has a subgroup of 2^kGenOrderLog2 elements; Generator() spans it.
  static constexpr int kGenOrderLog2 = 32;

  constexpr Field64() = default;
  // `value` modulo the modulus.
  constexpr explicit Field64(std::uint64_t value) : value_(Reduce(value)) {}

  friend constexpr Field64 operator+(Field64 a, Field64 b) {
    // a - (p - b), and p back when that went below zero.
    const std::uint64_t c = kModulus - b.value_;
    const std::uint64_t below = MaskIf(a.value_ < c);
    return Raw(a.value_ - c + (kModulus & below));
  }
  friend constexpr Field64 operator-(Field64 a, Field64 b) {
    const std::uint64_t below = MaskIf(a.value_ < b.value_);
    return Raw(a.value_ - b.value_ + (kModulus & below));
  }
  constexpr Field64 operator-() const { return Field64() - *this; }
  friend constexpr Field64 operator*(Field64 a, Field64 b) {
    const Uint128 product = Uint128{a.value_} * b.value_;
    const auto low = static_cast<std::uint64_t>(product);
    const auto high = static_cast<std::uint64_t>(product >> 64);
    // 2^96 = -1 and 2^64 = 2^32 - 1 modulo p.
    const std::uint64_t top = high >> 32;
    std::uint64_t sum = low - top - (kEpsilon & MaskIf(low < top));
    const std::uint64_t middle = (high & kEpsilon) * kEpsilon;
    sum += middle;
    sum += kEpsilon & MaskIf(sum < middle);
    return Raw(Reduce(sum));
  }
  Field64& operator+=(Field64 b) { return *this = *this + b; }
  Field64& operator-=(Field64 b) { return *this = *this - b; }
  constexpr Field64& operator*=(Field64 b) { return *this = *this * b; }
  friend constexpr bool operator==(Field64 a, Field64 b) { return (a.value_ ^ b.value_) == 0; }

  // The time depends on the exponent, which is public.
  constexpr Field64 Pow(std::uint64_t exponent) const {
    Field64 power(1);
    for (int bit = 63; bit >= 0; --bit) {
      power *= power;
      if ((exponent >> bit) & 1) power *= *this;
    }
    return power;
  }
  // By Fermat; of 0 it is 0.
  constexpr Field64 Inverse() const { return Pow(kModulus - 2); }

  static constexpr Field64 Generator() { return Field64(7).Pow((kModulus - 1) >> kGenOrderLog2); }

  // Little-endian. False when the integer is not below the modulus.
  static bool Decode(const std::uint8_t* from, Field64& to) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof(value));
    to = Raw(Reduce(value));
    return value < kModulus;
  }
  void Encode(std::uint8_t* to) const { std::memcpy(to, &value_, sizeof(value_)); }

  // The integer that stands for the element, when it is below 2^64: always.
  bool ToUint64(std::uint64_t& to) const {
    to = value_;
    return true;
  }

  // Whether the sum of `count` integers of up to `each` stays below the modulus.
  static constexpr bool Holds(std::uint64_t count, std::uint64_t each) {
    return each == 0 || count <= (kModulus - 1) / each;
  }

  class Accumulator;

 private:
  __extension__ typedef unsigned __int128 Uint128;
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::uint64_t kEpsilon = 0xffffffff;

  static constexpr std::uint64_t MaskIf(bool condition) {
    return std::uint64_t{0} - std::uint64_t{condition};
  }
  static constexpr std::uint64_t Reduce(std::uint64_t value) {
    return value - (kModulus & MaskIf(value >= kModulus));
  }
  static constexpr Field64 Raw(std::uint64_t value) {
    Field64 element;
    element.value_ = value;
    return element;
  }

  std::uint64_t value_ = 0;
};

// Sums of products.
class Field64::Accumulator {
 public:
  void AddProduct(Field64 a, Field64 b) { sum_ += a * b; }
  Field64 Sum() const { return sum_; }

 private:
  Field64 sum_{};
};

}  // namespace equinode::vdaf
