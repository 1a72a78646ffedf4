// The gadgets of draft section 7.3.2: what a validity circuit does that is not affine.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "domain/privacy/vdaf/field_vec.h"

namespace equinode::vdaf {

// All of degree 2, those of every circuit here: so a gadget polynomial over P points has degree at
// most 2P - 2. Immutable.
template <typename F>
class Gadget {
 public:
  static constexpr std::size_t kDegree = 2;

  explicit Gadget(std::size_t arity) : arity_(arity) {}
  virtual ~Gadget() = default;

  std::size_t arity() const { return arity_; }
  // `inputs` are arity() long.
  virtual F Eval(std::span<const F> inputs) const = 0;

 private:
  std::size_t arity_;
};

// x * y.
template <typename F>
class Mul final : public Gadget<F> {
 public:
  Mul() : Gadget<F>(2) {}
  F Eval(std::span<const F> inputs) const override { return inputs[0] * inputs[1]; }
};

// c[0] + c[1] x + c[2] x^2.
template <typename F>
class PolyEval final : public Gadget<F> {
 public:
  explicit PolyEval(std::array<F, 3> c) : Gadget<F>(1), c_(c) {}
  F Eval(std::span<const F> inputs) const override {
    const F x = inputs[0];
    return c_[0] + x * (c_[1] + x * c_[2]);
  }

 private:
  std::array<F, 3> c_;
};

// x_0 * x_1 + x_2 * x_3 + ... over `count` pairs: the draft's ParallelSum of Mul.
template <typename F>
class ParallelSum final : public Gadget<F> {
 public:
  explicit ParallelSum(std::size_t count) : Gadget<F>(2 * count) {}
  F Eval(std::span<const F> inputs) const override {
    typename F::Accumulator sum;
    for (std::size_t i = 0; i < inputs.size(); i += 2) sum.AddProduct(inputs[i], inputs[i + 1]);
    return sum.Sum();
  }
};

}  // namespace equinode::vdaf
