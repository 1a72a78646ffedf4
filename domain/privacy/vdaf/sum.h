// Sum (draft section 7.4.2): one number from 0 to a bound, summed.
#pragma once

#include "domain/privacy/vdaf/range_checked_int.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is one value. Each digit d has an output of its own, d * d - d; no joint
// randomness.
template <typename F>
class Sum final : public Valid<F> {
 public:
  static Circuit<F> Make(std::uint64_t max_measurement);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  explicit Sum(std::uint64_t max_measurement);
  RangeCheckedInt<F> value_;
};

}  // namespace equinode::vdaf
