// Addition and subtraction with a carry, which C++ has no word for.
#pragma once

#include <cstdint>
#include <type_traits>

namespace equinode::vdaf {

// a + b + carry, a - b - carry; the new carry is 0 or 1, as the old one was. By the instruction
// where there is one: GCC makes twice as long code of what it would stand for.
constexpr std::uint64_t AddCarry(std::uint64_t a, std::uint64_t b, std::uint8_t& carry) {
#if defined(__x86_64__) && !defined(__clang__)
  if (!std::is_constant_evaluated()) {
    unsigned long long sum = 0;  // NOLINT: the builtin's type
    carry = __builtin_ia32_addcarryx_u64(carry, a, b, &sum);
    return sum;
  }
#endif
  __extension__ typedef unsigned __int128 Uint128;
  const Uint128 sum = Uint128{a} + b + carry;
  carry = static_cast<std::uint8_t>(sum >> 64);
  return static_cast<std::uint64_t>(sum);
}

constexpr std::uint64_t SubtractCarry(std::uint64_t a, std::uint64_t b, std::uint8_t& carry) {
#if defined(__x86_64__) && !defined(__clang__)
  if (!std::is_constant_evaluated()) {
    unsigned long long difference = 0;  // NOLINT: the builtin's type
    carry = __builtin_ia32_sbb_u64(carry, a, b, &difference);
    return difference;
  }
#endif
  __extension__ typedef unsigned __int128 Uint128;
  const Uint128 difference = Uint128{a} - b - carry;
  carry = static_cast<std::uint8_t>((difference >> 64) & 1);
  return static_cast<std::uint64_t>(difference);
}

}  // namespace equinode::vdaf
