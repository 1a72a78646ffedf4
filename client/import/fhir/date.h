// FHIR date and dateTime to the day, month or year that they name.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "domain/people/record.h"

namespace equinode::fhir {

// YYYY, YYYY-MM, YYYY-MM-DD, or a dateTime, of which the date as written is taken. `reason` and
// `path` are for the refusal. A day that the calendar does not have is refused.
Result<PartialDate> ReadDate(std::string_view text, std::string_view reason, std::string_view path);

// FHIR instant, or a dateTime with an offset: YYYY-MM-DDThh:mm:ss, a fraction of which six digits
// count, and Z or +hh:mm. Microseconds since 1970-01-01 UTC; 0 for anything else.
std::int64_t ReadInstant(std::string_view text);

// The first and the last day that a date can mean. Not for an empty one.
std::chrono::sys_days FirstDay(const PartialDate& date);
std::chrono::sys_days LastDay(const PartialDate& date);

}  // namespace equinode::fhir
