// The programmes' worked cases.
#include "tests/domain/equity/golden/programmes.h"

namespace equinode::equity::golden {

void ClaimProgrammes(Registry& registry) {
  ClaimEast(registry);
  ClaimMiddle(registry);
  ClaimWest(registry);
}

}  // namespace equinode::equity::golden
