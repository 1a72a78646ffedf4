// How sure an interval is to hold the true value.
#pragma once

#include "base/result.h"

namespace equinode::equity {

// z of NCQA's own intervals, exactly (NOTES section 5); all others use the normal quantile.
inline constexpr double kNcqaZ = 1.96;

// The value of a standard normal that `p` of it lies below, 0 < p < 1, to the last bits of a
// double. Wichura, AS 241, and one step of Newton.
double NormalQuantile(double p);
// The chance that a standard normal is as far from 0 as `z`, or farther.
double TwoSidedP(double z);

class Level {
 public:
  Level() : Level(0.95, NormalQuantile(0.975)) {}
  // Above 0.5 and below 1, such as 0.95. INVALID_ARGUMENT / BAD_LEVEL.
  static Result<Level> Of(double confidence);

  double confidence() const { return confidence_; }
  double tail() const { return (1.0 - confidence_) / 2; }  // Of each side.
  double z() const { return z_; }

 private:
  Level(double confidence, double z) : confidence_(confidence), z_(z) {}
  double confidence_;
  double z_;
};

// Both ends belong to it.
struct Interval {
  double lower = 0;
  double upper = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace equinode::equity
