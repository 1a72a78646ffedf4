// Lines of up to 4 MiB from a byte source, without a copy a line. A longer one is told and passed
// by without being held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/import/byte_source.h"

namespace equinode {

struct Line {
  std::string_view text{};   // Without line end and byte order mark; 64 bytes behind are readable.
  std::uint64_t number = 0;  // From 1.
  std::uint64_t end = 0;     // Offset behind its line end.
  bool too_long = false;     // Then text is empty.
};

// One thread.
class LineReader {
 public:
  static constexpr std::size_t kMaxLine = 4 * 1024 * 1024;

  // `source` must outlive the reader.
  explicit LineReader(ByteSource& source);
  // Passes by `offset` bytes; lines count on from `line`. OUT_OF_RANGE when there are fewer.
  Status Skip(std::uint64_t offset, std::uint64_t line);
  // False at the end. The text is valid until the next call.
  Result<bool> Next(Line& line);

 private:
  Result<bool> Fill();  // False at the end of the source.

  ByteSource& source_;
  std::vector<char> buffer_{};
  std::size_t begin_ = 0;     // Of the line that is being read.
  std::size_t end_ = 0;       // Of what was read.
  std::size_t looked_ = 0;    // No line end in [begin_, looked_).
  std::uint64_t offset_ = 0;  // Of begin_ in the source.
  std::uint64_t number_ = 0;
};

}  // namespace equinode
