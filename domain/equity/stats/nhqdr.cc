#include "domain/equity/stats/nhqdr.h"

#include "domain/equity/exact/interval.h"
#include "domain/equity/exact/rational.h"

namespace equinode::equity {

Nhqdr NhqdrVerdict(const ExactProportion& group, const ExactProportion& reference,
                   bool lower_is_better) {
  const Rational rate = Rational::Of(group.x, group.n);
  const Rational yard = Rational::Of(reference.x, reference.n);
  const Rational rest = Rational(1) - yard;
  const Rational distance = (rate - yard).Abs();
  const Rational tenth = Rational::Of(1, 10);
  Nhqdr result;
  bool large = false;
  if (yard.sign() > 0) {
    result.favourable_pct = (Rational(100) * distance / yard).ToDouble();
    large = distance >= tenth * yard;
  }
  if (rest.sign() > 0) {
    result.adverse_pct = (Rational(100) * distance / rest).ToDouble();
    large = large || distance >= tenth * rest;
  }
  result.p_value = CompareProportions(group, reference, Level()).p_value;
  const bool different = large && SignificantAt05(rate, group.n, yard, reference.n);
  const bool above = rate > yard;
  result.verdict = !different ? "same" : above == lower_is_better ? "worse" : "better";
  return result;
}

}  // namespace equinode::equity
