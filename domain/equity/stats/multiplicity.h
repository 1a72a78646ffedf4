// Many tests at once: the false discovery rate of Benjamini and Hochberg (1995).
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace equinode::equity {

// The adjusted p-values, in the order given: a test is a discovery at the rate q iff its adjusted
// value is <= q. What has no p-value has none afterwards and does not count as a test.
std::vector<std::optional<double>> BenjaminiHochberg(std::span<const std::optional<double>> p);

}  // namespace equinode::equity
