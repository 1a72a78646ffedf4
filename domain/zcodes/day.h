// A day as YYYY-MM-DD.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace equinode {

// Exactly YYYY-MM-DD of the years 1..9999, and a day of the calendar; else nothing.
std::optional<std::chrono::sys_days> ReadDay(std::string_view text);
std::string DayText(std::chrono::sys_days day);

}  // namespace equinode
