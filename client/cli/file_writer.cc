#include "client/cli/file_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace equinode::cli {
namespace {

Error CannotWritePiece(const std::filesystem::path& path) {
  return Error{Code::kInternal, "CANNOT_WRITE",
               "cannot write " + path.string() + ": " + std::strerror(errno)};
}

}  // namespace

Result<FileWriter> FileWriter::Open(const std::filesystem::path& path) {
  FileWriter writer;
  writer.path_ = path;
  writer.next_ = path;
  writer.next_ += ".new-" + std::to_string(::getpid());
  writer.fd_ = ::open(writer.next_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (writer.fd_ >= 0) return writer;
  writer.next_.clear();
  return CannotWritePiece(path);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)), next_(std::move(other.next_)), fd_(other.fd_) {
  other.next_.clear();
  other.fd_ = -1;
}

FileWriter::~FileWriter() {
  if (fd_ >= 0) ::close(fd_);
  if (!next_.empty()) ::unlink(next_.c_str());
}

Status FileWriter::Append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd_, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return CannotWritePiece(path_);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return Ok();
}

Status FileWriter::Commit() {
  const bool durable = ::fsync(fd_) == 0 || errno == EINVAL;  // A pipe or device cannot.
  if (!durable || ::rename(next_.c_str(), path_.c_str()) != 0) return CannotWritePiece(path_);
  next_.clear();
  return Ok();
}

}  // namespace equinode::cli
