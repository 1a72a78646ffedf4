// Lists of one record that are filled with the memory of the record before: an import reads
// millions, and most of their cost beyond parsing is memory. Nothing of the record before is ever
// seen: a slot is emptied when it is taken, and what is not taken is cut off.
#pragma once

#include <cstddef>
#include <vector>

#include "domain/people/record.h"

namespace equinode::fhir {

// A member that is added to one of these and not here does not compile.
inline void Empty(HumanName& name) {
  auto& [use, family, given, text, prefix, suffix] = name;
  for (std::string* word : {&use, &family, &text, &prefix, &suffix}) word->clear();
  given.clear();
}
inline void Empty(Identifier& identifier) {
  auto& [system, value, type] = identifier;
  for (std::string* word : {&system, &value, &type}) word->clear();
}
inline void Empty(PostalAddress& address) {
  auto& [use, lines, city, district, state, postal_code, country] = address;
  for (std::string* word : {&use, &city, &district, &state, &postal_code, &country}) word->clear();
  lines.clear();
}
inline void Empty(ContactPoint& telecom) {
  auto& [system, value, use] = telecom;
  for (std::string* word : {&system, &value, &use}) word->clear();
}
inline void Empty(Coded& coded) {
  auto& [system, code, display, text] = coded;
  for (std::string* word : {&system, &code, &display, &text}) word->clear();
}

// All but the values, which their owner swaps for others.
inline void Empty(Assertion& assertion) {
  auto& [field, values, state, instrument, method, asserter, collected_on, labels, conflict,
         supersedes, retracts] = assertion;
  (void)values;
  field = AssertionField::kRace;
  state = AnswerState::kUnknown;
  method = CollectionMethod::kUnknown;
  collected_on = {};
  labels.clear();
  supersedes.clear();
  retracts.clear();
  for (std::string* word : {&instrument, &asserter, &conflict}) word->clear();
}

// While it lives, `list` may hold more than what was taken; its end puts that right. `spare` gives
// its elements when `list` has none; a list that already has some is added to.
template <typename T>
class Slots {
 public:
  Slots(std::vector<T>& list, std::vector<T>& spare) : list_(list) {
    if (list_.empty()) {
      list_.swap(spare);
    } else {
      taken_ = list_.size();
    }
  }
  ~Slots() { list_.resize(taken_); }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  T& Take() {
    if (taken_ == list_.size()) {
      list_.emplace_back();
    } else {
      Empty(list_[taken_]);
    }
    return list_[taken_++];
  }
  void GiveBack() { --taken_; }
  std::size_t taken() const { return taken_; }

 private:
  std::vector<T>& list_;
  std::size_t taken_ = 0;
};

}  // namespace equinode::fhir
