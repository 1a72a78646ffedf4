// L1BoundSum (draft-ietf-ppm-l1-bound-sum-01): numbers whose sum has a bound, each summed.
#pragma once

#include "domain/privacy/vdaf/digit_vector.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is `length` values that add up to at most `max_value`. Encoded with their sum
// behind them, all as digits of the same bound.
template <typename F>
class L1BoundSum final : public Valid<F> {
 public:
  static Circuit<F> Make(std::size_t length, std::uint64_t max_value, std::size_t chunk_length);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  L1BoundSum(const DigitVector<F>& values_and_norm, std::uint64_t max_value,
             std::size_t chunk_length);
  DigitVector<F> values_and_norm_;
  std::size_t chunk_length_;
};

}  // namespace equinode::vdaf
