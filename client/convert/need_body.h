// Bodies of the records about social needs (proto/equinode/v1/need.proto): bytes <> domain, as
// record_body.h.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "domain/needs/record.h"
#include "equinode/v1/need.pb.h"

namespace equinode {

Bytes BodyFrom(const ScreeningRecord& record);
Bytes BodyFrom(const ConditionRecord& record);
Bytes BodyFrom(const EncounterRecord& record);
Bytes BodyFrom(const NeedRecord& record);

// INVALID_ARGUMENT / BAD_RECORD as in record_body.h; also for a step that is not exactly one thing,
// or a domain that is none.
Result<ScreeningRecord> ScreeningFromBody(ByteView body);
Result<ConditionRecord> ConditionFromBody(ByteView body);
Result<EncounterRecord> EncounterFromBody(ByteView body);
Result<NeedRecord> NeedFromBody(ByteView body);

// One step, for the contract's own methods. SetStep fills `out`; StepFrom as NeedFromBody.
void SetStep(const NeedStep& step, v1::NeedStep* out);
Result<NeedStep> StepFrom(const v1::NeedStep& message);

}  // namespace equinode
