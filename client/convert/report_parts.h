// What the conversions of reports share: days, stratifiers, values.
#pragma once

#include <chrono>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/counts/stratifier.h"
#include "domain/report/answer.h"
#include "equinode/v1/report.pb.h"

namespace equinode::wire {

inline void SetDay(std::chrono::sys_days day, v1::Date* out) {
  const std::chrono::year_month_day date{day};
  out->set_year(static_cast<std::uint32_t>(static_cast<int>(date.year())));
  out->set_month(static_cast<unsigned>(date.month()));
  out->set_day(static_cast<unsigned>(date.day()));
}

// A whole date that exists.
inline Result<std::chrono::sys_days> DayFrom(const v1::Date& message, const char* reason) {
  const Error bad{Code::kInvalidArgument, reason, "a day has a year, a month and a day that exist"};
  if (message.year() < 1 || message.year() > 9999 || message.month() > 12 || message.day() > 31) {
    return bad;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(message.year())},
                                         std::chrono::month{message.month()},
                                         std::chrono::day{message.day()}};
  if (!date.ok()) return bad;
  return std::chrono::sys_days{date};
}

// The numbers are the same on both sides.
inline v1::Stratifier ToWire(Stratifier stratifier) {
  return static_cast<v1::Stratifier>(static_cast<int>(stratifier));
}
inline Result<Stratifier> StratifierFrom(int number, const char* reason) {
  if (number < 1 || number > static_cast<int>(kStratifiers)) {
    return Error{Code::kInvalidArgument, reason, "this version does not know that stratifier"};
  }
  return static_cast<Stratifier>(number);
}

// Leaves a kNone unset.
inline void FillValue(const ShownValue& value, v1::ReleasedValue* out) {
  if (value.kind == ShownKind::kCount) out->set_count(value.count);
  if (value.kind == ShownKind::kHidden) out->set_suppressed(v1::SUPPRESSED_HIDDEN);
}

// A value that is neither a count nor hidden is refused: it is never taken for 0.
inline Result<ShownValue> ValueFrom(bool present, const v1::ReleasedValue& message,
                                    const char* reason) {
  if (!present) return ShownValue{};
  if (message.kind_case() == v1::ReleasedValue::kCount) {
    return ShownValue{ShownKind::kCount, message.count()};
  }
  if (message.kind_case() == v1::ReleasedValue::kSuppressed &&
      message.suppressed() != v1::SUPPRESSED_UNSPECIFIED) {
    return ShownValue{ShownKind::kHidden, 0};
  }
  return Error{Code::kInvalidArgument, reason, "a value is a count or hidden, and says which"};
}

template <typename Message>
Bytes Serialised(const Message& message) {
  Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

template <typename Message>
Result<Message> Parsed(ByteView bytes, std::size_t most, const char* reason) {
  Message message;
  if (bytes.size() > most ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error{Code::kInvalidArgument, reason, "the message cannot be read"};
  }
  return message;
}

}  // namespace equinode::wire
