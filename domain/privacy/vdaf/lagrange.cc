#include "domain/privacy/vdaf/lagrange.h"

#include <cassert>

#include "domain/privacy/vdaf/ntt.h"

namespace equinode::vdaf {

template <typename F>
std::optional<std::vector<F>> LagrangeBasis(F t, std::size_t size) {
  // l_i(t) is x_i / size times the product of all t - x_m but m = i: one sweep up gives the
  // products of those below i, one down those above, and nothing is inverted but `size`.
  const std::vector<F> x = Powers(RootOfUnity<F>(size), size);
  std::vector<F> basis(size);
  F below = F(size).Inverse();
  for (std::size_t i = 0; i < size; ++i) {
    basis[i] = below * x[i];
    below *= t - x[i];
  }
  if (below == F()) return std::nullopt;
  F above(1);
  for (std::size_t i = size; i-- > 0;) {
    basis[i] *= above;
    above *= t - x[i];
  }
  return basis;
}

template <typename F>
void ExtendByOne(std::span<F> values) {
  // The coefficient of the highest power is 0: it is, but for a factor, the sum of all
  // values times the i-th powers of the root.
  const F root = RootOfUnity<F>(values.size());
  F sum;
  F power(1);
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    sum += values[i] * power;
    power *= root;
  }
  values.back() = -sum * root;
}

template <typename F>
void PolyEvalBatched(std::span<const F> basis, std::span<const F> rows, std::span<F> at) {
  assert(rows.size() == basis.size() * at.size());
  WipedVec<typename F::Accumulator> sums(at.size());
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const F* row = rows.data() + i * at.size();
    for (std::size_t j = 0; j < at.size(); ++j) sums[j].AddProduct(basis[i], row[j]);
  }
  for (std::size_t j = 0; j < at.size(); ++j) at[j] = sums[j].Sum();
}

template std::optional<std::vector<Field64>> LagrangeBasis(Field64, std::size_t);
template std::optional<std::vector<Field128>> LagrangeBasis(Field128, std::size_t);
template void ExtendByOne(std::span<Field64>);
template void ExtendByOne(std::span<Field128>);
template void PolyEvalBatched(std::span<const Field64>, std::span<const Field64>,
                              std::span<Field64>);
template void PolyEvalBatched(std::span<const Field128>, std::span<const Field128>,
                              std::span<Field128>);

}  // namespace equinode::vdaf
