#include "domain/equity/exact/normal_tail.h"

// After gmp.h, which rational.h includes: MPFR then speaks of fractions too.
#include <mpfr.h>

namespace equinode::equity {
namespace {

constexpr mpfr_prec_t kBits = 160;

// A number of MPFR that frees itself.
struct Real {
  Real() { mpfr_init2(value, kBits); }
  ~Real() { mpfr_clear(value); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  mpfr_t value;
};

// The root's error is at most 2^-158 of it, the tail's own 2^-160; erfc(x) feels the first
// (2 x^2 + 2)-fold, which is less than 2^11. So the truth is within 2^-140 of what comes out.
constexpr int kSure = 140;

}  // namespace

RationalRange TwoSidedTail(const Rational& z_squared) {
  // erfc(x) <= exp(-x^2): there it is below exp(-1000) < 2^-1442. The fraction would be as long as
  // its exponent.
  if (z_squared > Rational(2000)) return {Rational(), Rational::FromDouble(0x1p-1000)};
  if (z_squared.sign() == 0) return {Rational(1), Rational(1)};
  Real tail;
  mpq_t fraction;
  mpq_init(fraction);
  z_squared.ToGmp(fraction);
  mpfr_set_q(tail.value, fraction, MPFR_RNDN);
  mpfr_div_2ui(tail.value, tail.value, 1, MPFR_RNDN);
  mpfr_sqrt(tail.value, tail.value, MPFR_RNDN);
  mpfr_erfc(tail.value, tail.value, MPFR_RNDN);
  mpfr_get_q(fraction, tail.value);
  const Rational middle = Rational::FromGmp(fraction);
  mpq_div_2exp(fraction, fraction, kSure);
  const Rational off = Rational::FromGmp(fraction);
  mpq_clear(fraction);
  return {middle - off, middle + off};
}

}  // namespace equinode::equity
