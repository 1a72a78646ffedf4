// Privacy loss under zero-concentrated differential privacy (Bun and Steinke 2016), in whole
// billionths of rho. Losses add; sums are checked.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "domain/privacy/noise/ratio.h"

namespace equinode::noise {

class NanoRho {
 public:
  static constexpr std::int64_t kMost = std::int64_t{1} << 62;

  constexpr NanoRho() = default;  // 0.
  // INVALID_ARGUMENT / BAD_RHO outside of [0, kMost].
  static Result<NanoRho> Make(std::int64_t value);
  // The greatest that is not more than `rho`: for a budget.
  static NanoRho DownFrom(const Ratio& rho);

  std::int64_t value() const { return value_; }
  // OUT_OF_RANGE / RHO_OVERFLOW past kMost: a sum never wraps round to a small one.
  Result<NanoRho> Plus(NanoRho more) const;
  std::string text() const;  // "0.0125"

  friend auto operator<=>(const NanoRho&, const NanoRho&) = default;

 private:
  explicit constexpr NanoRho(std::int64_t value) : value_(value) {}
  std::int64_t value_ = 0;
};

// `value` billionths or millionths as a decimal number, without zeros at the end.
std::string DecimalText(std::uint64_t value, unsigned decimals);

}  // namespace equinode::noise
