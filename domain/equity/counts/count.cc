#include "domain/equity/counts/count.h"

namespace equinode::equity {

Result<Count> Add(const Count& a, const Count& b) {
  Count sum;
  if (__builtin_add_overflow(a.lower, b.lower, &sum.lower) ||
      __builtin_add_overflow(a.upper, b.upper, &sum.upper) ||
      __builtin_add_overflow(a.noise_variance, b.noise_variance, &sum.noise_variance)) {
    return Error{Code::kOutOfRange, "COUNT_TOO_LARGE", "a sum of counts is past 64 bits"};
  }
  return sum;
}

Result<CellCounts> Add(const CellCounts& a, const CellCounts& b) {
  EQN_TRY(const Count numerator, Add(a.numerator, b.numerator));
  EQN_TRY(const Count denominator, Add(a.denominator, b.denominator));
  return CellCounts{numerator, denominator};
}

}  // namespace equinode::equity
