// Quantiles of the beta and gamma distributions, for exact intervals.
#pragma once

namespace equinode::equity {

// The x that `p` of the beta distribution of (a, b) lies below; a, b > 0, 0 < p < 1. Relative error
// about 1e-14 for a + b up to 10^7, 1e-12 up to 10^9; the work grows with the root of a + b.
double BetaQuantile(double p, double a, double b);

// The x that `p` of the gamma distribution of shape `a` and scale 1 lies below; a > 0, 0 < p < 1.
double GammaQuantile(double p, double a);

}  // namespace equinode::equity
