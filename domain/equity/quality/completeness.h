// Of how many people a field is known (CQC: availability of demographic data).
#pragma once

#include <cstdint>
#include <optional>

namespace equinode::equity {

// Whether part / whole >= share_num / share_den, decided exactly; an equal share meets it. Nothing
// without a whole.
std::optional<bool> MeetsShare(std::int64_t part, std::int64_t whole, std::int64_t share_num,
                               std::int64_t share_den);

struct Completeness {
  std::optional<double> rate{};
  std::optional<bool> meets_80{};  // Covered California: at least 80 percent.
  std::optional<bool> meets_20{};  // NCQA's race and ethnicity measure: at least 20 percent direct.
};

// `known` of `people`: declined is an answer and no known value.
Completeness CompletenessOf(std::int64_t known, std::int64_t people);

}  // namespace equinode::equity
