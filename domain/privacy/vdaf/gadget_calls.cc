#include "domain/privacy/vdaf/gadget_calls.h"

#include <algorithm>

#include "domain/privacy/vdaf/lagrange.h"
#include "domain/privacy/vdaf/ntt.h"

namespace equinode::vdaf {

template <typename F>
GadgetCalls<F>::GadgetCalls(const Gadget<F>& gadget, std::size_t calls, std::span<const F> seeds)
    : gadget_(gadget),
      proving_(true),
      points_(NextPowerOf2(1 + calls)),
      wires_(points_ * gadget.arity()),
      poly_(2 * points_) {
  assert(seeds.size() == gadget.arity());
  std::copy(seeds.begin(), seeds.end(), wires_.begin());
}

template <typename F>
GadgetCalls<F>::GadgetCalls(const Gadget<F>& gadget, std::size_t calls, std::span<const F> seeds,
                            std::span<const F> poly)
    : GadgetCalls(gadget, calls, seeds) {
  assert(poly.size() == poly_.size() - 1);
  proving_ = false;
  std::copy(poly.begin(), poly.end(), poly_.begin());
  ExtendByOne<F>(poly_);
}

template <typename F>
std::span<const F> GadgetCalls<F>::FinishPoly() {
  // The polynomial of gadget outputs is the gadget of the wires' polynomials. At even places their
  // values are the wires themselves, and those of the calls were worked out already.
  poly_[0] = gadget_.Eval(Row(0));
  for (std::size_t k = call_ + 1; k < points_; ++k) poly_[2 * k] = gadget_.Eval(Row(k));
  EvaluateBetween<F>(wires_, points_, gadget_.arity());
  for (std::size_t k = 0; k < points_; ++k) poly_[2 * k + 1] = gadget_.Eval(Row(k));
  return poly_;
}

template class GadgetCalls<Field64>;
template class GadgetCalls<Field128>;

}  // namespace equinode::vdaf
