#include "domain/privacy/vdaf/panel_sum.h"

#include <string>
#include <utility>

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {
namespace {

__extension__ typedef __int128 Int128;

Lengths LengthsOf(std::size_t digits, std::size_t length, std::size_t chunk_length,
                  std::size_t constraints) {
  const std::size_t chunks = ChunkCount(digits, chunk_length);
  return {.meas_len = digits,
          .joint_rand_len = chunks,
          .output_len = length,
          .eval_output_len = 1 + constraints,
          .gadget_calls = chunks};
}

Status CheckConstraint(const SumConstraint& constraint, std::size_t number, std::size_t length) {
  for (const std::vector<std::size_t>* side : {&constraint.plus, &constraint.minus}) {
    for (const std::size_t index : *side) {
      if (index < length) continue;
      return Error{Code::kInvalidArgument, "VDAF_PARAMETER",
                   "constraint " + std::to_string(number) + " names value " +
                       std::to_string(index) + " of " + std::to_string(length)};
    }
  }
  return Ok();
}

}  // namespace

template <typename F>
PanelSum<F>::PanelSum(const DigitVector<F>& values, std::uint64_t max_measurement,
                      std::size_t chunk_length, std::vector<SumConstraint> constraints)
    : Valid<F>(LengthsOf(values.digits(), values.length(), chunk_length, constraints.size()),
               max_measurement, std::make_unique<ParallelSum<F>>(chunk_length)),
      values_(values),
      chunk_length_(chunk_length),
      constraints_(std::move(constraints)) {}

template <typename F>
Circuit<F> PanelSum<F>::Make(std::size_t length, std::uint64_t max_measurement,
                             std::size_t chunk_length, std::vector<SumConstraint> constraints) {
  EQN_CHECK(RangeCheckedInt<F>::CheckBound("max_measurement", max_measurement));
  EQN_CHECK(DigitVector<F>::CheckSize(length, max_measurement));
  EQN_CHECK(CheckParameter("chunk_length", chunk_length, kMaxMeasurementLength));
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    EQN_CHECK(CheckConstraint(constraints[i], i, length));
    // A sum that wrapped around the modulus could look right.
    const std::size_t terms = constraints[i].plus.size() + constraints[i].minus.size() + 1;
    if (!F::Holds(terms, std::max(max_measurement, constraints[i].total))) {
      return Error{Code::kInvalidArgument, "VDAF_PARAMETER",
                   "constraint " + std::to_string(i) + " can exceed the field's modulus"};
    }
  }
  return std::unique_ptr<const Valid<F>>(new PanelSum({length, max_measurement}, max_measurement,
                                                      chunk_length, std::move(constraints)));
}

template <typename F>
Status PanelSum<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, values_.length()));
  EQN_CHECK(CheckValues(measurement, this->max_output()));
  for (std::size_t i = 0; i < constraints_.size(); ++i) {
    Int128 sum = 0;
    for (const std::size_t index : constraints_[i].plus) sum += measurement[index];
    for (const std::size_t index : constraints_[i].minus) sum -= measurement[index];
    if (sum == constraints_[i].total) continue;
    return Error{Code::kInvalidArgument, "VDAF_CONSTRAINT",
                 "constraint " + std::to_string(i) +
                     " does not hold: its values do not come to the total of " +
                     std::to_string(constraints_[i].total)};
  }
  return Ok();
}

template <typename F>
void PanelSum<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  values_.Encode(measurement, encoded);
}

template <typename F>
void PanelSum<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  values_.Decode(meas, output);
}

template <typename F>
void PanelSum<F>::Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
                       GadgetCalls<F>& gadget, std::span<F> outputs) const {
  outputs[0] = BitCheck(meas, joint_rand, shares_inverse, chunk_length_, gadget);
  FieldVec<F> values(values_.length());
  values_.Decode(meas, values);
  for (std::size_t i = 0; i < constraints_.size(); ++i) {
    F sum = -(F(constraints_[i].total) * shares_inverse);
    for (const std::size_t index : constraints_[i].plus) sum += values[index];
    for (const std::size_t index : constraints_[i].minus) sum -= values[index];
    outputs[1 + i] = sum;
  }
}

template class PanelSum<Field64>;
template class PanelSum<Field128>;

}  // namespace equinode::vdaf
