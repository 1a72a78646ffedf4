// Count (draft section 7.4.1): one yes or no, summed.
#pragma once

#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is one value, 0 or 1. x * x - x is 0; no joint randomness.
template <typename F>
class Count final : public Valid<F> {
 public:
  Count();

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;
};

}  // namespace equinode::vdaf
