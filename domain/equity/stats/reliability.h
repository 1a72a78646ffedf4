// Whether a figure is too unsure to be shown by the standards of the National Center for Health
// Statistics.
#pragma once

#include <cstdint>
#include <string_view>

namespace equinode::equity {

// Of a proportion of exact counts, 0 <= x <= n (NCHS 2017, Series 2 no. 175; the numbers as
// recalled in NOTES section 5): "" where it may be shown, else why not: "small_denominator" (n <
// 30), "wide_interval" (Clopper-Pearson's 95 percent interval is 0.30 wide or more),
// "wide_for_its_size" (wider than 0.05 and than 130 percent of the proportion).
std::string_view ProportionUnreliable(std::int64_t x, std::int64_t n);

// Of a count of events: "small_count" below 10, "wide_for_its_size" where the exact Poisson 95
// percent interval is wider than 160 percent of it.
std::string_view CountUnreliable(std::int64_t events);

}  // namespace equinode::equity
