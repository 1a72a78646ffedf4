// The programmes' worked cases.
#include "tests/domain/equity/golden/golden.h"

namespace equinode::equity::golden {

void ClaimProgrammes(Registry& registry) {
  for (const char* id :
       {"california_covid_incentive", "california_dmhc_heqms", "california_hsag",
        "california_premium_at_risk", "cms_hei_historic", "louisiana_withhold",
        "michigan_index_of_disparity", "michigan_pairwise", "michigan_touching", "minnesota_points",
        "minnesota_withhold", "north_carolina_pool", "north_carolina_priority", "oregon_pdtm",
        "pennsylvania_equity", "pennsylvania_maternal", "washington_quality_score"}) {
    registry.ClaimElsewhere(id, "nothing yet: the programme engine's rooms claim it");
  }
}

}  // namespace equinode::equity::golden
