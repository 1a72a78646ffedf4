#include "domain/privacy/noise/logarithm.h"

#include <bit>

namespace equinode::noise {
namespace {

constexpr WideUnsigned kOne = WideUnsigned{1} << kLogBits;

struct Span {
  WideUnsigned low = 0;
  WideUnsigned high = 0;
};

// 2 atanh(z) = 2 (z + z^3/3 + z^5/5 + ...) for z = numerator/denominator <= 1/3. The low sum leaves
// out what is small and rounds down; the high one rounds up and adds a bound of the rest.
Span TwiceAtanh(WideUnsigned numerator, WideUnsigned denominator) {
  Span power{(numerator << kLogBits) / denominator, DivideUp(numerator << kLogBits, denominator)};
  const Span square{(power.low * power.low) >> kLogBits, DivideUp(power.high * power.high, kOne)};
  Span sum;
  for (unsigned odd = 1; odd <= 41; odd += 2) {
    sum.low += power.low / odd;
    sum.high += DivideUp(power.high, odd);
    power.low = (power.low * square.low) >> kLogBits;
    power.high = DivideUp(power.high * square.high, kOne);
  }
  // The rest is a geometric series of ratio <= 1/9 at most: below 9/8 of its first term.
  sum.high += DivideUp(power.high * 9, 8 * 43);
  return {2 * sum.low, 2 * sum.high};
}

}  // namespace

LogBounds Log(std::uint64_t numerator, std::uint64_t denominator) {
  // x = 2^e m with 1 <= m < 2; ln m = 2 atanh((m-1)/(m+1)); ln 2 = 2 atanh(1/3).
  unsigned e = static_cast<unsigned>(std::bit_width(numerator) - std::bit_width(denominator));
  if ((WideUnsigned{denominator} << e) > numerator) --e;
  const WideUnsigned scaled = WideUnsigned{denominator} << e;
  const Span mantissa = TwiceAtanh(numerator - scaled, numerator + scaled);
  const Span two = TwiceAtanh(1, 3);
  return {static_cast<WideSigned>(e * two.low + mantissa.low),
          static_cast<WideSigned>(e * two.high + mantissa.high)};
}

}  // namespace equinode::noise
