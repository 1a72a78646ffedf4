#include "client/import/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace equinode {
namespace {

Error CannotRead(int error) {
  return Error{Code::kNotFound, "CANNOT_READ",
               std::string("the file cannot be read (") + std::strerror(error) +
                   "); check its permissions and the disk"};
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(File&& other) noexcept : fd_(other.fd_), done_(other.done_) { other.fd_ = -1; }
  File& operator=(File&&) = delete;

  Result<std::size_t> Read(char* into, std::size_t most) {
    while (true) {
      const ssize_t got = ::read(fd_, into, most);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return CannotRead(errno);
      done_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
  }
  bool StartsAsGzip() {
    unsigned char magic[2] = {};
    return ::pread(fd_, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  }
  std::uint64_t done() const { return done_; }

 private:
  int fd_;
  std::uint64_t done_ = 0;
};

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(File file) : file_(std::move(file)) {}
  Result<std::size_t> Read(char* into, std::size_t most) override { return file_.Read(into, most); }
  std::uint64_t done() const override { return file_.done(); }

 private:
  File file_;
};

// Several members one after another are one text, as gzip has it.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(File file) : file_(std::move(file)), input_(64 * 1024) {
    ready_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  ~GzipSource() override {
    if (ready_) ::inflateEnd(&stream_);
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<std::size_t> Read(char* into, std::size_t most) override {
    if (!ready_) return Error{Code::kResourceExhausted, "OUT_OF_MEMORY", "no memory for gunzip"};
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(most);
    while (stream_.avail_out == most) {
      if (stream_.avail_in == 0) {
        EQN_TRY(const std::size_t got,
                file_.Read(reinterpret_cast<char*>(input_.data()), input_.size()));
        if (got == 0) {
          if (between_members_) return std::size_t{0};
          return Damaged("ends too early");
        }
        stream_.next_in = input_.data();
        stream_.avail_in = static_cast<uInt>(got);
      }
      between_members_ = false;
      const int code = ::inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        between_members_ = true;
        if (::inflateReset(&stream_) != Z_OK) return Damaged("cannot be continued");
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return Damaged("is damaged");
      }
    }
    return most - stream_.avail_out;
  }
  std::uint64_t done() const override { return file_.done(); }
  bool packed() const override { return true; }

 private:
  static Error Damaged(const char* how) {
    return Error{Code::kDataLoss, "BAD_GZIP",
                 std::string("the gzip file ") + how + "; copy or export it again"};
  }
  File file_;
  std::vector<Bytef> input_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenSource(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return CannotRead(errno);
  File file(fd);
  if (file.StartsAsGzip()) {
    return std::unique_ptr<ByteSource>(std::make_unique<GzipSource>(std::move(file)));
  }
  return std::unique_ptr<ByteSource>(std::make_unique<PlainSource>(std::move(file)));
}

}  // namespace equinode
