// What one sees of a person: the winning assertion of each field of a record (domain/people).
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "equinode/v1/record_service.pb.h"

namespace equinode {

// Adds a ProjectedField for each field of which `body`, a Person, says anything, as seen at `now`.
// When the record was recorded is taken from `out.record`. INVALID_ARGUMENT / BAD_RECORD as
// PersonFromBody.
Status AddProjectedFields(ByteView body, Instant now, v1::GetPersonResponse& out);

}  // namespace equinode
