// The number theoretic transform (draft section 6.1.2), of many polynomials side by side.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "domain/privacy/vdaf/field_vec.h"

namespace equinode::vdaf {

// The smallest power of two that is at least `value`. `value` is 1 to 2^32.
std::size_t NextPowerOf2(std::size_t value);

// The `size`-th root of unity of the draft: Generator() to the power of its order / size. `size` is
// a power of two, at most 2^32.
template <typename F>
F RootOfUnity(std::size_t size);
// 1, w, w^2, ..., w^(count - 1).
template <typename F>
std::vector<F> Powers(F w, std::size_t count);

// `rows` holds `size` rows of `width` elements. Row i has the values of `width` polynomials at w^i,
// w = RootOfUnity(size); after InvNtt the rows hold `size` times their coefficients, the one of x^i
// in the row whose number is i with its bits reversed. Ntt goes the other way, without the factor.
// The odd order saves both the shuffle that would undo it.
template <typename F>
void InvNtt(std::span<F> rows, std::size_t size, std::size_t width);
template <typename F>
void Ntt(std::span<F> rows, std::size_t size, std::size_t width);

// The values of the same polynomials between the roots: at v w^i, where v^2 = w and v is
// RootOfUnity(2 * size). With the values before, those at all roots of twice the size (the draft's
// double_evaluations).
template <typename F>
void EvaluateBetween(std::span<F> rows, std::size_t size, std::size_t width);

}  // namespace equinode::vdaf
