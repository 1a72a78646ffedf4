// A programme from its data file. docs/equity.md tells the format.
#pragma once

#include <string_view>

#include "base/result.h"
#include "domain/equity/programs/programme.h"

namespace equinode::equity::programs {

// INVALID_ARGUMENT / BAD_PROGRAMME with "line 12: ...". What is not refused can be scored: every
// name of a rule is known, every rule uses only what stands before it and on its own row or above,
// the edges of bands ascend.
Result<Programme> ParseProgramme(std::string_view text);

}  // namespace equinode::equity::programs
