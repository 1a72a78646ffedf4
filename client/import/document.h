// A file that is one JSON document, read as a whole.
#pragma once

#include <string>

#include "base/result.h"
#include "client/import/byte_source.h"

namespace equinode {

inline constexpr std::size_t kMaxDocument = 16 * 1024 * 1024;

// Everything that is left in `source`, with 64 readable bytes behind. INVALID_ARGUMENT /
// DOCUMENT_TOO_LARGE over 16 MiB.
Result<std::string> ReadDocument(ByteSource& source);

}  // namespace equinode
