// SumVec (draft section 7.4.3): numbers from 0 to a bound, each summed.
#pragma once

#include "domain/privacy/vdaf/digit_vector.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is `length` values of at most `max_measurement`.
template <typename F>
class SumVec final : public Valid<F> {
 public:
  static Circuit<F> Make(std::size_t length, std::uint64_t max_measurement,
                         std::size_t chunk_length);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  SumVec(const DigitVector<F>& values, std::uint64_t max_measurement, std::size_t chunk_length);
  DigitVector<F> values_;
  std::size_t chunk_length_;
};

}  // namespace equinode::vdaf
