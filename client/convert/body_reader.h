// Reading a record's body, which may come from another node: numbers, sizes and dates are checked.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/people/record.h"
#include "equinode/v1/record.pb.h"

namespace equinode::wire {

inline constexpr std::size_t kMostBody = 256 * 1024;
inline constexpr std::size_t kMostText = 1024;
inline constexpr int kMostInList = 64;

inline Error BadBody(const char* why) { return Error{Code::kInvalidArgument, "BAD_RECORD", why}; }
inline Error BodyOutOfBounds() {
  return BadBody("a record has a number, a date or a text that is out of bounds");
}

// One message of a kind a thread, read into again and again: its texts and lists keep their memory,
// which is most of what reading costs. Good until the thread parses the next of that kind.
template <typename Message>
Result<const Message*> ParseBody(ByteView body) {
  thread_local Message message;
  if (body.size() > kMostBody) return BadBody("a record's body is over 256 KiB");
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return BadBody("a record's body is not what its kind says");
  }
  return static_cast<const Message*>(&message);
}

// Copies with their bounds; that one was over its bound is remembered.
class BodyTaker {
 public:
  std::string Text(const std::string& text) {
    bad_ = bad_ || text.size() > kMostText;
    return text;
  }
  template <typename Out>
  void Texts(const google::protobuf::RepeatedPtrField<std::string>& list, int most, Out& out) {
    if (!Bounded(list.size(), most)) return;
    out.reserve(static_cast<std::size_t>(list.size()));
    for (const std::string& text : list) out.push_back(Text(text));
  }
  void Codes(const google::protobuf::RepeatedPtrField<v1::Coded>& list, int most,
             std::vector<Coded>& out) {
    if (!Bounded(list.size(), most)) return;
    for (const v1::Coded& code : list) {
      out.push_back(
          {Text(code.system()), Text(code.code()), Text(code.display()), Text(code.text())});
    }
  }
  bool Bounded(int size, int most) {
    bad_ = bad_ || size > most;
    return size <= most;
  }
  PartialDate Date(bool present, const v1::Date& date) {
    if (!present) return {};
    const bool whole = date.year() >= 1 && date.year() <= 9999 && date.month() <= 12 &&
                       date.day() <= 31 && (date.month() > 0 || date.day() == 0);
    const bool real = whole && (date.day() == 0 ||
                                std::chrono::year_month_day{
                                    std::chrono::year(static_cast<int>(date.year())),
                                    std::chrono::month(date.month()), std::chrono::day(date.day())}
                                    .ok());
    bad_ = bad_ || !real;
    if (!real) return {};
    return {static_cast<std::uint16_t>(date.year()), static_cast<std::uint8_t>(date.month()),
            static_cast<std::uint8_t>(date.day())};
  }
  template <typename Enum>
  Enum Number(int number, int most) {
    bad_ = bad_ || number < 1 || number > most;
    return static_cast<Enum>(number);
  }
  void Fail() { bad_ = true; }
  bool bad() const { return bad_; }

 private:
  bool bad_ = false;
};

}  // namespace equinode::wire
