#include "domain/privacy/vdaf/ntt.h"

#include <bit>
#include <cassert>

namespace equinode::vdaf {
namespace {

std::size_t ReverseBits(std::size_t index, int bits) {
  std::size_t reversed = 0;
  for (int bit = 0; bit < bits; ++bit) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}

}  // namespace

std::size_t NextPowerOf2(std::size_t value) { return std::bit_ceil(value); }

template <typename F>
F RootOfUnity(std::size_t size) {
  assert(std::has_single_bit(size) && size <= (std::size_t{1} << 32));
  constexpr F kGenerator = F::Generator();
  F root = kGenerator;
  for (int order = F::kGenOrderLog2; order > std::countr_zero(size); --order) root *= root;
  return root;
}

template <typename F>
std::vector<F> Powers(F w, std::size_t count) {
  std::vector<F> powers(count);
  F power(1);
  for (F& one : powers) {
    one = power;
    power *= w;
  }
  return powers;
}

template <typename F>
void InvNtt(std::span<F> rows, std::size_t size, std::size_t width) {
  assert(rows.size() == size * width);
  const std::vector<F> twiddles = Powers(RootOfUnity<F>(size).Inverse(), size / 2);
  for (std::size_t half = size / 2; half > 0; half /= 2) {
    const std::size_t step = size / 2 / half;
    for (std::size_t i = 0; i < half; ++i) {
      const F w = twiddles[i * step];
      for (std::size_t group = 0; group < size; group += 2 * half) {
        F* a = rows.data() + (group + i) * width;
        F* b = a + half * width;
        for (std::size_t j = 0; j < width; ++j) {
          const F difference = a[j] - b[j];
          a[j] += b[j];
          b[j] = difference * w;
        }
      }
    }
  }
}

template <typename F>
void Ntt(std::span<F> rows, std::size_t size, std::size_t width) {
  assert(rows.size() == size * width);
  const std::vector<F> twiddles = Powers(RootOfUnity<F>(size), size / 2);
  for (std::size_t half = 1; half < size; half *= 2) {
    const std::size_t step = size / 2 / half;
    for (std::size_t i = 0; i < half; ++i) {
      const F w = twiddles[i * step];
      for (std::size_t group = 0; group < size; group += 2 * half) {
        F* a = rows.data() + (group + i) * width;
        F* b = a + half * width;
        for (std::size_t j = 0; j < width; ++j) {
          const F turned = b[j] * w;
          b[j] = a[j] - turned;
          a[j] += turned;
        }
      }
    }
  }
}

template <typename F>
void EvaluateBetween(std::span<F> rows, std::size_t size, std::size_t width) {
  InvNtt(rows, size, width);
  // p(v x) has the coefficients of p times the powers of v; and the factor `size` goes.
  const std::vector<F> powers = Powers(RootOfUnity<F>(2 * size), size);
  const F scale = F(size).Inverse();
  const int bits = std::countr_zero(size);
  for (std::size_t i = 0; i < size; ++i) {
    const F factor = powers[ReverseBits(i, bits)] * scale;
    for (std::size_t j = 0; j < width; ++j) rows[i * width + j] *= factor;
  }
  Ntt(rows, size, width);
}

template Field64 RootOfUnity(std::size_t);
template Field128 RootOfUnity(std::size_t);
template std::vector<Field64> Powers(Field64, std::size_t);
template std::vector<Field128> Powers(Field128, std::size_t);
template void InvNtt(std::span<Field64>, std::size_t, std::size_t);
template void InvNtt(std::span<Field128>, std::size_t, std::size_t);
template void Ntt(std::span<Field64>, std::size_t, std::size_t);
template void Ntt(std::span<Field128>, std::size_t, std::size_t);
template void EvaluateBetween(std::span<Field64>, std::size_t, std::size_t);
template void EvaluateBetween(std::span<Field128>, std::size_t, std::size_t);

}  // namespace equinode::vdaf
