// Intervals and tests of proportions as a rule calls them. Rates and numbers of people may be
// ranges (value.h): then the result is what holds for every one of them.
#pragma once

#include <span>

#include "domain/equity/exact/interval.h"
#include "domain/equity/programs/value.h"

namespace equinode::equity::programs {

// p and n of a proportion; NcqaInterval or WilsonInterval.
using IntervalMaker = ExactInterval (*)(const Rational& p, const Rational& n);

// The arguments are p, n and the value to hold against; not proportions: none, with the reason.
Value UpperBelowOf(IntervalMaker make, std::span<const Value> arguments);
Value LowerAboveOf(IntervalMaker make, std::span<const Value> arguments);
// p, n, p2, n2: -1, 0 or 1.
Value ApartOf(IntervalMaker make, std::span<const Value> arguments);
// p, n: the limit to be shown.
Value LowerOf(IntervalMaker make, std::span<const Value> arguments);
Value UpperOf(IntervalMaker make, std::span<const Value> arguments);

// p, n, p2, n2. Pooled z, two-sided: p <= .05, exactly; and the p value, which is a range of some
// 36 equal digits even of exact counts: what is decided by it is either where the edge lies in it.
Value SignificantOf(std::span<const Value> arguments);
Value PValueOf(std::span<const Value> arguments);
// Newcombe's hybrid of two Wilson intervals (Statistics in Medicine 17, method 10), to be shown.
Value NewcombeOf(std::span<const Value> arguments, bool upper);

}  // namespace equinode::equity::programs
