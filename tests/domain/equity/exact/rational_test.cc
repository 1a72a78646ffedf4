#include "domain/equity/exact/rational.h"

#include <gmp.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <utility>

#include "domain/equity/exact/normal_tail.h"

namespace equinode::equity {
namespace {

Rational Parsed(std::string_view text) { return Rational::Parse(text).value(); }

TEST(Rational, ReadsDecimalsAndRefusesTheRest) {
  EXPECT_EQ(Parsed("-12.30"), Rational::Of(-123, 10));
  EXPECT_EQ(Parsed(".5"), Rational::Of(1, 2));
  EXPECT_EQ(Parsed("+7."), Rational(7));
  for (const char* bad : {"", "-", ".", "1,000", "1e3", "1.2.3", " 1", "1 ", "0x1", "1/2"}) {
    EXPECT_FALSE(Rational::Parse(bad).ok()) << bad;
  }
  EXPECT_FALSE(Rational::Parse(std::string(65, '1')).ok());
}

TEST(Rational, RoundsHalfAwayFromZero) {
  struct Case {
    const char* value;
    int places;
    const char* rounded;
  };
  for (const Case& c :
       {Case{"38.065", 2, "38.07"}, Case{"38.0649", 2, "38.06"}, Case{"-9.95", 1, "-10.0"},
        Case{"9.95", 1, "10.0"}, Case{"0.5", 0, "1"}, Case{"-0.5", 0, "-1"},
        Case{"-0.049", 1, "0.0"}, Case{"0", 2, "0.00"}, Case{"2", 3, "2.000"}}) {
    EXPECT_EQ(Parsed(c.value).Text(c.places), c.rounded) << c.value;
  }
  EXPECT_EQ(Parsed("-1.001").RoundedDown(2).Text(2), "-1.01");
  EXPECT_EQ(Parsed("1.009").RoundedDown(2).Text(2), "1.00");
}

// The source papers' own example, where doubles give 20.000000000000014.
TEST(Rational, DecidesWhatDoublesMiss) {
  const Rational net = ((Parsed(".40") - Parsed(".25")) - (Parsed(".42") - Parsed(".30"))) /
                       (Parsed(".40") - Parsed(".25"));
  EXPECT_EQ(net * 100, Rational(20));
  EXPECT_EQ((Parsed(".22") - Parsed(".20")) / Parsed(".20") * 100, Rational(10));
}

TEST(Rational, HoldsTheEdgesOf64Bits) {
  const auto most = std::numeric_limits<std::int64_t>::max();
  const auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ((Rational(most) * most / most).ToInt64().value(), most);
  EXPECT_EQ(Rational(least).ToInt64().value(), least);
  EXPECT_FALSE((Rational(most) + 1).ToInt64().ok());
  EXPECT_FALSE(Parsed("0.5").ToInt64().ok());
  EXPECT_EQ(Rational::Of(most, most), Rational(1));
  EXPECT_LT(Rational::Of(most - 1, most), Rational(1));
  EXPECT_EQ(Rational::Of(1, least).sign(), -1);
}

TEST(Rational, TellsAllDigitsOrTheFraction) {
  EXPECT_EQ(Parsed("1.2500").Exact(), "1.25");
  EXPECT_EQ(Parsed("-3").Exact(), "-3");
  EXPECT_EQ(Rational::Of(1, 3).Exact(), "1/3");
  EXPECT_EQ(Parsed("100").Exact(), "100");
}

TEST(Rational, SquareRootIsTheLargestThatFits) {
  EXPECT_EQ(Parsed("2").SquareRoot(3).Text(3), "1.414");
  EXPECT_EQ(Parsed("0.25").SquareRoot(5), Parsed("0.5"));
}

TEST(Rational, GivesTheNearestDouble) {
  EXPECT_EQ(Rational::Of(1, 3).ToDouble(), 1.0 / 3.0);
  EXPECT_EQ(Rational::Of(2, 3).ToDouble(), 2.0 / 3.0);
  EXPECT_TRUE(rc::check("num/den as the machine rounds it", [](std::int32_t num) {
    const std::int32_t den = *rc::gen::suchThat<std::int32_t>([](auto d) { return d != 0; });
    RC_ASSERT(Rational::Of(num, den).ToDouble() == double(num) / double(den));
  }));
}

TEST(Rational, RoundingIsWithinHalfAUnit) {
  EXPECT_TRUE(rc::check("rounded", [](std::int64_t num) {
    const std::int64_t den = *rc::gen::suchThat<std::int64_t>([](auto d) { return d != 0; });
    const int places = *rc::gen::inRange(0, 6);
    const Rational value = Rational::Of(num, den);
    const Rational unit = Rational(1) / Rational(static_cast<std::int64_t>(std::pow(10, places)));
    RC_ASSERT((value - value.Rounded(places)).Abs() <= unit / 2);
    RC_ASSERT(value.Rounded(places) == -(-value).Rounded(places));
    RC_ASSERT(value.RoundedDown(places) <= value);
    RC_ASSERT(Rational::Parse(value.Text(places)).value() == value.Rounded(places));
  }));
}

struct Gmp {
  Gmp() { mpq_init(value); }
  explicit Gmp(const Rational& of) : Gmp() { of.ToGmp(value); }
  ~Gmp() { mpq_clear(value); }
  Gmp(const Gmp&) = delete;
  Gmp& operator=(const Gmp&) = delete;
  mpq_t value;
};

// Numbers at the edge of 64 bits, where what is kept small meets what is not.
rc::Gen<std::int64_t> Edgy() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::arbitrary<std::int64_t>()),
                      [](const std::pair<int, std::int64_t>& drawn) -> std::int64_t {
                        constexpr auto most = std::numeric_limits<std::int64_t>::max();
                        constexpr auto least = std::numeric_limits<std::int64_t>::min();
                        const std::int64_t small = drawn.second % 12;
                        switch (drawn.first) {
                          case 0:
                            return small;
                          case 1:
                            return most - std::abs(small);
                          case 2:
                            return least + std::abs(small);
                          case 3:
                            return (std::int64_t{1} << 32) + small;
                          default:
                            return drawn.second;
                        }
                      });
}

