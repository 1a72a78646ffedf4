// A bounded list of values and their codes. A value beyond the bound gets the code of
// OTHER_VALUES and is never silently counted elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace equinode {

// Not thread-safe: guarded by its owner.
class Dictionary {
 public:
  using Code = std::uint16_t;
  static constexpr Code kUnknown = 0;             // "UNKNOWN"; also the empty value.
  static constexpr Code kOtherValues = 1;         // "OTHER_VALUES"
  static constexpr Code kNobody = 0xFFFF;         // Never given to a value.
  static constexpr std::size_t kMaxLength = 512;  // Longer values go to OTHER_VALUES.

  // `reserved` get the codes from 2 on. At most `max_values` codes in all, at most 65,535.
  explicit Dictionary(std::size_t max_values,
                      std::initializer_list<std::string_view> reserved = {});
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  // The code of `value`, made when there is room. Codes are never taken back, so a value that did
  // not fit once never fits later: what was counted as another value is found there again.
  Code Intern(std::string_view value);
  std::optional<Code> Find(std::string_view value) const;
  std::string_view Value(Code code) const { return values_[code]; }
  std::size_t size() const { return values_.size(); }
  bool overflowed() const { return overflowed_; }
  std::size_t bytes() const;

  // For a snapshot: the values in the order of their codes, those of the constructor first.
  // False when the list is not one that this dictionary could have made.
  bool Assign(const std::deque<std::string>& values, bool overflowed);
  const std::deque<std::string>& values() const { return values_; }

 private:
  Code Add(std::string_view value);

  std::size_t max_values_;
  std::size_t reserved_;
  bool overflowed_ = false;
  std::deque<std::string> values_{};  // A deque: the keys of index_ look into it.
  std::unordered_map<std::string_view, Code> index_{};
};

}  // namespace equinode
