#include "domain/equity/programs/interval_functions.h"

#include <vector>

#include "domain/equity/exact/normal_tail.h"

namespace equinode::equity::programs {
namespace {

using IntervalArguments = std::span<const Value>;

const Rational kOne(1);
const Rational kHalf = Rational::Of(1, 2);

// Why there is no interval of a proportion of somebody; else a truth.
Value NoInterval(const Value& p, const Value& n) {
  if (n.number.sign() <= 0) {
    return n.high().sign() > 0 ? Value::Suppressed() : Value::None("no_denominator");
  }
  if (p.number.sign() < 0 || p.high() > kOne) {
    return p.open() ? Value::Suppressed() : Value::None("not_a_proportion");
  }
  return Value::Truth(true);
}

Value NoIntervals(IntervalArguments a) {
  const Value first = NoInterval(a[0], a[1]);
  return first.known() ? NoInterval(a[2], a[3]) : first;
}

// The intervals of every p and n there may be: each lies within `widest`, and each one's ends are
// at least as far out as those of `narrowest`, whose own ends may be the wrong way round.
struct Intervals {
  ExactInterval widest{};
  ExactInterval narrowest{};
};

// Both makers' middle is monotone in p and in n, and their root is greatest at 1/2 and for few.
Intervals IntervalsOf(IntervalMaker make, const Value& p, const Value& n) {
  Intervals out;
  out.widest = make(p.number, n.number);
  out.narrowest = out.widest;
  if (!p.open() && !n.open()) return out;
  std::vector<Rational> rates = {p.number, p.high()};
  if (p.number < kHalf && p.high() > kHalf) rates.push_back(kHalf);
  for (const Rational& rate : rates) {
    for (const Rational* people : {&n.number, &n.high()}) {
      const ExactInterval one = make(rate, *people);
      out.widest = {Min(out.widest.low, one.low), Max(out.widest.high, one.high),
                    Max(out.widest.square, one.square)};
      out.narrowest = {Max(out.narrowest.low, one.low), Min(out.narrowest.high, one.high),
                       Min(out.narrowest.square, one.square)};
    }
  }
  return out;
}

Value Decide(bool surely, bool possibly) {
  return surely ? Value::Truth(true) : possibly ? Value::Either() : Value::Truth(false);
}

// What a pooled z test is made of: the square of the difference and its variance, as ranges.
struct Test {
  Rational least_square{}, greatest_square{};
  Rational least_variance{}, greatest_variance{};
};

Rational Spread(const Rational& p) { return p * (kOne - p); }

Test TestOf(IntervalArguments a) {
  Test test;
  const Rational low = a[0].number - a[2].high();
  const Rational high = a[0].high() - a[2].number;
  if (low.sign() > 0 || high.sign() < 0) test.least_square = Min(low * low, high * high);
  test.greatest_square = Max(low * low, high * high);
  // A weighted mean is monotone in its weights too.
  Rational least, most;
  bool first = true;
  for (const Rational* n1 : {&a[1].number, &a[1].high()}) {
    for (const Rational* n2 : {&a[3].number, &a[3].high()}) {
      const Rational people = *n1 + *n2;
      const Rational under = (a[0].number * *n1 + a[2].number * *n2) / people;
      const Rational over = (a[0].high() * *n1 + a[2].high() * *n2) / people;
      least = first ? under : Min(least, under);
      most = first ? over : Max(most, over);
      first = false;
    }
  }
  const Rational at_ends = Min(Spread(least), Spread(most));
  const bool middle = least < kHalf && most > kHalf;
  const Rational greatest = middle ? Spread(kHalf) : Max(Spread(least), Spread(most));
  test.least_variance = at_ends * (kOne / a[1].high() + kOne / a[3].high());
  test.greatest_variance = greatest * (kOne / a[1].number + kOne / a[3].number);
  return test;
}

Value PValueOfSquare(const Rational& least, const Rational& greatest) {
  const RationalRange nearest = TwoSidedTail(least);
  const RationalRange furthest = least == greatest ? nearest : TwoSidedTail(greatest);
  return Value::Between(furthest.low, nearest.high);
}

}  // namespace

Value UpperBelowOf(IntervalMaker make, IntervalArguments a) {
  const Value bad = NoInterval(a[0], a[1]);
  if (!bad.known()) return bad;
  const Intervals all = IntervalsOf(make, a[0], a[1]);
  return Decide(UpperBelow(all.widest, a[2].number), UpperBelow(all.narrowest, a[2].high()));
}

Value LowerAboveOf(IntervalMaker make, IntervalArguments a) {
  const Value bad = NoInterval(a[0], a[1]);
  if (!bad.known()) return bad;
  const Intervals all = IntervalsOf(make, a[0], a[1]);
  return Decide(LowerAbove(all.widest, a[2].high()), LowerAbove(all.narrowest, a[2].number));
}

Value ApartOf(IntervalMaker make, IntervalArguments a) {
  const Value bad = NoIntervals(a);
  if (!bad.known()) return bad;
  const Intervals one = IntervalsOf(make, a[0], a[1]);
  const Intervals two = IntervalsOf(make, a[2], a[3]);
  const int surely = Apart(one.widest, two.widest);
  if (surely != 0) return Value::Number(surely);
  const bool open = a[0].open() || a[1].open() || a[2].open() || a[3].open();
  if (!open) return Value::Number(0);
  // Below is possible only if the least upper end is below the greatest lower one; above likewise.
  const auto reach = [](const ExactInterval& a_end, const ExactInterval& b_end) {
    return Apart({a_end.high, a_end.high, a_end.square}, {b_end.low, b_end.low, b_end.square}) < 0;
  };
  const bool below = reach(one.narrowest, two.narrowest);
  const bool above = reach(two.narrowest, one.narrowest);
  return Value::Between(below ? -1 : 0, above ? 1 : 0);
}

Value LowerOf(IntervalMaker make, IntervalArguments a) {
  const Value bad = NoInterval(a[0], a[1]);
  if (!bad.known()) return bad;
  const Intervals all = IntervalsOf(make, a[0], a[1]);
  return Value::Between(ShownLower(all.widest), ShownLower(all.narrowest));
}

Value UpperOf(IntervalMaker make, IntervalArguments a) {
  const Value bad = NoInterval(a[0], a[1]);
  if (!bad.known()) return bad;
  const Intervals all = IntervalsOf(make, a[0], a[1]);
  return Value::Between(ShownUpper(all.narrowest), ShownUpper(all.widest));
}

Value SignificantOf(IntervalArguments a) {
  const Value bad = NoIntervals(a);
  if (!bad.known()) return bad;
  if (!a[0].open() && !a[1].open() && !a[2].open() && !a[3].open()) {
    return Value::Truth(SignificantAt05(a[0].number, a[1].number, a[2].number, a[3].number));
  }
  // Where the variance is 0 all or none are in the numerator, and there is no difference.
  const Test test = TestOf(a);
  const bool surely =
      test.least_square.sign() > 0 && test.least_square >= NormalSquared() * test.greatest_variance;
  return Decide(surely, test.greatest_square >= NormalSquared() * test.least_variance);
}

Value PValueOf(IntervalArguments a) {
  const Value bad = NoIntervals(a);
  if (!bad.known()) return bad;
  const Test test = TestOf(a);
  if (test.greatest_variance.sign() == 0) return Value::None("no_variance");
  if (test.least_variance.sign() == 0) return Value::Suppressed();
  return PValueOfSquare(test.least_square / test.greatest_variance,
                        test.greatest_square / test.least_variance);
}

Value NewcombeOf(IntervalArguments a, bool upper) {
  const Value bad = NoIntervals(a);
  if (!bad.known()) return bad;
  const Value difference = Arithmetic("-", a[0], a[2]);
  const auto reach = [&](std::size_t at, bool up) {
    const Value limit = up ? UpperOf(&WilsonInterval, a.subspan(at, 2))
                           : LowerOf(&WilsonInterval, a.subspan(at, 2));
    const Value span = up ? Arithmetic("-", limit, a[at]) : Arithmetic("-", a[at], limit);
    return Value::Between(Max(span.number, Rational()), Max(span.high(), Rational()));
  };
  const Value first = reach(0, upper);
  const Value second = reach(2, !upper);
  const auto root = [](const Rational& x, const Rational& y) {
    return (x * x + y * y).SquareRoot(30);
  };
  const Value both =
      Value::Between(root(first.number, second.number), root(first.high(), second.high()));
  return Arithmetic(upper ? "+" : "-", difference, both);
}

}  // namespace equinode::equity::programs
