// The periods of measure results: one way to write each, since equal text is equal period.
#pragma once

#include <string_view>

namespace equinode {

// "2025", "2025-Q1", "2025-03" or "2025-01-01/2025-12-31", whose days are days of the calendar, the
// first not after the last. Years are 0001 to 9999.
bool IsMeasurePeriod(std::string_view text);

}  // namespace equinode
