// The functions of a rule that need nothing but their arguments.
//
//   if(c, a, b)  or_else(a, b)  known(a)  none(reason)
//   min(a, b)  max(a, b)  abs(a)  clamp(a, low, high)  round(a, places)  cents(a)
//   ncqa_below(p, n, x)  ncqa_above(p, n, x)    the 95 % interval lies strictly below, above x
//   ncqa_apart(p, n, p2, n2)                    -1, 0 or 1: below, sharing a point, above
//   wilson_below, wilson_above, wilson_apart    the same with Wilson's interval
//   significant(p, n, p2, n2)                   pooled z, two-sided p <= .05
//   ncqa_lower(p, n)  ncqa_upper(p, n)  wilson_lower(p, n)  wilson_upper(p, n)       } to be shown,
//   p_value(p, n, p2, n2)  newcombe_lower(p, n, p2, n2)  newcombe_upper(p, n, p2, n2) } never
//   compared
#pragma once

#include "domain/equity/programs/expression.h"

namespace equinode::equity::programs {

Value CallFunction(const Expression& call, const Scope& scope);

}  // namespace equinode::equity::programs
