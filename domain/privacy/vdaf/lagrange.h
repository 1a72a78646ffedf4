// Polynomials by their values at the roots of unity (draft section 6.1.3, the Lagrange basis).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "domain/privacy/vdaf/field_vec.h"

namespace equinode::vdaf {

// The factors l_0..l_(size - 1) with which a polynomial of degree below `size` has at `t` the value
// sum of l_i times its value at RootOfUnity(size)^i. About 5 * `size` multiplications, so that each
// polynomial then costs one multiplication a value, where the draft's routine takes two and its
// plain one a number that grows with the square. Nothing when `t` is itself such a root: the value
// would be one of those that the polynomial was made of.
template <typename F>
std::optional<std::vector<F>> LagrangeBasis(F t, std::size_t size);

// A polynomial of degree below values.size() - 1 by its values at the roots of unity but the last
// one, which is worked out and put in the last place (the draft's extend_values_to_power_of_2).
template <typename F>
void ExtendByOne(std::span<F> values);

// `rows` holds basis.size() rows of at.size() elements, row i the values at the i-th root. Sets
// `at` to the values at the point of the basis (the draft's poly_eval_batched).
template <typename F>
void PolyEvalBatched(std::span<const F> basis, std::span<const F> rows, std::span<F> at);

}  // namespace equinode::vdaf
