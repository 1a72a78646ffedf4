// What a quality engine said of whom: two bits a person and measure in the columns, and a side
// table for people of whom one measure and period has several results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/counts/columns.h"
#include "domain/counts/dictionary.h"
#include "domain/people/facts.h"

namespace equinode {

// A person is in a denominator when one result says so, and in the numerator when one of those
// says so: whatever their order. A result outside the denominator says nothing.
// Not thread-safe: guarded by its owner.
class MeasureBook {
 public:
  struct Several {
    std::uint32_t denominator_only = 0;
    std::uint32_t both = 0;
  };

  explicit MeasureBook(std::size_t max_measures) : codes_(max_measures + 2) {}

  // The code of a measure and period; kOtherValues when there was no room for it.
  Dictionary::Code Intern(std::string_view measure, std::string_view period);
  std::optional<Dictionary::Code> Find(std::string_view measure, std::string_view period) const;
  std::string_view PeriodOf(Dictionary::Code code) const;
  std::string_view MeasureOf(Dictionary::Code code) const;

  void Add(Piece& piece, PersonNo person, Dictionary::Code code, bool in_numerator);
  // False when the person has no such result; nothing changes then.
  bool Remove(Piece& piece, PersonNo person, Dictionary::Code code, bool in_numerator);

  Dictionary& codes() { return codes_; }
  const Dictionary& codes() const { return codes_; }
  // Key: person << 16 | code.
  std::unordered_map<std::uint64_t, Several>& several() { return several_; }
  const std::unordered_map<std::uint64_t, Several>& several() const { return several_; }
  std::size_t several_bytes() const;

 private:
  Dictionary codes_;  // "measure<unit separator>period"
  std::unordered_map<std::uint64_t, Several> several_{};
};

}  // namespace equinode
