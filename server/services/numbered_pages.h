// Page tokens of lists that are read in the order of their rows: the last row's number.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/services/requests.h"

namespace equinode {

// The row to go on after; 0 for an empty token. INVALID_ARGUMENT / BAD_PAGE_TOKEN.
inline Result<std::int64_t> RowFromToken(std::string_view token) {
  std::int64_t row = 0;
  if (token.empty()) return row;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), row);
  if (read.ec != std::errc() || read.ptr != token.data() + token.size() || row < 1) {
    return BadPageToken();
  }
  return row;
}

}  // namespace equinode
