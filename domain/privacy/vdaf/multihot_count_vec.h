// MultihotCountVec (draft section 7.4.5): yes or no to several questions, at most so many yes.
#pragma once

#include "domain/privacy/vdaf/range_checked_int.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is `length` values of 0 or 1, at most `max_weight` of them 1. Encoded with their
// weight as digits, which must be their sum.
template <typename F>
class MultihotCountVec final : public Valid<F> {
 public:
  static Circuit<F> Make(std::size_t length, std::uint64_t max_weight, std::size_t chunk_length);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  MultihotCountVec(std::size_t length, std::uint64_t max_weight, std::size_t chunk_length);
  RangeCheckedInt<F> weight_;
  std::uint64_t max_weight_;
  std::size_t chunk_length_;
};

}  // namespace equinode::vdaf
