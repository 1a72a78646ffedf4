// Whole numbers from 0 to a bound as digits of 0 and 1 (draft section 7.4.2, Sum).
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The digits weigh 1, 2, 4, ... but the last, whose weight makes all of them together `max`: so no
// digits stand for a number above it, and each number up to it has at least one form.
template <typename F>
class RangeCheckedInt {
 public:
  // `max` is at least 1.
  explicit RangeCheckedInt(std::uint64_t max)
      : digits_(static_cast<std::size_t>(std::bit_width(max))),
        rest_((std::uint64_t{1} << (digits_ - 1)) - 1),
        last_weight_(max - rest_),
        last_weight_element_(last_weight_) {}

  // INVALID_ARGUMENT when the field is too small (the draft: 2 to the power of digits is below p).
  static Status CheckBound(const char* name, std::uint64_t max) {
    constexpr int kBits = std::min<int>(F::kEncodedSize * 8 - 1, 64);
    return CheckParameter(name, max, ~std::uint64_t{0} >> (64 - kBits));
  }

  std::size_t digits() const { return digits_; }
  // `value` is at most the bound, `to` has digits() elements. No branch looks at the value.
  void Encode(std::uint64_t value, std::span<F> to) const {
    const std::uint64_t above = std::uint64_t{0} - std::uint64_t{value > rest_};
    const std::uint64_t low = value - (last_weight_ & above);
    for (std::size_t i = 0; i + 1 < digits_; ++i) to[i] = F((low >> i) & 1);
    to[digits_ - 1] = F(above & 1);
  }
  F Decode(std::span<const F> digits) const {
    F value;
    for (std::size_t i = digits_ - 1; i-- > 0;) value = value + value + digits[i];
    return value + digits[digits_ - 1] * last_weight_element_;
  }

 private:
  std::size_t digits_;
  std::uint64_t rest_;  // What all digits but the last weigh together.
  std::uint64_t last_weight_;
  F last_weight_element_;
};

}  // namespace equinode::vdaf
