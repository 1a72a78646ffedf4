// Record bodies (proto/equinode/v1/record.proto): bytes <> domain. A body is serialised once, at
// its source, deterministically: equal records are equal bytes, and the same bytes are stored,
// signed and sent.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "domain/people/record.h"

namespace equinode {

Bytes BodyFrom(const PersonRecord& record);
Bytes BodyFrom(const CoverageRecord& record);
Bytes BodyFrom(const MeasureResultRecord& record);
Bytes BodyFrom(const OrganizationRecord& record);

// INVALID_ARGUMENT / BAD_RECORD for bytes that are not such a message, over 256 KiB, a number out
// of its enum, a date that is none, text over its bound or not UTF-8.
Result<PersonRecord> PersonFromBody(ByteView body);
Result<CoverageRecord> CoverageFromBody(ByteView body);
Result<MeasureResultRecord> MeasureResultFromBody(ByteView body);
Result<OrganizationRecord> OrganizationFromBody(ByteView body);

}  // namespace equinode
