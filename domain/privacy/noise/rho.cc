#include "domain/privacy/noise/rho.h"

namespace equinode::noise {

Result<NanoRho> NanoRho::Make(std::int64_t value) {
  if (value < 0 || value > kMost) {
    return Error{Code::kInvalidArgument, "BAD_RHO", "a privacy loss is from 0 to 2^62 billionths"};
  }
  return NanoRho(value);
}

NanoRho NanoRho::DownFrom(const Ratio& rho) {
  // At most 2^30 * 10^9 < 2^60.
  return NanoRho(static_cast<std::int64_t>(rho.numerator() * 1'000'000'000 / rho.denominator()));
}

Result<NanoRho> NanoRho::Plus(NanoRho more) const {
  if (more.value_ > kMost - value_) {
    return Error{Code::kOutOfRange, "RHO_OVERFLOW", "privacy losses add up past 2^62 billionths"};
  }
  return NanoRho(value_ + more.value_);
}

std::string NanoRho::text() const { return DecimalText(static_cast<std::uint64_t>(value_), 9); }

std::string DecimalText(std::uint64_t value, unsigned decimals) {
  std::string digits = std::to_string(value);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - decimals, 1, '.');
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace equinode::noise
