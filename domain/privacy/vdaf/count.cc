#include "domain/privacy/vdaf/count.h"

namespace equinode::vdaf {

template <typename F>
Count<F>::Count()
    : Valid<F>({.meas_len = 1, .output_len = 1, .gadget_calls = 1}, 1, std::make_unique<Mul<F>>()) {
}

template <typename F>
Status Count<F>::Check(Measurement measurement) const {
  EQN_CHECK(CheckValueCount(measurement, 1));
  return CheckValues(measurement, 1);
}

template <typename F>
void Count<F>::Encode(Measurement measurement, std::span<F> encoded) const {
  encoded[0] = F(measurement[0]);
}

template <typename F>
void Count<F>::Truncate(std::span<const F> meas, std::span<F> output) const {
  output[0] = meas[0];
}

template <typename F>
void Count<F>::Eval(std::span<const F> meas, std::span<const F>, F, GadgetCalls<F>& gadget,
                    std::span<F> outputs) const {
  const std::span<F> inputs = gadget.NextInputs();
  inputs[0] = meas[0];
  inputs[1] = meas[0];
  outputs[0] = gadget.Call() - meas[0];
}

template class Count<Field64>;
template class Count<Field128>;

}  // namespace equinode::vdaf
