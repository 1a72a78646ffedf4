#include "domain/privacy/vdaf/flp.h"

#include <algorithm>

#include "domain/privacy/vdaf/lagrange.h"

namespace equinode::vdaf {

template <typename F>
void Prove(const Valid<F>& valid, std::span<const F> meas, std::span<const F> prove_rand,
           std::span<const F> joint_rand, std::span<F> proof) {
  GadgetCalls<F> calls(valid.gadget(), valid.lengths().gadget_calls, prove_rand);
  FieldVec<F> outputs(valid.lengths().eval_output_len);
  valid.Eval(meas, joint_rand, F(1), calls, outputs);
  // The wire seeds, then the gadget polynomial but for its last value.
  const auto poly_begin = std::copy(prove_rand.begin(), prove_rand.end(), proof.begin());
  const std::span<const F> poly = calls.FinishPoly();
  std::copy(poly.begin(), poly.end() - 1, poly_begin);
}

template <typename F>
Status Query(const Valid<F>& valid, std::span<const F> meas, std::span<const F> proof,
             std::span<const F> query_rand, std::span<const F> joint_rand, F shares_inverse,
             std::span<F> verifier) {
  const std::size_t arity = valid.gadget().arity();
  GadgetCalls<F> calls(valid.gadget(), valid.lengths().gadget_calls, proof.first(arity),
                       proof.subspan(arity));
  FieldVec<F> outputs(valid.lengths().eval_output_len);
  valid.Eval(meas, joint_rand, shares_inverse, calls, outputs);

  // Several outputs are reduced to one at random.
  verifier[0] = outputs[0];
  if (outputs.size() > 1) {
    typename F::Accumulator sum;
    for (std::size_t i = 0; i < outputs.size(); ++i) sum.AddProduct(query_rand[i], outputs[i]);
    verifier[0] = sum.Sum();
  }

  // The wires and the gadget polynomial at a random point.
  const F t = query_rand.back();
  const auto at_wires = LagrangeBasis(t, calls.points());
  const auto at_poly = LagrangeBasis(t, Gadget<F>::kDegree * calls.points());
  if (!at_wires || !at_poly) {
    return Error{Code::kAborted, "VDAF_TEST_POINT", "the test point is a root of unity"};
  }
  PolyEvalBatched<F>(*at_wires, calls.wires(), verifier.subspan(1, arity));
  PolyEvalBatched<F>(*at_poly, calls.poly(), verifier.subspan(1 + arity, 1));
  return Ok();
}

template <typename F>
bool Decide(const Valid<F>& valid, std::span<const F> verifier) {
  const std::span<const F> wires = verifier.subspan(1, valid.gadget().arity());
  return verifier.front() == F() && valid.gadget().Eval(wires) == verifier.back();
}

template void Prove(const Valid<Field64>&, std::span<const Field64>, std::span<const Field64>,
                    std::span<const Field64>, std::span<Field64>);
template void Prove(const Valid<Field128>&, std::span<const Field128>, std::span<const Field128>,
                    std::span<const Field128>, std::span<Field128>);
template Status Query(const Valid<Field64>&, std::span<const Field64>, std::span<const Field64>,
                      std::span<const Field64>, std::span<const Field64>, Field64,
                      std::span<Field64>);
template Status Query(const Valid<Field128>&, std::span<const Field128>, std::span<const Field128>,
                      std::span<const Field128>, std::span<const Field128>, Field128,
                      std::span<Field128>);
template bool Decide(const Valid<Field64>&, std::span<const Field64>);
template bool Decide(const Valid<Field128>&, std::span<const Field128>);

}  // namespace equinode::vdaf
