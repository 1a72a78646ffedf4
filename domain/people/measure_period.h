// The periods of measure results: one way to write each, since equal text is equal period.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace equinode {

// "2025", "2025-Q1", "2025-03" or "2025-01-01/2025-12-31", whose days are days of the calendar, the
// first not after the last. Years are 0001 to 9999.
bool IsMeasurePeriod(std::string_view text);

// Days of the calendar, both ends included.
struct CalendarDays {
  std::chrono::sys_days first{};
  std::chrono::sys_days last{};
  friend bool operator==(const CalendarDays&, const CalendarDays&) = default;
};

// The days of a measure period, however it is written. Nothing for what is none.
std::optional<CalendarDays> DaysOfMeasurePeriod(std::string_view text);

// A quarter, a half-year or a year of the calendar, whole.
bool IsQuarterHalfOrYear(const CalendarDays& days);

// Whether they have a day in common.
bool Overlap(const CalendarDays& one, const CalendarDays& other);

}  // namespace equinode
