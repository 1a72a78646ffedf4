// The fields against school arithmetic, at random and at the edges.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "domain/privacy/vdaf/field_vec.h"
#include "tests/domain/privacy/vdaf/plain_field.h"

namespace equinode::vdaf {
namespace {

using plain::Element;
using plain::Integer;
using plain::kModulus;
using plain::Uint128;

template <typename F>
class FieldTest : public ::testing::Test {
 protected:
  static std::vector<Uint128> Edges() {
    const Uint128 p = kModulus<F>;
    const Uint128 half = Uint128{1} << 64;
    std::vector<Uint128> edges;
    for (Uint128 i = 0; i < 4; ++i) {
      edges.insert(edges.end(), {i, p - 1 - i, p / 2 + i, (half - 1 - i) % p, (half + i) % p,
                                 (Uint128{1} << 32) - 1 + i, p - (Uint128{1} << 32) + i});
    }
    return edges;
  }
  static Uint128 AnyInteger() {
    const std::vector<Uint128> edges = Edges();
    if (*rc::gen::inRange(0, 3) == 0) return *rc::gen::elementOf(edges);
    const Uint128 high = *rc::gen::arbitrary<std::uint64_t>();
    return (high << 64 | *rc::gen::arbitrary<std::uint64_t>()) % kModulus<F>;
  }
  static void CheckPair(Uint128 a, Uint128 b) {
    const F x = Element<F>(a);
    const F y = Element<F>(b);
    ASSERT_EQ(Integer(x), a);
    ASSERT_EQ(Integer(x + y), plain::Add<F>(a, b));
    ASSERT_EQ(Integer(x - y), plain::Add<F>(a, plain::Negate<F>(b)));
    ASSERT_EQ(Integer(-x), plain::Negate<F>(a));
    ASSERT_EQ(Integer(x * y), plain::Multiply<F>(a, b));
    ASSERT_EQ(x == y, a == b);
  }
};
using Fields = ::testing::Types<Field64, Field128>;
TYPED_TEST_SUITE(FieldTest, Fields);

TYPED_TEST(FieldTest, EdgesAreAsAtSchool) {
  for (const Uint128 a : this->Edges()) {
    for (const Uint128 b : this->Edges()) this->CheckPair(a, b);
  }
}

TYPED_TEST(FieldTest, AnythingIsAsAtSchool) {
  EXPECT_TRUE(rc::check([] {
    for (int i = 0; i < 50; ++i) {
      TestFixture::CheckPair(TestFixture::AnyInteger(), TestFixture::AnyInteger());
      RC_ASSERT(!::testing::Test::HasFatalFailure());
    }
  }));
}

TYPED_TEST(FieldTest, AnInverseTimesItsElementIsOne) {
  for (const Uint128 a : this->Edges()) {
    const auto x = Element<TypeParam>(a);
    EXPECT_EQ(Integer(x * x.Inverse()), a == 0 ? 0 : 1);
  }
}

TYPED_TEST(FieldTest, SumsOfProductsAreReducedOnceAndRight) {
  using F = TypeParam;
  EXPECT_TRUE(rc::check([] {
    typename F::Accumulator sum;
    F wanted;
    // The greatest products most: they carry the furthest.
    const int count = *rc::gen::inRange(0, 300);
    const bool greatest = *rc::gen::arbitrary<bool>();
    for (int i = 0; i < count; ++i) {
      const F a = greatest ? F() - F(1) : Element<F>(TestFixture::AnyInteger());
      const F b = greatest ? F() - F(1) : Element<F>(TestFixture::AnyInteger());
      sum.AddProduct(a, b);
      wanted += a * b;
    }
    RC_ASSERT(Integer(sum.Sum()) == Integer(wanted));
  }));
}

TYPED_TEST(FieldTest, SumsOfProductsThatAreGreatestInMemory) {
  // Montgomery's form hides which elements are all ones in memory: find them by their inverse form.
  using F = TypeParam;
  F radix(1);
  for (std::size_t i = 0; i < 8 * F::kEncodedSize; ++i) radix = radix + radix;
  const F greatest = -F(1) * radix.Inverse();
  typename F::Accumulator sum;
  F wanted;
  for (int i = 0; i < 100'000; ++i) {
    sum.AddProduct(greatest, greatest);
    wanted += greatest * greatest;
  }
  EXPECT_EQ(Integer(sum.Sum()), Integer(wanted));
}

TYPED_TEST(FieldTest, TheGeneratorHasItsOrder) {
  TypeParam power = TypeParam::Generator();
  for (int i = 1; i < TypeParam::kGenOrderLog2; ++i) power *= power;
  EXPECT_EQ(power, -TypeParam(1));
  EXPECT_EQ(power * power, TypeParam(1));
}

TYPED_TEST(FieldTest, OnlyIntegersBelowTheModulusAreDecoded) {
  using F = TypeParam;
  const Uint128 greatest = F::kEncodedSize == 8 ? (Uint128{1} << 64) - 1 : ~Uint128{0};
  const Uint128 p = kModulus<F>;
  for (Uint128 i = 0; i < 300; ++i) {
    for (const Uint128 integer : {i, p - 1 - i, p + i, greatest - i, p / 2 + (i << 50)}) {
      std::array<std::uint8_t, 16> bytes{};
      for (std::size_t at = 0; at < 16; ++at) {
        bytes[at] = static_cast<std::uint8_t>(integer >> (8 * at));
      }
      F element;
      EXPECT_EQ(F::Decode(bytes.data(), element), integer < p);
    }
  }
}

TYPED_TEST(FieldTest, ADecoderSaysWhichElementIsTooLarge) {
  Bytes bytes(3 * TypeParam::kEncodedSize, 0);
  std::vector<TypeParam> elements(3);
  EXPECT_TRUE(DecodeVec<TypeParam>(bytes, elements).ok());
  std::fill(bytes.begin() + 2 * TypeParam::kEncodedSize, bytes.end(), 0xff);
  const auto refused = DecodeVec<TypeParam>(bytes, elements);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "VDAF_ELEMENT_TOO_LARGE");
  EXPECT_EQ(refused.error().message, "field element 2 is not below the modulus");
}

TYPED_TEST(FieldTest, SmallIntegersComeBack) {
  for (const std::uint64_t value : {0ULL, 1ULL, 4095ULL, 0xfffffffeffffffffULL}) {
    std::uint64_t back = 0;
    EXPECT_TRUE(TypeParam(value).ToUint64(back));
    EXPECT_EQ(back, value);
  }
}

TEST(Field128Test, WhatIsAbove64BitsIsSaid) {
  std::uint64_t back = 0;
  EXPECT_FALSE((Field128(~std::uint64_t{0}) + Field128(1)).ToUint64(back));
  EXPECT_FALSE((-Field128(1)).ToUint64(back));
}

}  // namespace
}  // namespace equinode::vdaf
