// Money is whole to the cent, whatever the plans.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "domain/equity/money/pool.h"

namespace equinode::equity {
namespace {

Rational Fraction(std::string_view text) { return Rational::Parse(text).value(); }

TEST(Cents, RoundHalfAwayFromZero) {
  EXPECT_EQ(CentsOf(Fraction("0.005"))->value, 1);
  EXPECT_EQ(CentsOf(Fraction("-0.005"))->value, -1);
  EXPECT_EQ(CentsOf(Fraction("0.00499999"))->value, 0);
  EXPECT_EQ(CentsDown(Fraction("0.009"))->value, 0);
  EXPECT_EQ(DollarText(CentsOf(Fraction("98765432.104")).value()), "98765432.10");
  EXPECT_EQ(CentsOf(Fraction("10000000000.01"))->value, 1'000'000'000'001);
  EXPECT_EQ(CentsOf(Fraction("1000000000000000.01")).error().reason, "TOO_MUCH_MONEY");
}

// 10^10 dollars at 10^-4 percent.
TEST(Cents, HoldVeryLargeAndVerySmall) {
  EXPECT_EQ(CentsOf(Fraction("10000000000") * Fraction("0.000001"))->value, 1'000'000);
  EXPECT_EQ(CentsOf(Fraction("10000000000") * Fraction("0.0000000000004"))->value, 0);
}

TEST(Cents, SplitGivesTheExtraCentsToTheFirst) {
  const std::vector<Cents> parts = SplitEvenly(Cents{20469375}, 2);
  EXPECT_EQ(parts[0].value, 10234688);
  EXPECT_EQ(parts[1].value, 10234687);
}

TEST(Pool, RefusesWhatIsNoPool) {
  const PoolTerms terms{Fraction("0.015"), Fraction("0.75")};
  EXPECT_EQ(SharePool(terms, {{"a", Fraction("0.5")}}, {}).error().reason, "BAD_POOL");
  EXPECT_EQ(SharePool(terms, {{"a", 1}}, {{"P", 100, {}}}).error().reason, "BAD_POOL");
  EXPECT_EQ(SharePool(terms, {{"a", 1}}, {{"P", -1, {{}}}}).error().reason, "BAD_POOL");
  EXPECT_EQ(
      SharePool(terms, {{"a", 1}}, {{"P", 1, {{Fraction("1.01"), false, {}}}}}).error().reason,
      "BAD_POOL");
}

TEST(Pool, NobodyMetKeepsEverything) {
  const PoolMoney money = SharePool({Fraction("0.015"), Fraction("0.75")}, {{"a", 1}},
                                    {{"P", Fraction("1000000.33"), {{0, false, 5}}}})
                              .value();
  EXPECT_EQ(money.plans[0].bonus.value, 0);
  EXPECT_EQ(money.retained, money.plans[0].withheld);
}

TEST(Pool, ConservesEveryCent) {
  EXPECT_TRUE(rc::check("withheld = earned + bonus + retained", []() {
    const int outcome_count = *rc::gen::inRange(1, 7);
    std::vector<std::int64_t> weights;
    std::int64_t all = 0;
    for (int i = 0; i < outcome_count; ++i) {
      weights.push_back(*rc::gen::inRange<std::int64_t>(1, 1000));
      all += weights.back();
    }
    std::vector<PoolOutcome> outcomes;
    for (const std::int64_t weight : weights) {
      outcomes.push_back({std::to_string(outcomes.size()), Rational::Of(weight, all)});
    }
    std::vector<PoolPlan> plans(static_cast<std::size_t>(*rc::gen::inRange(1, 7)));
    for (std::size_t p = 0; p < plans.size(); ++p) {
      plans[p].name = std::string(1, static_cast<char>('A' + p));
      plans[p].capitation =
          Rational::Of(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000), 100);
      for (int i = 0; i < outcome_count; ++i) {
        plans[p].standings.push_back({Rational::Of(*rc::gen::inRange(0, 6), 5),
                                      *rc::gen::arbitrary<bool>(),
                                      Rational(*rc::gen::inRange(0, 3))});
      }
    }
    for (const PoolPortion portion : {PoolPortion::kBySource, PoolPortion::kByWeight}) {
      const PoolTerms terms{Fraction("0.015"), Rational::Of(*rc::gen::inRange(0, 101), 100),
                            portion};
      const PoolMoney money = SharePool(terms, outcomes, plans).value();
      Cents withheld, paid;
      for (const PlanMoney& line : money.plans) {
        RC_ASSERT(line.earned.value >= 0 && line.bonus.value >= 0);
        RC_ASSERT(line.earned <= line.withheld);
        withheld = withheld + line.withheld;
        paid = paid + line.earned + line.bonus;
      }
      RC_ASSERT(withheld == paid + money.retained);
      RC_ASSERT(money.pool + money.kept == money.unearned);
      RC_ASSERT(money.retained >= money.kept);
    }
  }));
}

TEST(Pool, OrderOfPlansChangesNothing) {
  EXPECT_TRUE(rc::check("reversed", []() {
    std::vector<PoolPlan> plans;
    for (const char* name : {"A", "B", "C"}) {
      plans.push_back({name, Rational::Of(*rc::gen::inRange(1, 1'000'000), 7), {}});
      plans.back().standings.push_back({0, true, Rational(*rc::gen::inRange(0, 2))});
    }
    const PoolTerms terms{Fraction("0.015"), Fraction("0.75")};
    const PoolMoney there = SharePool(terms, {{"o", 1}}, plans).value();
    const PoolMoney back = SharePool(terms, {{"o", 1}}, {plans[2], plans[1], plans[0]}).value();
    for (std::size_t i = 0; i < 3; ++i) RC_ASSERT(there.plans[i].bonus == back.plans[2 - i].bonus);
  }));
}

}  // namespace
}  // namespace equinode::equity
