// PanelSum: our own circuit, SumVec whose numbers must also keep public sums. A practice's tables
// then add up to its panel and agree with each other, so that it can only move its own people from
// cell to cell. Outputs are affine: no gadget and no byte more than SumVec, and the soundness is
// the draft's, less one more random reduction.
#pragma once

#include <vector>

#include "domain/privacy/vdaf/digit_vector.h"
#include "domain/privacy/vdaf/valid.h"

namespace equinode::vdaf {

// The values at `plus` less those at `minus` are `total`. A place named twice counts twice.
struct SumConstraint {
  std::vector<std::size_t> plus{};
  std::vector<std::size_t> minus{};
  std::uint64_t total = 0;
};

// The measurement is `length` values of at most `max_measurement` that keep every constraint. The
// constraints are no part of the proof: the context must bind them.
template <typename F>
class PanelSum final : public Valid<F> {
 public:
  static Circuit<F> Make(std::size_t length, std::uint64_t max_measurement,
                         std::size_t chunk_length, std::vector<SumConstraint> constraints);

  Status Check(Measurement measurement) const override;
  void Encode(Measurement measurement, std::span<F> encoded) const override;
  void Truncate(std::span<const F> meas, std::span<F> output) const override;
  void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
            GadgetCalls<F>& gadget, std::span<F> outputs) const override;

 private:
  PanelSum(const DigitVector<F>& values, std::uint64_t max_measurement, std::size_t chunk_length,
           std::vector<SumConstraint> constraints);
  DigitVector<F> values_;
  std::size_t chunk_length_;
  std::vector<SumConstraint> constraints_;
};

}  // namespace equinode::vdaf
