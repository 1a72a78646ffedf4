// Confidence limits that hold a square root, compared exactly: a limit is rational +-
// sqrt(rational), and whether two such limits cross is decided by squaring, never by rounding.
#pragma once

#include "domain/equity/exact/rational.h"

namespace equinode::equity {

// [low - sqrt(square), high + sqrt(square)], closed; square >= 0.
struct ExactInterval {
  Rational low{};
  Rational high{};
  Rational square{};
};

// NCQA's 95 % interval: p -+ 1.96 sqrt(p(1-p)/n) -+ 1/(2n), z = 1.96 exactly. 0 <= p <= 1, n > 0.
// Limits outside [0, 1] are cut where they are shown; no comparison with a rate feels the cut.
ExactInterval NcqaInterval(const Rational& p, const Rational& n);
// Wilson's, z = 1.959963984540054.
ExactInterval WilsonInterval(const Rational& p, const Rational& n);

bool UpperBelow(const ExactInterval& interval, const Rational& value);  // Strictly.
bool LowerAbove(const ExactInterval& interval, const Rational& value);  // Strictly.
// -1: `a` lies wholly below `b`; 1: above; 0: they share a point, be it one end.
int Apart(const ExactInterval& a, const ExactInterval& b);

// The limits to 30 decimals and within [0, 1]: to be shown.
Rational ShownLower(const ExactInterval& interval);
Rational ShownUpper(const ExactInterval& interval);

// The square of 1.959963984540054, for two-sided tests at .05.
const Rational& NormalSquared();

// Two proportions, pooled z, two-sided: |z| >= 1.959963984540054, that is p <= .05, exactly.
bool SignificantAt05(const Rational& p1, const Rational& n1, const Rational& p2,
                     const Rational& n2);

}  // namespace equinode::equity
