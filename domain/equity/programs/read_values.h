// The two small files beside the counts: benchmarks and facts, both as
//
//   organisation,measure,name,value
//   ,COL,p50,38.07
//   plan-a,,capitation,250000000
//
// organisation and measure may be blank or missing: of every organisation, of no measure. A value
// is a decimal number, yes or no. Benchmarks are in the units in which they are printed: percent.
#pragma once

#include <string_view>

#include "domain/equity/programs/evidence.h"

namespace equinode::equity::programs {

enum class ValueFile : std::uint8_t { kBenchmarks, kFacts };

// Adds the file's values to `evidence`, or the first error with "line 3, column 2 (name): ...".
// Reasons: BAD_COLUMN, BAD_CSV, BAD_NUMBER, NO_SUCH_NAME for what the programme does not ask for,
// REPEATED_ROW.
Status ReadValues(std::string_view csv, ValueFile file, const Programme& programme,
                  Evidence& evidence);

}  // namespace equinode::equity::programs
