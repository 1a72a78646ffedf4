#include "domain/equity/exact/rational.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

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

}  // namespace
}  // namespace equinode::equity
