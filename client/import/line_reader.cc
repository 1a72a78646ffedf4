#include "client/import/line_reader.h"

#include <algorithm>
#include <cstring>

namespace equinode {
namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kPadding = 64;

}  // namespace

LineReader::LineReader(ByteSource& source) : source_(source), buffer_(2 * kChunk + kPadding) {}

Status LineReader::Skip(std::uint64_t offset, std::uint64_t line) {
  while (offset_ < offset) {
    const auto most = std::min<std::uint64_t>(offset - offset_, buffer_.size());
    EQN_TRY(const std::size_t got, source_.Read(buffer_.data(), static_cast<std::size_t>(most)));
    if (got == 0) return Error{Code::kOutOfRange, "FILE_SHRANK", "the file is shorter than it was"};
    offset_ += got;
  }
  number_ = line;
  return Ok();
}

Result<bool> LineReader::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    looked_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + kChunk + kPadding) {
    buffer_.resize(kMaxLine + 2 * kChunk + kPadding);
  }
  EQN_TRY(const std::size_t got,
          source_.Read(buffer_.data() + end_, std::min(kChunk, buffer_.size() - kPadding - end_)));
  end_ += got;
  return got > 0;
}

Result<bool> LineReader::Next(Line& line) {
  line = Line{};
  bool too_long = false;
  while (true) {
    const char* from = buffer_.data() + looked_;
    const void* found = std::memchr(from, '\n', end_ - looked_);
    bool at_end = false;
    if (found == nullptr) {
      looked_ = end_;
      if (end_ - begin_ > kMaxLine) {  // Let go of what is already too much.
        too_long = true;
        offset_ += end_ - begin_;
        begin_ = end_ = looked_ = 0;
      }
      EQN_TRY(const bool more, Fill());
      if (more) continue;
      if (begin_ == end_ && !too_long) return false;
      at_end = true;
    }
    const std::size_t stop =
        at_end ? end_ : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    std::string_view text(buffer_.data() + begin_, stop - begin_);
    const std::size_t next = at_end ? stop : stop + 1;
    if (offset_ == 0 && number_ == 0 && text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    offset_ += next - begin_;
    begin_ = looked_ = next;
    line.number = ++number_;
    line.end = offset_;
    line.too_long = too_long || text.size() > kMaxLine;
    if (!line.too_long) line.text = text;
    return true;
  }
}

}  // namespace equinode
