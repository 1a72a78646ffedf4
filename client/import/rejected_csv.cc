#include "client/import/rejected_csv.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "client/csv/csv_cell.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;

// 16 bytes each. Of a longer list the newest: a run that goes on reads again what came last.
constexpr std::size_t kMaxRemembered = 1'000'000;

std::size_t HashOf(const std::string& row) { return std::hash<std::string>{}(row); }

}  // namespace

std::string CsvRow(const RejectedLine& line) {
  return CsvCell(line.file) + "," + std::to_string(line.line) + "," + CsvCell(line.resource) + "," +
         CsvCell(line.reason) + "," + CsvCell(line.what_to_do) + "\n";
}

struct RejectedCsv::Impl {
  fs::path path{};
  fs::path marker{};
  std::string run{};
  int fd = -1;
  std::uint64_t rows = 0;
  // Rows that a run before this one wrote: hash, and how many of them did not come again. Sorted.
  std::vector<std::pair<std::size_t, std::size_t>> before{};

  Error CannotWrite(const fs::path& to) const {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot write " + to.string() + " (" + std::strerror(errno) + ")"};
  }

  bool GoesOn() const {
    std::ifstream in(marker, std::ios::binary);
    const std::string said{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return !run.empty() && said == run + "\n";
  }

  // Returns the size of what is whole.
  std::uint64_t ReadBefore() {
    std::ifstream in(path, std::ios::binary);
    std::vector<std::size_t> hashes;
    std::uint64_t whole = 0;
    std::string row;
    while (std::getline(in, row) && !in.eof()) {  // A last row without its end was cut off.
      whole += row.size() + 1;
      if (hashes.size() == 2 * kMaxRemembered) {
        hashes.erase(hashes.begin(), hashes.begin() + kMaxRemembered);
      }
      hashes.push_back(HashOf(row + "\n"));
    }
    std::sort(hashes.begin(), hashes.end());
    for (const std::size_t hash : hashes) {
      if (before.empty() || before.back().first != hash) before.emplace_back(hash, 0);
      ++before.back().second;
    }
    return whole;
  }

  Status Open() {
    const bool goes_on = GoesOn();
    const std::uint64_t whole = goes_on ? ReadBefore() : 0;
    fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0600);
    if (fd < 0 || ::ftruncate(fd, static_cast<off_t>(whole)) != 0) return CannotWrite(path);
    if (!goes_on && !run.empty()) EQN_CHECK(Mark());
    return whole == 0 ? Write(fd, path, std::string(kRejectedHeader)) : Ok();
  }

  Status Mark() {
    const int made =
        ::open(marker.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_TRUNC, 0600);
    if (made < 0) return CannotWrite(marker);
    const Status wrote = Write(made, marker, run + "\n");
    ::close(made);
    return wrote;
  }

  Status Write(int to, const fs::path& name, const std::string& text) const {
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t wrote = ::write(to, text.data() + done, text.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return CannotWrite(name);
      done += static_cast<std::size_t>(wrote);
    }
    return Ok();
  }

  // Whether an earlier run wrote it; each of its rows answers for one.
  bool Known(const std::string& row) {
    const auto hash = HashOf(row);
    const auto found =
        std::lower_bound(before.begin(), before.end(), std::pair{hash, std::size_t{0}});
    if (found == before.end() || found->first != hash || found->second == 0) return false;
    --found->second;
    return true;
  }
};

RejectedCsv::RejectedCsv(fs::path path, std::string run) : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->marker = impl_->path;
  impl_->marker += ".unfinished";
  impl_->run = std::move(run);
}

RejectedCsv::~RejectedCsv() {
  if (impl_->fd >= 0) ::close(impl_->fd);
}

Status RejectedCsv::Add(const RejectedLine& line) {
  if (impl_->fd < 0) EQN_CHECK(impl_->Open());
  const std::string row = CsvRow(line);
  if (impl_->Known(row)) return Ok();
  EQN_CHECK(impl_->Write(impl_->fd, impl_->path, row));
  ++impl_->rows;
  return Ok();
}

Status RejectedCsv::Finish(bool keep_old) {
  std::error_code error;
  const bool nothing = impl_->fd < 0 && !impl_->GoesOn();
  if (nothing && !keep_old) fs::remove(impl_->path, error);
  if (!impl_->run.empty()) fs::remove(impl_->marker, error);
  if (impl_->fd >= 0) ::close(impl_->fd);
  impl_->fd = -1;
  return Ok();
}

std::uint64_t RejectedCsv::rows() const { return impl_->rows; }

}  // namespace equinode
