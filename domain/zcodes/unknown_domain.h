// What to say to who names a need domain that there is not.
#pragma once

#include <string_view>

#include "base/result.h"

namespace equinode {

// INVALID_ARGUMENT / UNKNOWN_DOMAIN with those that may be meant. `word` is the caller's: a long or
// odd one is not repeated.
Error UnknownDomain(std::string_view word);

}  // namespace equinode
