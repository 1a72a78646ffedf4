#include "domain/privacy/vdaf/histogram.h"

#include <algorithm>

#include "domain/privacy/vdaf/bit_check.h"

namespace equinode::vdaf {
namespace {

Lengths LengthsOf(std::size_t length, std::size_t chunk_length) {
  const std::size_t chunks = ChunkCount(length, chunk_length);
  return {.meas_len = length,
          .joint_rand_len = chunks,
          .output_len = length,
          .eval_output_len = 2,
          .gadget_calls = chunks};
}

}  // namespace

template <typename F>
Histogram<F>::Histogram(std::size_t length, std::size_t chunk_length)
    : Valid<F>(LengthsOf(length, chunk_length), 1, std::make_unique<ParallelSum<F>>(chunk_length)),
      chunk_length_(chunk_length) {}

template <typename F>
Circuit<F> Histogram<F>::Make(std::size_t length, std::size_t chunk_length) {
  EQN_CHECK(CheckParameter("length", length, kMaxMeasurementLength));
  EQN_CHECK(CheckParameter("chunk_length", chunk_length, kMaxMeasurementLength));
  return std::unique_ptr<const Valid<F>>(new Histogram(length, chunk_length));
}

template <typename F>
Status Histogram<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, 1));
  return CheckValues(measurement, this->lengths().meas_len - 1);
}

template <typename F>
void Histogram<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  // Every bucket is written alike: which one it is stays out of the cache and the branches.
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    encoded[i] = F(std::uint64_t{(measurement[0] ^ i) == 0});
  }
}

template <typename F>
void Histogram<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  std::copy(meas.begin(), meas.end(), output.begin());
}

template <typename F>
void Histogram<F>::Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
                        GadgetCalls<F>& gadget, std::span<F> outputs) const {
  outputs[0] = BitCheck(meas, joint_rand, shares_inverse, chunk_length_, gadget);
  F sum = -shares_inverse;
  for (const F& bucket : meas) sum += bucket;
  outputs[1] = sum;
}

template class Histogram<Field64>;
template class Histogram<Field128>;

}  // namespace equinode::vdaf
