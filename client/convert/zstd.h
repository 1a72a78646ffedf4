// zstd with bounds: one frame, its size known before memory is taken.
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"

namespace equinode {

// One frame at level 1 with its content size. Empty when that is not smaller than `plain`.
Bytes CompressZstd(ByteView plain);
// `size` is what the frame must hold, at most `limit`. INVALID_ARGUMENT / BAD_ENVELOPE otherwise.
Result<Bytes> DecompressZstd(ByteView frame, std::size_t size, std::size_t limit);

}  // namespace equinode
