#include "domain/privacy/vdaf/sum_vec.h"

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {
namespace {

Lengths LengthsOf(std::size_t digits, std::size_t length, std::size_t chunk_length) {
  const std::size_t chunks = ChunkCount(digits, chunk_length);
  return {.meas_len = digits,
          .joint_rand_len = chunks,
          .output_len = length,
          .eval_output_len = 1,
          .gadget_calls = chunks};
}

}  // namespace

template <typename F>
SumVec<F>::SumVec(const DigitVector<F>& values, std::uint64_t max_measurement,
                  std::size_t chunk_length)
    : Valid<F>(LengthsOf(values.digits(), values.length(), chunk_length), max_measurement,
               std::make_unique<ParallelSum<F>>(chunk_length)),
      values_(values),
      chunk_length_(chunk_length) {}

template <typename F>
Circuit<F> SumVec<F>::Make(std::size_t length, std::uint64_t max_measurement,
                           std::size_t chunk_length) {
  EQN_CHECK(RangeCheckedInt<F>::CheckBound("max_measurement", max_measurement));
  EQN_CHECK(DigitVector<F>::CheckSize(length, max_measurement));
  EQN_CHECK(CheckParameter("chunk_length", chunk_length, kMaxMeasurementLength));
  return std::unique_ptr<const Valid<F>>(
      new SumVec({length, max_measurement}, max_measurement, chunk_length));
}

template <typename F>
Status SumVec<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, values_.length()));
  return CheckValues(measurement, this->max_output());
}

template <typename F>
void SumVec<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  values_.Encode(measurement, encoded);
}

template <typename F>
void SumVec<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  values_.Decode(meas, output);
}

template <typename F>
void SumVec<F>::Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
                     GadgetCalls<F>& gadget, std::span<F> outputs) const {
  outputs[0] = BitCheck(meas, joint_rand, shares_inverse, chunk_length_, gadget);
}

template class SumVec<Field64>;
template class SumVec<Field128>;

}  // namespace equinode::vdaf
