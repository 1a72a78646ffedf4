// Vectors of whole numbers, each from 0 to one bound, as digits: what SumVec, L1BoundSum and
// PanelSum share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "domain/privacy/vdaf/range_checked_int.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

template <typename F>
class DigitVector {
 public:
  DigitVector(std::size_t length, std::uint64_t max) : length_(length), value_(max) {}

  // INVALID_ARGUMENT when there would be more digits than a measurement may have.
  static Status CheckSize(std::size_t length, std::uint64_t max) {
    return CheckParameter("length", length,
                          kMaxMeasurementLength / RangeCheckedInt<F>(max).digits());
  }

  std::size_t length() const { return length_; }
  std::size_t digits() const { return length_ * value_.digits(); }
  // `values` are length() long and at most the bound, `to` has digits() elements.
  void Encode(Measurement values, std::span<F> to) const {
    for (std::size_t i = 0; i < length_; ++i) {
      value_.Encode(values[i], to.subspan(i * value_.digits(), value_.digits()));
    }
  }
  // The first `to.size()` numbers.
  void Decode(std::span<const F> digits, std::span<F> to) const {
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = value_.Decode(digits.subspan(i * value_.digits(), value_.digits()));
    }
  }

 private:
  std::size_t length_;
  RangeCheckedInt<F> value_;
};

}  // namespace equinode::vdaf
