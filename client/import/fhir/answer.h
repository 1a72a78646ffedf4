// What was said to one question, judged: the state of the answer, and whether it contradicts
// itself. Null flavours and absent reasons leave the values: they are states.
#pragma once

#include <string_view>

#include "domain/people/record.h"

namespace equinode::fhir {

// Fills state and conflict from field and values. Conflicts: ETHNICITY_CODE_IN_RACE,
// RACE_CODE_IN_ETHNICITY, HISPANIC_AND_NOT, NULL_BESIDE_VALUE, SEVERAL_REASONS.
void Judge(Assertion& assertion);

}  // namespace equinode::fhir
