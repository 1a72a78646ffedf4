// The answers of a collection as one release.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/report/pool.h"
#include "storage/hub_store.h"
#include "storage/report_store.h"

namespace equinode::hub {

// Pools what was answered, names who was silent and who refused. Its number is not given yet.
// DATA_LOSS / BAD_ROW for a kept answer that cannot be read.
Result<HubRelease> MakeRelease(const StoredDefinition& definition,
                               const std::vector<AskedNode>& asked, Instant now);

}  // namespace equinode::hub
