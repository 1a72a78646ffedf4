// A validity circuit with its encoding: the draft's Valid (section 7.3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "domain/privacy/vdaf/field_vec.h"
#include "domain/privacy/vdaf/gadget.h"
#include "domain/privacy/vdaf/gadget_calls.h"

namespace equinode::vdaf {

// What a client reports, in whole numbers. Each circuit says how many, and what they mean.
using Measurement = std::span<const std::uint64_t>;

// No measurement is encoded as more elements, and no chunk is longer: 256 MiB.
inline constexpr std::size_t kMaxMeasurementLength = std::size_t{1} << 24;

// In the draft's words. All in field elements, but for the calls.
struct Lengths {
  std::size_t meas_len = 0;
  std::size_t joint_rand_len = 0;
  std::size_t output_len = 0;
  std::size_t eval_output_len = 1;
  std::size_t gadget_calls = 0;
};

// Immutable; any thread. Every circuit here has one gadget.
template <typename F>
class Valid {
 public:
  Valid(const Lengths& lengths, std::uint64_t max_output, std::unique_ptr<const Gadget<F>> gadget)
      : lengths_(lengths), max_output_(max_output), gadget_(std::move(gadget)) {}
  virtual ~Valid() = default;

  const Lengths& lengths() const { return lengths_; }
  const Gadget<F>& gadget() const { return *gadget_; }
  // The greatest integer that one report can add to an output.
  std::uint64_t max_output() const { return max_output_; }

  // The circuit in the clear: INVALID_ARGUMENT with the place and the rule, not with the value,
  // when a report of `measurement` would be refused. So a client learns it before it sends.
  virtual Status Check(Measurement measurement) const = 0;
  // Of a measurement that passed Check. `encoded` has meas_len elements. In time that does not
  // depend on the values.
  virtual void Encode(Measurement measurement, std::span<F> encoded) const = 0;
  // Affine: of a share of the measurement it is a share of the output, output_len elements.
  virtual void Truncate(std::span<const F> meas, std::span<F> output) const = 0;
  // All `outputs`, eval_output_len of them, are 0 when the measurement keeps the rules. Affine but
  // for the gadget, so that it can be run on shares: `shares_inverse` is 1 over their number.
  virtual void Eval(std::span<const F> meas, std::span<const F> joint_rand, F shares_inverse,
                    GadgetCalls<F>& gadget, std::span<F> outputs) const = 0;

  std::size_t prove_rand_len() const { return gadget_->arity(); }
  std::size_t query_rand_len() const {
    return 1 + (lengths_.eval_output_len > 1 ? lengths_.eval_output_len : 0);
  }
  std::size_t proof_len() const;
  std::size_t verifier_len() const { return 1 + gadget_->arity() + 1; }

 private:
  Lengths lengths_;
  std::uint64_t max_output_;
  std::unique_ptr<const Gadget<F>> gadget_;
};

template <typename F>
using Circuit = Result<std::unique_ptr<const Valid<F>>>;

// INVALID_ARGUMENT (VDAF_MEASUREMENT_LENGTH) unless it has `wanted` values.
Status CheckValueCount(Measurement measurement, std::size_t wanted);
// INVALID_ARGUMENT (VDAF_VALUE_TOO_LARGE), with the first place, unless all are at most `max`.
Status CheckValues(Measurement measurement, std::uint64_t max);
// INVALID_ARGUMENT (VDAF_PARAMETER) unless 1 <= `value` <= `max`. `name` is as in the draft.
Status CheckParameter(const char* name, std::uint64_t value, std::uint64_t max);

}  // namespace equinode::vdaf
