#include "domain/privacy/vdaf/bit_check.h"

#include <algorithm>

namespace equinode::vdaf {

template <typename F>
F BitCheck(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
           std::size_t chunk_length, GadgetCalls<F>& gadget) {
  F sum;
  const F padding = -shares_inverse;
  for (const F r : joint_rand) {
    const std::span<F> inputs = gadget.NextInputs();
    const std::size_t count = std::min(chunk_length, meas.size());
    F power = r;
    for (std::size_t j = 0; j < count; ++j) {
      inputs[2 * j] = power * meas[j];
      inputs[2 * j + 1] = meas[j] - shares_inverse;
      power *= r;
    }
    for (std::size_t j = count; j < chunk_length; ++j) inputs[2 * j + 1] = padding;
    meas = meas.subspan(count);
    sum += gadget.Call();
  }
  return sum;
}

template Field64 BitCheck(std::span<const Field64>, std::span<const Field64>, Field64, std::size_t,
                          GadgetCalls<Field64>&);
template Field128 BitCheck(std::span<const Field128>, std::span<const Field128>, Field128,
                           std::size_t, GadgetCalls<Field128>&);

}  // namespace equinode::vdaf
