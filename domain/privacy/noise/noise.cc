#include "domain/privacy/noise/noise.h"

#include <algorithm>

#include "domain/privacy/noise/discrete_gaussian.h"
#include "domain/privacy/noise/discrete_laplace.h"
#include "domain/privacy/noise/wide.h"

namespace equinode::noise {
namespace {

constexpr std::uint64_t kMostScale = std::uint64_t{1} << 20;

std::uint64_t LaplaceVarianceMicros(const Ratio& scale) {
  // The variance is 1/(2 sinh(y)^2) with y = 1/(2 s), and 1/sinh(y)^2 is below
  // 1/y^2 - 1/3 + y^2/15 as well as below 1/y^2.
  const WideUnsigned s2 = WideUnsigned{scale.numerator()} * scale.numerator();
  const WideUnsigned t2 = WideUnsigned{scale.denominator()} * scale.denominator();
  const WideUnsigned plain = DivideUp(2'000'000 * s2, t2);
  const WideUnsigned closer = plain + DivideUp(1'000'000 * t2, 120 * s2) - 166'666;
  return static_cast<std::uint64_t>(std::min(plain, closer));
}

}  // namespace

std::string_view LawName(NoiseLaw law) {
  switch (law) {
    case NoiseLaw::kLaplace:
      return "laplace";
    case NoiseLaw::kGaussian:
      return "gaussian";
  }
  return "";
}

Result<Noise> Noise::Make(NoiseLaw law, const Ratio& parameter) {
  if (law == NoiseLaw::kLaplace && parameter.numerator() > kMostScale * parameter.denominator()) {
    return Error{Code::kInvalidArgument, "NOISE_TOO_LARGE",
                 "a scale of Laplace noise is at most 1048576"};
  }
  return Noise(law, parameter);
}

std::int64_t Noise::Draw(Coins& coins) const {
  switch (law_) {
    case NoiseLaw::kLaplace:
      return DrawDiscreteLaplace(parameter_, coins);
    case NoiseLaw::kGaussian:
      return DrawDiscreteGaussian(parameter_, coins);
  }
  __builtin_unreachable();
}

std::uint64_t Noise::VarianceMicros() const {
  switch (law_) {
    case NoiseLaw::kLaplace:
      return LaplaceVarianceMicros(parameter_);
    case NoiseLaw::kGaussian:
      break;
  }
  return static_cast<std::uint64_t>(
      DivideUp(WideUnsigned{1'000'000} * parameter_.numerator(), parameter_.denominator()));
}

}  // namespace equinode::noise
