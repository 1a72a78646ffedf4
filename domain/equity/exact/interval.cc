#include "domain/equity/exact/interval.h"

namespace equinode::equity {
namespace {

constexpr int kShown = 30;

const Rational& NcqaSquared() {
  static const Rational squared = Rational::Of(196 * 196, 10'000);
  return squared;
}

// sqrt(a) + sqrt(b) < d ?
bool RootsBelow(const Rational& a, const Rational& b, const Rational& d) {
  if (d.sign() <= 0) return false;
  const Rational rest = d * d - a - b;
  return rest.sign() > 0 && Rational(4) * a * b < rest * rest;
}

}  // namespace

const Rational& NormalSquared() {
  static const Rational z = Rational::Of(1'959'963'984'540'054, 1'000'000'000'000'000);
  static const Rational squared = z * z;
  return squared;
}

ExactInterval NcqaInterval(const Rational& p, const Rational& n) {
  const Rational correction = Rational(1) / (n * 2);
  return {p - correction, p + correction, NcqaSquared() * p * (Rational(1) - p) / n};
}

ExactInterval WilsonInterval(const Rational& p, const Rational& n) {
  const Rational& z2 = NormalSquared();
  const Rational scale = Rational(1) + z2 / n;
  const Rational middle = (p + z2 / (n * 2)) / scale;
  const Rational square = z2 * (p * (Rational(1) - p) / n + z2 / (n * n * 4)) / (scale * scale);
  return {middle, middle, square};
}

bool UpperBelow(const ExactInterval& interval, const Rational& value) {
  const Rational room = value - interval.high;
  return room.sign() > 0 && interval.square < room * room;
}

bool LowerAbove(const ExactInterval& interval, const Rational& value) {
  const Rational room = interval.low - value;
  return room.sign() > 0 && interval.square < room * room;
}

int Apart(const ExactInterval& a, const ExactInterval& b) {
  if (RootsBelow(a.square, b.square, b.low - a.high)) return -1;
  if (RootsBelow(a.square, b.square, a.low - b.high)) return 1;
  return 0;
}

Rational ShownLower(const ExactInterval& interval) {
  return Max(interval.low - interval.square.SquareRoot(kShown), Rational());
}
Rational ShownUpper(const ExactInterval& interval) {
  return Min(interval.high + interval.square.SquareRoot(kShown), Rational(1));
}

bool SignificantAt05(const Rational& p1, const Rational& n1, const Rational& p2,
                     const Rational& n2) {
  const Rational pooled = (p1 * n1 + p2 * n2) / (n1 + n2);
  const Rational variance = pooled * (Rational(1) - pooled) * (Rational(1) / n1 + Rational(1) / n2);
  const Rational difference = p1 - p2;
  return variance.sign() > 0 && difference * difference >= NormalSquared() * variance;
}

}  // namespace equinode::equity
