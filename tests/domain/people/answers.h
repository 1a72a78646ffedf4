// Answers in a line, for the tests of this room.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "domain/people/assertion_rules.h"
#include "domain/people/record.h"
#include "domain/people/tables.h"

namespace equinode::testing {

inline Coded Cdcrec(std::string code, std::string display = {}) {
  return {std::string(kCdcrecSystem), std::move(code), std::move(display), {}};
}
inline Coded Null(std::string code) {
  return {std::string(kNullFlavorSystem), std::move(code), {}, {}};
}
inline Coded Absent(std::string code) {
  return {std::string(kDataAbsentSystem), std::move(code), {}, {}};
}
inline Coded Words(std::string text) { return {{}, {}, {}, std::move(text)}; }

inline Assertion Answer(AssertionField field, std::initializer_list<Coded> values,
                        CollectionMethod method = CollectionMethod::kUnknown) {
  Assertion assertion;
  assertion.field = field;
  assertion.values = values;
  assertion.method = method;
  Judge(assertion);
  return assertion;
}

}  // namespace equinode::testing
