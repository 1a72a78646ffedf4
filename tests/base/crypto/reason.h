// What a test compares of a result: the error's reason, or OK.
#pragma once

#include <string>

#include "base/result.h"

namespace equinode::testing {

template <typename T>
std::string Reason(const Result<T>& result) {
  return result.ok() ? "OK" : result.error().reason;
}

}  // namespace equinode::testing
