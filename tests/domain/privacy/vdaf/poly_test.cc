// Transforms and Lagrange evaluation against polynomials written out.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "base/random.h"
#include "domain/privacy/vdaf/lagrange.h"
#include "domain/privacy/vdaf/ntt.h"

namespace equinode::vdaf {
namespace {

template <typename F>
F RandomElement(SeededRandom& random) {
  return F(random.Next64()) * F(random.Next64()) + F(random.Next64());
}

// By its coefficients.
template <typename F>
struct Polynomial {
  std::vector<F> coefficients{};

  static Polynomial Random(SeededRandom& random, std::size_t size) {
    Polynomial p;
    for (std::size_t i = 0; i < size; ++i) p.coefficients.push_back(RandomElement<F>(random));
    return p;
  }
  F At(F x) const {
    F value;
    for (std::size_t i = coefficients.size(); i-- > 0;) value = value * x + coefficients[i];
    return value;
  }
  // The values at the roots of unity of order `size`, times `shift`.
  FieldVec<F> Values(std::size_t size, F shift = F(1)) const {
    FieldVec<F> values;
    F x = shift;
    for (std::size_t i = 0; i < size; ++i) {
      values.push_back(At(x));
      x *= RootOfUnity<F>(size);
    }
    return values;
  }
};

template <typename F>
class PolyTest : public ::testing::Test {};
using Fields = ::testing::Types<Field64, Field128>;
TYPED_TEST_SUITE(PolyTest, Fields);

TYPED_TEST(PolyTest, RootsOfUnityHaveTheirOrder) {
  EXPECT_EQ(RootOfUnity<TypeParam>(1), TypeParam(1));
  for (std::size_t size = 2; size <= std::size_t{1} << 32; size *= 2) {
    EXPECT_EQ(RootOfUnity<TypeParam>(size).Pow(size / 2), -TypeParam(1));
  }
}

TYPED_TEST(PolyTest, ThereAndBackAgain) {
  SeededRandom random(1);
  for (std::size_t size = 1; size <= 256; size *= 2) {
    for (const std::size_t width : {1, 2, 5}) {
      FieldVec<TypeParam> rows(size * width);
      for (auto& one : rows) one = RandomElement<TypeParam>(random);
      FieldVec<TypeParam> wanted = rows;
      for (auto& one : wanted) one *= TypeParam(size);
      InvNtt<TypeParam>(rows, size, width);
      Ntt<TypeParam>(rows, size, width);
      EXPECT_EQ(rows, wanted);
    }
  }
}

TYPED_TEST(PolyTest, InvNttGivesTheCoefficients) {
  SeededRandom random(2);
  const auto p = Polynomial<TypeParam>::Random(random, 8);
  FieldVec<TypeParam> values = p.Values(8);
  InvNtt<TypeParam>(values, 8, 1);
  const std::size_t reversed[] = {0, 4, 2, 6, 1, 5, 3, 7};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(values[i], p.coefficients[reversed[i]] * TypeParam(8));
  }
}

TYPED_TEST(PolyTest, ValuesBetweenTheRootsAreThePolynomials) {
  SeededRandom random(3);
  for (std::size_t size = 1; size <= 64; size *= 2) {
    const auto p = Polynomial<TypeParam>::Random(random, size);
    const auto q = Polynomial<TypeParam>::Random(random, size);
    FieldVec<TypeParam> rows;
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(p.Values(size)[i]);
      rows.push_back(q.Values(size)[i]);
    }
    EvaluateBetween<TypeParam>(rows, size, 2);
    const TypeParam shift = RootOfUnity<TypeParam>(2 * size);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_EQ(rows[2 * i], p.Values(size, shift)[i]);
      EXPECT_EQ(rows[2 * i + 1], q.Values(size, shift)[i]);
    }
  }
}

TYPED_TEST(PolyTest, BatchedEvaluationIsThePolynomialsValue) {
  SeededRandom random(4);
  for (std::size_t size = 2; size <= 128; size *= 2) {
    const auto p = Polynomial<TypeParam>::Random(random, size);
    const auto q = Polynomial<TypeParam>::Random(random, size);
    FieldVec<TypeParam> rows;
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(p.Values(size)[i]);
      rows.push_back(q.Values(size)[i]);
    }
    const auto t = RandomElement<TypeParam>(random);
    const auto basis = LagrangeBasis(t, size);
    ASSERT_TRUE(basis.has_value());
    std::vector<TypeParam> at(2);
    PolyEvalBatched<TypeParam>(*basis, rows, at);
    EXPECT_EQ(at[0], p.At(t));
    EXPECT_EQ(at[1], q.At(t));
  }
}

TYPED_TEST(PolyTest, NoEvaluationAtARoot) {
  for (std::size_t size = 1; size <= 64; size *= 2) {
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_FALSE(LagrangeBasis(RootOfUnity<TypeParam>(size).Pow(i), size).has_value());
    }
    EXPECT_TRUE(LagrangeBasis(RootOfUnity<TypeParam>(2 * size), size).has_value());
  }
}

TYPED_TEST(PolyTest, TheLastValueFollowsFromTheOthers) {
  SeededRandom random(5);
  for (std::size_t size = 2; size <= 128; size *= 2) {
    FieldVec<TypeParam> values = Polynomial<TypeParam>::Random(random, size - 1).Values(size);
    const FieldVec<TypeParam> wanted = values;
    values.back() = RandomElement<TypeParam>(random);
    ExtendByOne<TypeParam>(values);
    EXPECT_EQ(values, wanted);
  }
}

}  // namespace
}  // namespace equinode::vdaf
