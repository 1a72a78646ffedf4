// A hub's release for a terminal.
#pragma once

#include <string>
#include <string_view>

#include "equinode/v1/report.pb.h"

namespace equinode {

// Aligned tables, one a measure and stratifier, with the rate where both its counts are exact. A
// hidden value is a mark, with what the other nodes show and how many hid theirs beside it; silent
// and refusing nodes are named; the note is last. `released_at` as it is to be shown. No control
// characters but line feeds, whatever the release holds.
std::string ReleaseTable(const v1::Release& release, std::string_view released_at);

}  // namespace equinode
