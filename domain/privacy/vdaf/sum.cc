#include "domain/privacy/vdaf/sum.h"

namespace equinode::vdaf {
namespace {

Lengths LengthsOf(std::size_t digits) {
  return {.meas_len = digits, .output_len = 1, .eval_output_len = digits, .gadget_calls = digits};
}

}  // namespace

template <typename F>
Sum<F>::Sum(std::uint64_t max_measurement)
    : Valid<F>(LengthsOf(RangeCheckedInt<F>(max_measurement).digits()), max_measurement,
               std::make_unique<PolyEval<F>>(std::array<F, 3>{F(), -F(1), F(1)})),
      value_(max_measurement) {}

template <typename F>
Circuit<F> Sum<F>::Make(std::uint64_t max_measurement) {
  EQN_CHECK(RangeCheckedInt<F>::CheckBound("max_measurement", max_measurement));
  return std::unique_ptr<const Valid<F>>(new Sum(max_measurement));
}

template <typename F>
Status Sum<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, 1));
  return CheckValues(measurement, this->max_output());
}

template <typename F>
void Sum<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  value_.Encode(measurement[0], encoded);
}

template <typename F>
void Sum<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  output[0] = value_.Decode(meas);
}

template <typename F>
void Sum<F>::Eval(std::span<const F> meas, std::span<const F>, F, GadgetCalls<F>& gadget,
                  std::span<F> outputs) const {
  for (std::size_t i = 0; i < meas.size(); ++i) {
    gadget.NextInputs()[0] = meas[i];
    outputs[i] = gadget.Call();
  }
}

template class Sum<Field64>;
template class Sum<Field128>;

}  // namespace equinode::vdaf