// Small fractions and GMP's are one number, whichever way it came about.
TEST(Rational, IsWhatGmpSays) {
  std::size_t compared = 0;
  EXPECT_TRUE(rc::check("+ - * / and order", [&]() {
    const auto drawn = [] {
      const std::int64_t den = *rc::gen::suchThat(Edgy(), [](auto d) { return d != 0; });
      Rational out = Rational::Of(*Edgy(), den);
      if (*rc::gen::inRange(0, 3) == 0) out = out * *Edgy();  // Past 64 bits.
      return out;
    };
    const Rational a = drawn(), b = drawn();
    const Gmp x(a), y(b);
    Gmp out;
    const auto same = [&](const Rational& got) {
      ++compared;
      const Gmp shown(got);
      RC_ASSERT(mpq_equal(shown.value, out.value) != 0);
      RC_ASSERT(got == Rational::FromGmp(out.value));
    };
    mpq_add(out.value, x.value, y.value);
    same(a + b);
    mpq_sub(out.value, x.value, y.value);
    same(a - b);
    same(-(b - a));
    mpq_mul(out.value, x.value, y.value);
    same(a * b);
    if (b.sign() != 0) {
      mpq_div(out.value, x.value, y.value);
      same(a / b);
      RC_ASSERT(a / b * b == a);
    }
    RC_ASSERT(((a <=> b) < 0) == (mpq_cmp(x.value, y.value) < 0));
    RC_ASSERT((a == b) == (mpq_equal(x.value, y.value) != 0));
    RC_ASSERT(a.sign() == mpq_sgn(x.value));
    RC_ASSERT(a + b - b == a);
    Rational moved = a, taken = std::move(moved);
    moved = b;
    RC_ASSERT(taken == a && moved == b);
    taken = moved;
    RC_ASSERT(taken == b && moved == b);
  }));
  EXPECT_GT(compared, 100u);
}

// erfc(1), erfc(2) and erfc(sqrt(1/2)) by their series (DLMF 7.6.1) in decimals of 60 digits.
TEST(NormalTail, HoldsTheTruthBetweenTwoFractions) {
  for (const auto& [z_squared, tail] : {std::pair{"2", "0.157299207050285130658779364917390740704"},
                                        {"8", "0.004677734981047265837930743632747071389"},
                                        {"1", "0.317310507862914102829534908735924155044"}}) {
    const RationalRange range = TwoSidedTail(Parsed(z_squared));
    EXPECT_EQ(range.low.Text(36), Parsed(tail).Text(36));
    EXPECT_EQ(range.high.Text(36), Parsed(tail).Text(36));
    EXPECT_LT(range.low, range.high);
  }
  EXPECT_EQ(TwoSidedTail(Rational()).low, Rational(1));
  EXPECT_EQ(TwoSidedTail(Rational()).high, Rational(1));
  EXPECT_EQ(TwoSidedTail(Parsed("1000000000000")).low, Rational());
  EXPECT_GT(TwoSidedTail(Parsed("1999")).low, Rational());
  EXPECT_TRUE(rc::check("narrow, falling, and about what doubles give", [] {
    const std::int64_t num = *rc::gen::inRange<std::int64_t>(0, 500'000);
    const std::int64_t den = *rc::gen::inRange<std::int64_t>(1, 1000);
    const Rational at = Rational::Of(num, den);
    if (at > Rational(1300)) return;
    const RationalRange range = TwoSidedTail(at);
    const RationalRange further = TwoSidedTail(at + Rational::Of(1, 1'000'000));
    RC_ASSERT(further.high < range.low);
    RC_ASSERT((range.high - range.low) * Rational::FromDouble(1e36) <= range.low);
    const double about = std::erfc(std::sqrt(at.ToDouble() / 2));
    RC_ASSERT(std::abs(range.low.ToDouble() - about) <= 1e-9 * about);
  }));
}

}  // namespace
}  // namespace equinode::equity
