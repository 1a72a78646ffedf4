#include "domain/equity/quality/completeness.h"

#include "domain/equity/exact/rational.h"

namespace equinode::equity {

std::optional<bool> MeetsShare(std::int64_t part, std::int64_t whole, std::int64_t share_num,
                               std::int64_t share_den) {
  if (whole <= 0) return std::nullopt;
  return Rational::Of(part, whole) >= Rational::Of(share_num, share_den);
}

Completeness CompletenessOf(std::int64_t known, std::int64_t people) {
  Completeness completeness;
  if (people <= 0) return completeness;
  completeness.rate = static_cast<double>(known) / static_cast<double>(people);
  completeness.meets_80 = MeetsShare(known, people, 80, 100);
  completeness.meets_20 = MeetsShare(known, people, 20, 100);
  return completeness;
}

}  // namespace equinode::equity
