// The file of counts that an analyst brings: CSV with a header. docs/equity.md shows it.
//
//   measure         the measure's id, such as COL
//   period          such as MY2024
//   organisation    who counted: a practice or a plan
//   dimension       such as race; blank for the row of all people
//   stratum         the group; blank for the dimension's total
//   numerator       } a whole number; blank where it is hidden, and then its bounds are given
//   denominator     }
//   numerator_lower, numerator_upper, denominator_lower, denominator_upper   the bounds, both ends
//   in numerator_noise_variance, denominator_noise_variance   of privacy noise, blank or 0 for none
//   frame           whose groups a race or ethnicity is of: omb_1997, omb_2024, ncqa_hedis, a state
//   source          direct, indirect or unknown; blank for all
//   order           1, 2, ... from the least advantaged, where the strata have an order
//   kind            proportion, observed_expected, per_member_months or mean
//   better          higher or lower
//
// The first seven columns are needed, in any order. Blanks around fields, CRLF and a byte order
// mark do not matter; ';' or tabs separate as well.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "domain/equity/counts/count_table.h"

namespace equinode::equity {

struct KnownMeasure {
  MeasureKind kind = MeasureKind::kProportion;
  Better better = Better::kUnknown;
};

struct ReadCountsOptions {
  // What is known of a measure that the file itself says nothing of. Empty, or nothing for a
  // measure: a proportion, its better direction not known.
  std::function<std::optional<KnownMeasure>(std::string_view)> measure{};
};

// The whole file or the first error: INVALID_ARGUMENT with "line 3, column 6 (numerator): ..."; a
// column's number is its place in the header, from 1. Reasons: BAD_COLUMN, BAD_CSV, BAD_COUNT,
// BAD_TEXT, REPEATED_ROW, FRAME_MISSING, MEASURE_DIFFERS, NO_ROWS.
// A numerator over its denominator is refused where both are exact and the measure is a proportion;
// bounds are narrowed to what that leaves.
Result<CountTable> ReadCounts(std::string_view csv, const ReadCountsOptions& options);

}  // namespace equinode::equity
