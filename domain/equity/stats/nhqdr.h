// AHRQ's National Healthcare Quality and Disparities Report: better, same or worse.
#pragma once

#include <optional>
#include <string_view>

#include "domain/equity/stats/two_proportions.h"

namespace equinode::equity {

struct Nhqdr {
  std::optional<double> favourable_pct{};  // Of the reference's rate; nothing of 0.
  std::optional<double> adverse_pct{};     // Of the reference's rest; nothing of a rate of 1.
  std::optional<double> p_value{};
  std::string_view verdict{};  // "better", "same", "worse".
};

// Different iff the two-sided p of the pooled test is <= 0.05 and the relative difference, framed
// favourably or adversely, is at least 10 percent. The 10 percent are decided exactly. AHRQ, NHDR
// 2010, methods.
Nhqdr NhqdrVerdict(const ExactProportion& group, const ExactProportion& reference,
                   bool lower_is_better);

}  // namespace equinode::equity
