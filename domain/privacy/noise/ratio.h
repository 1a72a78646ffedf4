// A positive rational number: the scale or the variance of a noise. Never a decimal fraction of the
// machine, so that the law drawn from is the law stated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode::noise {

class Ratio {
 public:
  // Both terms, reduced, are at most this: the samplers' products then fit 128 bits.
  static constexpr std::uint64_t kMostTerm = std::uint64_t{1} << 30;

  // INVALID_ARGUMENT / BAD_RATIO when a term is 0 or, reduced, past kMostTerm.
  static Result<Ratio> Make(std::uint64_t numerator, std::uint64_t denominator);
  // "7/3", "12", "0.0125": exactly that. INVALID_ARGUMENT / BAD_RATIO.
  static Result<Ratio> FromText(std::string_view text);

  std::uint64_t numerator() const { return numerator_; }
  std::uint64_t denominator() const { return denominator_; }
  std::string text() const;  // "7/3"; "12" when whole.

  friend bool operator==(const Ratio&, const Ratio&) = default;

 private:
  Ratio(std::uint64_t numerator, std::uint64_t denominator)
      : numerator_(numerator), denominator_(denominator) {}
  std::uint64_t numerator_;
  std::uint64_t denominator_;
};

}  // namespace equinode::noise
