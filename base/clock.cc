#include "base/clock.h"

#include <cstdio>

namespace equinode {

Instant SystemClock::Now() const {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

Instant ManualClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void ManualClock::Advance(Millis by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
}

void ManualClock::Set(Instant to) {
  const std::lock_guard lock(mutex_);
  now_ = to;
}

std::string FormatInstant(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return text;
}

namespace {

// Reads exactly `width` digits at `at` and moves on; -1 when there are none.
int Digits(std::string_view text, std::size_t& at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  at += width;
  return value;
}

bool Literal(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

}  // namespace

Result<Instant> ParseInstant(std::string_view text) {
  const Error bad{Code::kInvalidArgument, "BAD_TIMESTAMP",
                  "a time must look like 2026-11-24T08:00:00Z"};
  std::size_t at = 0;
  const int year = Digits(text, at, 4);
  if (!Literal(text, at, '-')) return bad;
  const int month = Digits(text, at, 2);
  if (!Literal(text, at, '-')) return bad;
  const int day = Digits(text, at, 2);
  if (!Literal(text, at, 'T')) return bad;
  const int hour = Digits(text, at, 2);
  if (!Literal(text, at, ':')) return bad;
  const int minute = Digits(text, at, 2);
  if (!Literal(text, at, ':')) return bad;
  const int second = Digits(text, at, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return bad;
  int millis = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    int scale = 100;
    std::size_t digits = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 9) {
      millis += (text[at] - '0') * scale;
      scale /= 10;
      ++at;
      ++digits;
    }
    if (digits == 0) return bad;
  }
  int offset_minutes = 0;
  if (!Literal(text, at, 'Z')) {
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return bad;
    const int sign = text[at] == '-' ? -1 : 1;
    ++at;
    const int oh = Digits(text, at, 2);
    if (!Literal(text, at, ':')) return bad;
    const int om = Digits(text, at, 2);
    if (oh < 0 || oh > 14 || om < 0 || om > 59) return bad;
    offset_minutes = sign * (oh * 60 + om);
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // Second 60 is a leap second: read as the last millisecond before the next minute.
  if (at != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 60) return bad;
  if (second == 60) millis = 0;
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute - offset_minutes} + std::chrono::seconds{second} +
         Millis{millis};
}

}  // namespace equinode
