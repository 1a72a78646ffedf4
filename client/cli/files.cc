#include "client/cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace equinode::cli {
namespace {

// Closes the descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error CannotRead(const std::filesystem::path& path) {
  if (errno == EISDIR) {
    return Error{Code::kInvalidArgument, "IS_A_FOLDER",
                 path.string() + " is a folder; this command reads one file: name it"};
  }
  return Error{Code::kNotFound, "NO_SUCH_FILE",
               "cannot read " + path.string() + ": " + std::strerror(errno)};
}
Error CannotWrite(const std::filesystem::path& path) {
  return Error{Code::kInternal, "CANNOT_WRITE",
               "cannot write " + path.string() + ": " + std::strerror(errno)};
}

// Reads into `out`, whose size is the bound; returns how many bytes there were.
Result<std::size_t> ReadInto(const std::filesystem::path& path, std::span<std::uint8_t> out) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return CannotRead(path);
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = ::read(file.get(), out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(path);
    if (got == 0) return size;
    size += static_cast<std::size_t>(got);
  }
  return Error{Code::kInvalidArgument, "FILE_TOO_LONG",
               path.string() + " is over " + std::to_string(out.size() - 1) + " bytes"};
}

}  // namespace

Result<std::string> ReadText(const std::filesystem::path& path, std::size_t most) {
  std::string text(most + 1, '\0');
  EQN_TRY(const std::size_t size,
          ReadInto(path, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
  text.resize(size);
  return text;
}

Result<Secret> ReadSecret(const std::filesystem::path& path) {
  Secret room(64 * 1024 + 1);
  EQN_TRY(const std::size_t size, ReadInto(path, room.mutable_view()));
  return Secret::Copy(room.view().first(size));
}

Status OnlyOurs(const std::filesystem::path& path, std::string_view reason) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return CannotRead(path);
  if ((facts.st_mode & 077) == 0 && (facts.st_uid == ::geteuid() || facts.st_uid == 0)) return Ok();
  return Error{Code::kFailedPrecondition, std::string(reason),
               path.string() + " may be read or written by others; its mode must be 0600"};
}

Status WriteText(const std::filesystem::path& path, std::string_view text, unsigned mode) {
  std::filesystem::path next = path;
  next += ".new-" + std::to_string(::getpid());
  {
    const Descriptor file(::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) return CannotWrite(path);
    while (!text.empty()) {
      const ssize_t put = ::write(file.get(), text.data(), text.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        const Error error = CannotWrite(path);
        ::unlink(next.c_str());
        return error;
      }
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  if (::rename(next.c_str(), path.c_str()) != 0) {
    const Error error = CannotWrite(path);
    ::unlink(next.c_str());
    return error;
  }
  return Ok();
}

}  // namespace equinode::cli
