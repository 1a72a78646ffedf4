// One run of a circuit's gadget, call by call: the draft's ProveGadget and QueryGadget (7.3.3).
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "domain/privacy/vdaf/field_vec.h"
#include "domain/privacy/vdaf/gadget.h"

namespace equinode::vdaf {

// Keeps the inputs of every call. Row 0 of the wires are the seeds, row k the inputs of call k, the
// rest zeros; there are P rows, a power of two. The output of call k is the value of the gadget
// polynomial at the k-th root of unity of order P: number 2k of its values at those of order 2P.
template <typename F>
class GadgetCalls {
 public:
  // The prover's: an output is the gadget's own. `seeds` are gadget.arity() long.
  GadgetCalls(const Gadget<F>& gadget, std::size_t calls, std::span<const F> seeds);
  // The verifier's: outputs are read from the polynomial that the prover sent, by its first 2P - 1
  // values. `gadget` must outlive this.
  GadgetCalls(const Gadget<F>& gadget, std::size_t calls, std::span<const F> seeds,
              std::span<const F> poly);

  // Zeros, arity() of them, to be set to the inputs of the next call.
  std::span<F> NextInputs() {
    assert(call_ < points_ - 1);
    ++call_;
    return {wires_.data() + call_ * gadget_.arity(), gadget_.arity()};
  }
  // The output for the inputs that NextInputs gave.
  F Call() {
    F& output = poly_[2 * call_];
    if (proving_) output = gadget_.Eval(Row(call_));
    return output;
  }

  std::size_t points() const { return points_; }  // P
  std::span<const F> wires() const { return wires_; }
  // All 2P values of the gadget polynomial. The prover's: after the last call, once, at the cost of
  // the wires.
  std::span<const F> FinishPoly();
  std::span<const F> poly() const { return poly_; }

 private:
  std::span<const F> Row(std::size_t row) const {
    return {wires_.data() + row * gadget_.arity(), gadget_.arity()};
  }

  const Gadget<F>& gadget_;
  bool proving_;
  std::size_t points_;
  std::size_t call_ = 0;
  FieldVec<F> wires_;
  FieldVec<F> poly_;
};

}  // namespace equinode::vdaf
