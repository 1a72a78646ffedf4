// A noise: its law, its variance, a draw from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/privacy/noise/coins.h"
#include "domain/privacy/noise/ratio.h"

namespace equinode::noise {

enum class NoiseLaw : std::uint8_t {
  kLaplace = 1,   // Discrete Laplace; the parameter is its scale.
  kGaussian = 2,  // Discrete Gaussian; the parameter is sigma squared.
};

std::string_view LawName(NoiseLaw law);  // "laplace", "gaussian".

class Noise {
 public:
  // INVALID_ARGUMENT / NOISE_TOO_LARGE for a scale past 2^20: no count is so large.
  static Result<Noise> Make(NoiseLaw law, const Ratio& parameter);

  NoiseLaw law() const { return law_; }
  const Ratio& parameter() const { return parameter_; }

  std::int64_t Draw(Coins& coins) const;
  // In millionths, never less than the true one: sigma squared for the Gaussian (the discrete one
  // has a little less), 2 s^2 - 1/6 + 1/(120 s^2) or 2 s^2 for the Laplace of scale s (above by
  // less than 0.02 % from scale 1 on).
  std::uint64_t VarianceMicros() const;

  friend bool operator==(const Noise&, const Noise&) = default;

 private:
  Noise(NoiseLaw law, const Ratio& parameter) : law_(law), parameter_(parameter) {}
  NoiseLaw law_;
  Ratio parameter_;
};

}  // namespace equinode::noise
