// Bytes that are the same for the same meaning, to be hashed: fixed widths, big-endian, texts with
// their length before them, so that no two values share theirs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto/hash.h"

namespace equinode::budget {

class CanonicalWriter {
 public:
  explicit CanonicalWriter(std::string_view kind) { Text(kind); }
  void Number(std::uint64_t value);
  void Day(std::chrono::sys_days day);
  void Text(std::string_view text);
  void Hash(const Digest& digest);
  Bytes Take() { return std::move(bytes_); }

 private:
  Bytes bytes_{};
};

// Reads what CanonicalWriter wrote. After the first piece that is not there everything reads as
// empty and ok() is false.
class CanonicalReader {
 public:
  CanonicalReader(ByteView bytes, std::string_view kind);
  std::uint64_t Number();
  std::chrono::sys_days Day();
  std::string Text();
  Digest Hash();
  bool ok() const { return ok_; }
  // Nothing was wrong and nothing is left.
  bool Finished() const { return ok_ && bytes_.empty(); }

 private:
  ByteView Take(std::size_t size);
  ByteView bytes_;
  bool ok_ = true;
};

}  // namespace equinode::budget
