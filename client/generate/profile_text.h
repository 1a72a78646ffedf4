// The source profile of a made feed: its payers, and how its demographics were collected.
#pragma once

#include <string>
#include <string_view>

#include "client/generate/fhir_lines.h"

namespace equinode::made {

// `method` is a word of the source profile, such as "self-reported".
std::string ProfileText(const Practice& practice, std::string_view payer_uri,
                        std::string_view other_payer_uri, std::string_view method);

// The practices differ: one asks people, one does not say, one copies.
std::string_view MethodOf(const Practice& practice);

}  // namespace equinode::made
