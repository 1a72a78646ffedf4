#include "client/import/rejected_csv.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <unordered_set>

#include "client/csv/csv_cell.h"

namespace equinode {
namespace {

constexpr std::size_t kMaxRemembered = 1'000'000;
constexpr std::size_t kBuffer = 64 * 1024;

}  // namespace

std::string CsvRow(const RejectedLine& line) {
  return CsvCell(line.file) + "," + std::to_string(line.line) + "," + CsvCell(line.resource) + "," +
         CsvCell(line.reason) + "," + CsvCell(line.what_to_do) + "\n";
}

struct RejectedCsv::Impl {
  std::filesystem::path path{};
  Mode mode = Mode::kReplace;
  int fd = -1;
  std::string waiting{};
  std::uint64_t rows = 0;
  std::unordered_set<std::size_t> seen{};  // Hashes of rows that are in the file already.

  Error CannotWrite() const {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot write " + path.string() + " (" + std::strerror(errno) + ")"};
  }

  Status Open() {
    std::string before;
    if (mode == Mode::kContinue) {
      std::ifstream in(path, std::ios::binary);
      std::string row;
      while (std::getline(in, row) && seen.size() < kMaxRemembered) {
        before += '.';
        seen.insert(std::hash<std::string>{}(row + "\n"));
      }
    }
    const int flags = mode == Mode::kContinue ? O_APPEND : O_TRUNC;
    fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (fd < 0) return CannotWrite();
    if (before.empty()) waiting = kRejectedHeader;
    return Ok();
  }

  Status Write() {
    std::size_t done = 0;
    while (done < waiting.size()) {
      const ssize_t wrote = ::write(fd, waiting.data() + done, waiting.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return CannotWrite();
      done += static_cast<std::size_t>(wrote);
    }
    waiting.clear();
    return Ok();
  }
};

RejectedCsv::RejectedCsv(std::filesystem::path path, Mode mode) : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->mode = mode;
}

RejectedCsv::~RejectedCsv() { (void)Close(); }

Status RejectedCsv::Add(const RejectedLine& line) {
  if (impl_->fd < 0) EQN_CHECK(impl_->Open());
  const std::string row = CsvRow(line);
  if (impl_->seen.count(std::hash<std::string>{}(row)) > 0) return Ok();
  impl_->waiting += row;
  ++impl_->rows;
  return impl_->waiting.size() >= kBuffer ? impl_->Write() : Ok();
}

Status RejectedCsv::Close() {
  if (impl_->fd < 0) {
    if (impl_->mode == Mode::kReplace) {
      std::error_code error;
      std::filesystem::remove(impl_->path, error);
    }
    return Ok();
  }
  const Status written = impl_->Write();
  ::close(impl_->fd);
  impl_->fd = -1;
  impl_->mode = Mode::kContinue;  // Closed again, it keeps what is there.
  return written;
}

std::uint64_t RejectedCsv::rows() const { return impl_->rows; }

}  // namespace equinode
