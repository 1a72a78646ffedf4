#include "domain/privacy/noise/accountant.h"

#include <numeric>

#include "domain/privacy/noise/logarithm.h"
#include "domain/privacy/noise/wide.h"

namespace equinode::noise {
namespace {

constexpr std::uint64_t kNano = 1'000'000'000;
constexpr std::uint32_t kMostSensitivity = std::uint32_t{1} << 20;
constexpr std::uint64_t kMostMicroEpsilon = 1'000'000'000'000;
constexpr std::uint64_t kMostDeltaTerm = 1'000'000'000'000'000'000;

Status Check(const Sensitivity& sensitivity) {
  if (sensitivity.l1 == 0 || sensitivity.l1 > kMostSensitivity || sensitivity.l2_squared == 0 ||
      sensitivity.l2_squared > kMostSensitivity) {
    return Error{Code::kInvalidArgument, "BAD_SENSITIVITY", "a sensitivity is from 1 to 2^20"};
  }
  return Ok();
}

Status Check(const Delta& delta) {
  if (delta.numerator == 0 || delta.numerator >= delta.denominator ||
      delta.denominator > kMostDeltaTerm) {
    return Error{Code::kInvalidArgument, "BAD_DELTA", "delta is between 0 and 1"};
  }
  return Ok();
}

Result<NanoRho> LaplaceCost(const Ratio& scale, std::uint64_t l1) {
  // epsilon = l1 t/s; with epsilon <= 2^16 and s <= 2^30 its numerator squared is below 2^92.
  const std::uint64_t product = l1 * scale.denominator();
  const std::uint64_t common = std::gcd(product, scale.numerator());
  const std::uint64_t a = product / common;
  const std::uint64_t b = scale.numerator() / common;
  if (a > (b << 16)) {
    return Error{Code::kInvalidArgument, "NO_PRIVACY", "this noise hides nobody: it is too small"};
  }
  const WideUnsigned nano = DivideUp(WideUnsigned{a} * a * kNano, WideUnsigned{2} * b * b);
  return NanoRho::Make(static_cast<std::int64_t>(nano));
}

// epsilon in billionths, rounded up, for the order alpha = 1 + p/q:
//   alpha rho + ln(1 - 1/alpha) + (ln(1/delta) - ln(alpha)) / (alpha - 1).
// True for every order; the order is only chosen to make it small.
class EpsilonOfOrder {
 public:
  EpsilonOfOrder(NanoRho rho, const Delta& delta)
      : rho_(static_cast<std::uint64_t>(rho.value())),
        log_inverse_delta_(Log(delta.denominator, delta.numerator).high) {}

  static constexpr std::uint64_t kQ = std::uint64_t{1} << 20;
  static constexpr std::uint64_t kMostP = std::uint64_t{1} << 50;

  WideSigned At(std::uint64_t p) const {
    const auto q = static_cast<WideSigned>(kQ);
    const auto first = static_cast<WideSigned>(DivideUp(WideUnsigned{p + kQ} * rho_, kQ));
    const WideSigned rest = (log_inverse_delta_ - Log(p + kQ, kQ).low) * q;
    const WideSigned logs = UpTo(rest, static_cast<WideSigned>(p)) - Log(p + kQ, p).low;
    return first + UpTo(logs * static_cast<WideSigned>(kNano), WideSigned{1} << kLogBits);
  }

