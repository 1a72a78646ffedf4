#include "domain/equity/stats/level.h"

#include <array>
#include <cmath>
#include <numbers>

namespace equinode::equity {
namespace {

using Coefficients = std::array<double, 8>;

double Polynomial(const Coefficients& c, double x) {
  double sum = 0;
  for (auto i = c.rbegin(); i != c.rend(); ++i) sum = sum * x + *i;
  return sum;
}

// Applied Statistics 37 (1988), algorithm AS 241, PPND16.
constexpr Coefficients kA = {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
                             13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                             33430.575583588128105, 2509.0809287301226727};
constexpr Coefficients kB = {1.0,
                             42.313330701600911252,
                             687.18700749205790830,
                             5394.1960214247511077,
                             21213.794301586595867,
                             39307.895800092710610,
                             28729.085735721942674,
                             5226.4952788528545610};
constexpr Coefficients kC = {1.42343711074968357734,   4.63033784615654529590,
                             5.76949722146069140550,   3.64784832476320460504,
                             1.27045825245236838258,   0.241780725177450611770,
                             0.0227238449892691845833, 0.000774545014278341407640};
constexpr Coefficients kD = {1.0,
                             2.05319162663775882187,
                             1.67638483018380384940,
                             0.689767334985100004550,
                             0.148103976427480074590,
                             0.0151986665636164571966,
                             0.000547593808499534494600,
                             1.05075007164441684324e-9};
constexpr Coefficients kE = {6.65790464350110377720,      5.46378491116411436990,
                             1.78482653991729133580,      0.296560571828504891230,
                             0.0265321895265761230930,    0.00124266094738807843860,
                             0.0000271155556874348757815, 2.01033439929228813265e-7};
constexpr Coefficients kF = {1.0,
                             0.599832206555887937690,
                             0.136929880922735805310,
                             0.0148753612908506148525,
                             0.000786869131145613259100,
                             0.0000184631831751005468180,
                             1.42151175831644588870e-7,
                             2.04426310338993978564e-15};

double FirstQuantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Polynomial(kA, r) / Polynomial(kB, r);
  }
  double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double z = r <= 5 ? Polynomial(kC, r - 1.6) / Polynomial(kD, r - 1.6)
                          : Polynomial(kE, r - 5) / Polynomial(kF, r - 5);
  return q < 0 ? -z : z;
}

}  // namespace

double NormalQuantile(double p) {
  const long double z = FirstQuantile(p);
  const long double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi_v<long double>);
  if (density == 0) return static_cast<double>(z);
  // The error is measured on the side of the nearer tail, where nothing cancels.
  const long double root2 = std::numbers::sqrt2_v<long double>;
  const long double off = z < 0 ? std::erfc(-z / root2) / 2 - p
                                : (1 - static_cast<long double>(p)) - std::erfc(z / root2) / 2;
  return static_cast<double>(z - off / density);
}

double TwoSidedP(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

Result<Level> Level::Of(double confidence) {
  if (!(confidence > 0.5 && confidence < 1)) {
    return Error{Code::kInvalidArgument, "BAD_LEVEL",
                 "a level of confidence is above 0.5 and below 1, such as 0.95"};
  }
  return Level(confidence, NormalQuantile((1 + confidence) / 2));
}

}  // namespace equinode::equity
