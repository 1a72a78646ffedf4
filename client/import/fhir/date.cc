#include "client/import/fhir/date.h"

#include <string>

#include "client/import/fhir/refuse.h"

namespace equinode::fhir {
namespace {

namespace chrono = std::chrono;

// Digits at [at, at + count) as a number, or -1.
int Number(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// What follows the date in a dateTime: Thh:mm, seconds, fraction, Z or an offset.
bool IsTimeOfDay(std::string_view text) {
  if (text.size() < 6 || text[0] != 'T' || text[3] != ':') return false;
  const int hour = Number(text, 1, 2);
  const int minute = Number(text, 4, 2);
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || text.size() > 40) return false;
  for (const char c : text.substr(6)) {
    if ((c < '0' || c > '9') && c != ':' && c != '.' && c != '+' && c != '-' && c != 'Z') {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<PartialDate> ReadDate(std::string_view text, std::string_view reason,
                             std::string_view path) {
  const auto refuse = [&] {
    return Refuse(reason, std::string(path) +
                              " is not a date of the calendar; write YYYY, YYYY-MM or YYYY-MM-DD");
  };
  PartialDate date;
  if (text.size() < 4) return refuse();
  const int year = Number(text, 0, 4);
  if (year < 1) return refuse();
  date.year = static_cast<std::uint16_t>(year);
  if (text.size() == 4) return date;
  if (text.size() < 7 || text[4] != '-') return refuse();
  const int month = Number(text, 5, 2);
  if (month < 1 || month > 12) return refuse();
  date.month = static_cast<std::uint8_t>(month);
  if (text.size() == 7) return date;
  if (text.size() < 10 || text[7] != '-') return refuse();
  const int day = Number(text, 8, 2);
  if (day < 1) return refuse();
  date.day = static_cast<std::uint8_t>(day);
  const chrono::year_month_day full{chrono::year(year), chrono::month(date.month),
                                    chrono::day(date.day)};
  if (!full.ok()) return refuse();
  if (text.size() > 10 && !IsTimeOfDay(text.substr(10))) return refuse();
  return date;
}

std::int64_t ReadInstant(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return 0;
  }
  const int year = Number(text, 0, 4);
  const int month = Number(text, 5, 2);
  const int day = Number(text, 8, 2);
  const int hour = Number(text, 11, 2);
  const int minute = Number(text, 14, 2);
  const int second = Number(text, 17, 2);
  if (year < 1 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60) {  // A leap second is one.
    return 0;
  }
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return 0;
  std::size_t at = 19;
  std::int64_t micros = 0;
  if (text[at] == '.') {
    std::int64_t worth = 100'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      micros += worth * (text[at] - '0');
      worth /= 10;
    }
  }
  const std::string_view zone = text.substr(at);
  int offset = 0;  // Minutes.
  if (zone != "Z") {
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return 0;
    const int hours = Number(zone, 1, 2);
    const int minutes = Number(zone, 4, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return 0;
    offset = (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const std::int64_t days = chrono::sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds =
      ((days * 24 + hour) * 60 + minute - offset) * 60 + std::int64_t{second};
  return seconds * 1'000'000 + micros;
}

chrono::sys_days FirstDay(const PartialDate& date) {
  return chrono::sys_days{chrono::year_month_day{chrono::year(date.year),
                                                 chrono::month(date.month ? date.month : 1u),
                                                 chrono::day(date.day ? date.day : 1u)}};
}

chrono::sys_days LastDay(const PartialDate& date) {
  if (date.day != 0) return FirstDay(date);
  return chrono::sys_days{chrono::year_month_day_last{
      chrono::year(date.year),
      chrono::month_day_last{chrono::month(date.month ? date.month : 12u)}}};
}

}  // namespace equinode::fhir
