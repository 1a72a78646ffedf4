// The programmes of the project: all forty systems of the field's two source papers, embedded from
// domain/equity/programs/data.
#pragma once

#include <string_view>
#include <vector>

#include "domain/equity/programs/programme.h"

namespace equinode::equity::programs {

// By id, ascending. Parsed once.
const std::vector<Programme>& AllProgrammes();

// Null when there is none of that id.
const Programme* FindProgramme(std::string_view id);

}  // namespace equinode::equity::programs
