#include "domain/privacy/vdaf/valid.h"

#include <string>

#include "domain/privacy/vdaf/ntt.h"

namespace equinode::vdaf {

template <typename F>
std::size_t Valid<F>::proof_len() const {
  const std::size_t points = NextPowerOf2(1 + lengths_.gadget_calls);
  return gadget_->arity() + Gadget<F>::kDegree * (points - 1) + 1;
}

template class Valid<Field64>;
template class Valid<Field128>;

Status CheckValueCount(Measurement measurement, std::size_t wanted) {
  if (measurement.size() == wanted) return Ok();
  return Error{Code::kInvalidArgument, "VDAF_MEASUREMENT_LENGTH",
               "the measurement has " + std::to_string(measurement.size()) + " values, not " +
                   std::to_string(wanted)};
}

Status CheckValues(Measurement measurement, std::uint64_t max) {
  for (std::size_t i = 0; i < measurement.size(); ++i) {
    if (measurement[i] <= max) continue;
    return Error{
        Code::kInvalidArgument, "VDAF_VALUE_TOO_LARGE",
        "value " + std::to_string(i) + " of the measurement is above " + std::to_string(max)};
  }
  return Ok();
}

Status CheckParameter(const char* name, std::uint64_t value, std::uint64_t max) {
  if (value >= 1 && value <= max) return Ok();
  return Error{
      Code::kInvalidArgument, "VDAF_PARAMETER",
      std::string(name) + " is " + std::to_string(value) + ", not 1 to " + std::to_string(max)};
}

}  // namespace equinode::vdaf
