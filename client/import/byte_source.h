// The bytes of a file, gunzipped where it is gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"

namespace equinode {

// One thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // 0 at the end. DATA_LOSS / BAD_GZIP for a gzip that is damaged or cut off, CANNOT_READ
  // otherwise.
  virtual Result<std::size_t> Read(char* into, std::size_t most) = 0;
  // Bytes of the file that were used, as on disk.
  virtual std::uint64_t done() const = 0;
  // More bytes come out than are on disk.
  virtual bool packed() const { return false; }
};

// NOT_FOUND / CANNOT_READ.
Result<std::unique_ptr<ByteSource>> OpenSource(const std::filesystem::path& path);

}  // namespace equinode
