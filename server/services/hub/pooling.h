// The answers of a collection as one release.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/report/pool.h"
#include "storage/hub_store.h"
#include "storage/report_store.h"

namespace equinode::hub {

// What the asked nodes said, without their tables. Each node is in one of the four.
struct Heard {
  std::vector<std::string> answered{};
  std::vector<std::string> silent{};
  std::vector<RefusedNode> refused{};
  std::vector<std::string> relays{};  // QHIOs that hold no records of their own.
};
// DATA_LOSS / BAD_ROW for a kept refusal that cannot be read. Answers with tables are not read.
Result<Heard> HeardFrom(const std::vector<AskedNode>& asked);

// True for an answer with tables; a refusal and silence have none.
bool HasTables(ByteView answer);

// Pools what was answered, names who was silent and who refused. Its number is not given yet.
// DATA_LOSS / BAD_ROW for a kept answer that cannot be read.
Result<HubRelease> MakeRelease(const StoredDefinition& definition,
                               const std::vector<AskedNode>& asked, Instant now);

}  // namespace equinode::hub
