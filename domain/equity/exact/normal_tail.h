// The tail of the normal distribution between two fractions: a p value by which something may be
// decided is never a rounded double.
#pragma once

#include "domain/equity/exact/rational.h"

namespace equinode::equity {

struct RationalRange {
  Rational low{};
  Rational high{};
};

// The chance of a standard normal that is at least as far from 0 as the root of `z_squared`, which
// is erfc(sqrt(z_squared / 2)); z_squared >= 0. It lies in the range, ends in. They are equal at 0
// and differ by less than 1e-36 of the value elsewhere, but for chances below 2^-1000: [0,
// 2^-1000].
RationalRange TwoSidedTail(const Rational& z_squared);

}  // namespace equinode::equity
