#include "domain/privacy/vdaf/multihot_count_vec.h"

#include <algorithm>
#include <string>

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {
namespace {

Lengths LengthsOf(std::size_t length, std::size_t weight_digits, std::size_t chunk_length) {
  const std::size_t chunks = ChunkCount(length + weight_digits, chunk_length);
  return {.meas_len = length + weight_digits,
          .joint_rand_len = chunks,
          .output_len = length,
          .eval_output_len = 2,
          .gadget_calls = chunks};
}

std::uint64_t WeightOf(Measurement measurement) {
  std::uint64_t weight = 0;
  for (const std::uint64_t bit : measurement) weight += bit;
  return weight;
}

}  // namespace

template <typename F>
MultihotCountVec<F>::MultihotCountVec(std::size_t length, std::uint64_t max_weight,
                                      std::size_t chunk_length)
    : Valid<F>(LengthsOf(length, RangeCheckedInt<F>(max_weight).digits(), chunk_length), 1,
               std::make_unique<ParallelSum<F>>(chunk_length)),
      weight_(max_weight),
      max_weight_(max_weight),
      chunk_length_(chunk_length) {}

template <typename F>
Circuit<F> MultihotCountVec<F>::Make(std::size_t length, std::uint64_t max_weight,
                                     std::size_t chunk_length) {
  EQN_CHECK(CheckParameter("length", length, kMaxMeasurementLength - 64));
  EQN_CHECK(CheckParameter("max_weight", max_weight, length));
  EQN_CHECK(CheckParameter("chunk_length", chunk_length, kMaxMeasurementLength));
  return std::unique_ptr<const Valid<F>>(new MultihotCountVec(length, max_weight, chunk_length));
}

template <typename F>
Status MultihotCountVec<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, this->lengths().output_len));
  EQN_CHECK(CheckValues(measurement, 1));
  if (WeightOf(measurement) <= max_weight_) return Ok();
  return Error{Code::kInvalidArgument, "VDAF_WEIGHT_TOO_LARGE",
               "more than " + std::to_string(max_weight_) + " values of the measurement are 1"};
}

template <typename F>
void MultihotCountVec<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  for (std::size_t i = 0; i < measurement.size(); ++i) encoded[i] = F(measurement[i]);
  weight_.Encode(WeightOf(measurement), encoded.subspan(measurement.size()));
}

template <typename F>
void MultihotCountVec<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  std::copy_n(meas.begin(), output.size(), output.begin());
}

template <typename F>
void MultihotCountVec<F>::Eval(std::span<const F> meas, std::span<const F> joint_rand,
                               F shares_inverse, GadgetCalls<F>& gadget,
                               std::span<F> outputs) const {
  outputs[0] = BitCheck(meas, joint_rand, shares_inverse, chunk_length_, gadget);
  const std::size_t length = this->lengths().output_len;
  F sum;
  for (const F& bit : meas.first(length)) sum += bit;
  outputs[1] = sum - weight_.Decode(meas.subspan(length));
}

template class MultihotCountVec<Field64>;
template class MultihotCountVec<Field128>;

}  // namespace equinode::vdaf
