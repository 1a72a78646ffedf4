#include "domain/privacy/vdaf/l1_bound_sum.h"

#include <string>

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {
namespace {

Lengths LengthsOf(std::size_t digits, std::size_t length, std::size_t chunk_length) {
  const std::size_t chunks = ChunkCount(digits, chunk_length);
  return {.meas_len = digits,
          .joint_rand_len = chunks,
          .output_len = length,
          .eval_output_len = 2,
          .gadget_calls = chunks};
}

}  // namespace

template <typename F>
L1BoundSum<F>::L1BoundSum(const DigitVector<F>& values_and_norm, std::uint64_t max_value,
                          std::size_t chunk_length)
    : Valid<F>(LengthsOf(values_and_norm.digits(), values_and_norm.length() - 1, chunk_length),
               max_value, std::make_unique<ParallelSum<F>>(chunk_length)),
      values_and_norm_(values_and_norm),
      chunk_length_(chunk_length) {}

template <typename F>
Circuit<F> L1BoundSum<F>::Make(std::size_t length, std::uint64_t max_value,
                               std::size_t chunk_length) {
  EQN_CHECK(RangeCheckedInt<F>::CheckBound("max_value", max_value));
  EQN_CHECK(CheckParameter("length", length, kMaxMeasurementLength));
  EQN_CHECK(DigitVector<F>::CheckSize(length + 1, max_value));
  // A sum of values that wrapped around the modulus could look small.
  if (!F::Holds(length, max_value)) {
    return Error{Code::kInvalidArgument, "VDAF_PARAMETER",
                 "max_value times length is not below the field's modulus"};
  }
  EQN_CHECK(CheckParameter("chunk_length", chunk_length, kMaxMeasurementLength));
  return std::unique_ptr<const Valid<F>>(
      new L1BoundSum({length + 1, max_value}, max_value, chunk_length));
}

template <typename F>
Status L1BoundSum<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, this->lengths().output_len));
  EQN_CHECK(CheckValues(measurement, this->max_output()));
  std::uint64_t left = this->max_output();
  for (const std::uint64_t value : measurement) {
    if (value > left) {
      return Error{Code::kInvalidArgument, "VDAF_SUM_TOO_LARGE",
                   "the values of the measurement add up to more than " +
                       std::to_string(this->max_output())};
    }
    left -= value;
  }
  return Ok();
}

template <typename F>
void L1BoundSum<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  WipedVec<std::uint64_t> values(measurement.begin(), measurement.end());
  std::uint64_t norm = 0;
  for (const std::uint64_t value : measurement) norm += value;
  values.push_back(norm);
  values_and_norm_.Encode(values, encoded);
}

template <typename F>
void L1BoundSum<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  values_and_norm_.Decode(meas, output);
}

template <typename F>
void L1BoundSum<F>::Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
                         GadgetCalls<F>& gadget, std::span<F> outputs) const {
  outputs[0] = BitCheck(meas, joint_rand, shares_inverse, chunk_length_, gadget);
  FieldVec<F> values(values_and_norm_.length());
  values_and_norm_.Decode(meas, values);
  F difference = -values.back();
  for (std::size_t i = 0; i + 1 < values.size(); ++i) difference += values[i];
  outputs[1] = difference;
}

template class L1BoundSum<Field64>;
template class L1BoundSum<Field128>;

}  // namespace equinode::vdaf
