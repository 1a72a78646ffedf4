#include "domain/people/measure_period.h"

#include <chrono>
#include <optional>

namespace equinode {
namespace {

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

}  // namespace

bool IsMeasurePeriod(std::string_view text) {
  if (text.size() == 21) {
    const auto first = Day(text.substr(0, 10));
    const auto last = Day(text.substr(11));
    return text[10] == '/' && first && last && *first <= *last;
  }
  if (text.size() != 4 && text.size() != 7) return false;
  if (Number(text.substr(0, 4)) < 1) return false;
  if (text.size() == 4) return true;
  if (text[4] != '-') return false;
  if (text[5] == 'Q') return text[6] >= '1' && text[6] <= '4';
  const int month = Number(text.substr(5));
  return month >= 1 && month <= 12;
}

}  // namespace equinode
