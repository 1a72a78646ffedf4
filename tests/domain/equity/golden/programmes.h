// The programmes' worked cases, by region.
#pragma once

#include "tests/domain/equity/golden/golden.h"

namespace equinode::equity::golden {

void ClaimEast(Registry& registry);
void ClaimMiddle(Registry& registry);
void ClaimWest(Registry& registry);

}  // namespace equinode::equity::golden
