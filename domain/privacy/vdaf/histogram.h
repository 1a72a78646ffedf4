// Histogram (draft section 7.4.4): one bucket of several, counted.
#pragma once

#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The measurement is one value, the bucket's number from 0 to `length` - 1. All elements are bits
// and their sum is 1.
template <typename F>
class Histogram final : public Valid<F> {
 public:
  static Circuit<F> Make(std::size_t length, std::size_t chunk_length);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  Histogram(std::size_t length, std::size_t chunk_length);
  std::size_t chunk_length_;
};

}  // namespace equinode::vdaf
