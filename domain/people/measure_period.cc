#include "domain/people/measure_period.h"

#include <chrono>
#include <optional>

namespace equinode {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

// A number of as many digits as the text has; -1 for what is none.
int Number(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<year_month_day> Day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = Number(text.substr(0, 4));
  const int month = Number(text.substr(5, 2));
  const int day = Number(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

// `months` of them, the first named from 1.
CalendarDays Months(int year, int first, int months) {
  const auto from = std::chrono::year(year) / first / 1;
  const auto last = std::chrono::year(year) / (first + months - 1) / std::chrono::last;
  return {sys_days{from}, sys_days{last}};
}

}  // namespace

std::optional<CalendarDays> DaysOfMeasurePeriod(std::string_view text) {
  if (text.size() == 21) {
    const auto first = Day(text.substr(0, 10));
    const auto last = Day(text.substr(11));
    if (text[10] != '/' || !first || !last || *first > *last) return std::nullopt;
    return CalendarDays{sys_days{*first}, sys_days{*last}};
  }
  if (text.size() != 4 && text.size() != 7) return std::nullopt;
  const int year = Number(text.substr(0, 4));
  if (year < 1) return std::nullopt;
  if (text.size() == 4) return Months(year, 1, 12);
  if (text[4] != '-') return std::nullopt;
  if (text[5] == 'Q') {
    if (text[6] < '1' || text[6] > '4') return std::nullopt;
    return Months(year, 3 * (text[6] - '1') + 1, 3);
  }
  const int month = Number(text.substr(5));
  if (month < 1 || month > 12) return std::nullopt;
  return Months(year, month, 1);
}

bool IsMeasurePeriod(std::string_view text) { return DaysOfMeasurePeriod(text).has_value(); }

bool IsQuarterHalfOrYear(const CalendarDays& days) {
  const year_month_day first{days.first};
  const int month = static_cast<int>(static_cast<unsigned>(first.month()));
  for (const int months : {3, 6, 12}) {
    if ((month - 1) % months == 0 && days == Months(static_cast<int>(first.year()), month, months))
      return true;
  }
  return false;
}

bool Overlap(const CalendarDays& one, const CalendarDays& other) {
  return one.first <= other.last && other.first <= one.last;
}

}  // namespace equinode
