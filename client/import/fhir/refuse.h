// How a resource is refused: the reason is the word in rejected.csv, the message says what is wrong
// and what to do. Never a value of the person.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace equinode::fhir {

inline Error Refuse(std::string_view reason, std::string what_to_do) {
  return Error{Code::kInvalidArgument, std::string(reason), std::move(what_to_do)};
}

}  // namespace equinode::fhir