 private:
  static WideSigned UpTo(WideSigned value, WideSigned by) {
    return value / by + (value > 0 && value % by != 0 ? 1 : 0);
  }
  std::uint64_t rho_;
  WideSigned log_inverse_delta_;
};

// Walks to the least: one valley, since ln(delta) is convex in the order.
WideSigned Least(const EpsilonOfOrder& epsilon) {
  std::uint64_t p = EpsilonOfOrder::kQ;
  WideSigned best = epsilon.At(p);
  const auto better = [&](std::uint64_t candidate) {
    const WideSigned value = epsilon.At(candidate);
    if (value >= best) return false;
    best = value;
    p = candidate;
    return true;
  };
  while (p < EpsilonOfOrder::kMostP / 2 && better(p * 2)) continue;
  while (p > 1 && better(p / 2)) continue;
  for (std::uint64_t step = p / 2; step > 0;) {
    if (better(p + step) || (p > step && better(p - step))) continue;
    step /= 2;
  }
  return best;
}

}  // namespace

Result<Sensitivity> OfPartitions(std::uint32_t tables, Neighbour neighbour) {
  const std::uint32_t cells = neighbour == Neighbour::kSubstitute ? 2 : 1;
  if (tables > kMostSensitivity) tables = 0;  // And not past it by wrapping round.
  const Sensitivity sensitivity{tables * cells, tables * cells};
  EQN_CHECK(Check(sensitivity));
  return sensitivity;
}

Result<NanoRho> CostOf(const Noise& noise, const Sensitivity& sensitivity) {
  EQN_CHECK(Check(sensitivity));
  const Ratio& parameter = noise.parameter();
  if (noise.law() == NoiseLaw::kLaplace) return LaplaceCost(parameter, sensitivity.l1);
  const WideUnsigned nano =
      DivideUp(WideUnsigned{sensitivity.l2_squared} * parameter.denominator() * kNano,
               WideUnsigned{2} * parameter.numerator());
  if (nano > static_cast<WideUnsigned>(NanoRho::kMost)) {
    return Error{Code::kInvalidArgument, "NO_PRIVACY", "this noise hides nobody: it is too small"};
  }
  return NanoRho::Make(static_cast<std::int64_t>(nano));
}

Result<std::uint64_t> PureMicroEpsilon(const Noise& noise, const Sensitivity& sensitivity) {
  EQN_CHECK(CostOf(noise, sensitivity));
  if (noise.law() != NoiseLaw::kLaplace) {
    return Error{Code::kInvalidArgument, "NO_PURE_EPSILON",
                 "Gaussian noise gives an epsilon only with a delta"};
  }
  const Ratio& scale = noise.parameter();
  return static_cast<std::uint64_t>(
      DivideUp(WideUnsigned{1'000'000} * sensitivity.l1 * scale.denominator(), scale.numerator()));
}

Result<Noise> GaussianFor(NanoRho rho, const Sensitivity& sensitivity) {
  EQN_CHECK(Check(sensitivity));
  if (rho == NanoRho()) {
    return Error{Code::kInvalidArgument, "BAD_RHO", "no noise is large enough to cost nothing"};
  }
  const std::uint64_t numerator = sensitivity.l2_squared * kNano;
  const std::uint64_t denominator = 2 * static_cast<std::uint64_t>(rho.value());
  if (auto exact = Ratio::Make(numerator, denominator); exact.ok()) {
    return Noise::Make(NoiseLaw::kGaussian, *exact);
  }
  for (const std::uint64_t part : {std::uint64_t{1000}, std::uint64_t{1}}) {
    const WideUnsigned up = DivideUp(WideUnsigned{numerator} * part, denominator);
    if (up > Ratio::kMostTerm) continue;
    EQN_TRY(const Ratio sigma2, Ratio::Make(static_cast<std::uint64_t>(up), part));
    return Noise::Make(NoiseLaw::kGaussian, sigma2);
  }
  return Error{Code::kInvalidArgument, "NOISE_TOO_LARGE",
               "so small a rho asks for a variance past 2^30"};
}

Result<std::uint64_t> MicroEpsilon(NanoRho rho, const Delta& delta) {
  EQN_CHECK(Check(delta));
  if (rho == NanoRho()) return std::uint64_t{0};
  const WideSigned nano = Least(EpsilonOfOrder(rho, delta));
  if (nano <= 0) return std::uint64_t{0};
  const WideUnsigned micro = DivideUp(static_cast<WideUnsigned>(nano), 1000);
  if (micro > kMostMicroEpsilon) {
    return Error{Code::kOutOfRange, "NO_PRIVACY", "this loss is past an epsilon of a million"};
  }
  return static_cast<std::uint64_t>(micro);
}

Result<NanoRho> RhoWithin(std::uint64_t micro_epsilon, const Delta& delta) {
  EQN_CHECK(Check(delta));
  // The loss `low` is always within, `high` never looked at or not within.
  std::int64_t low = 0;
  std::int64_t high = std::int64_t{1} << 51;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    EQN_TRY(const NanoRho rho, NanoRho::Make(middle));
    const auto epsilon = MicroEpsilon(rho, delta);
    (epsilon.ok() && *epsilon <= micro_epsilon ? low : high) = middle;
  }
  return NanoRho::Make(low);
}

}  // namespace equinode::noise
