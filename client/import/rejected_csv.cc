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

constexpr std::string_view kWhole = "\nwhole\n";

std::size_t HashOf(const std::string& row) { return std::hash<std::string>{}(row); }

}  // namespace

std::string CsvRow(const RejectedLine& line) {
  return CsvCell(line.file) + "," + std::to_string(line.line) + "," + CsvCell(line.resource) + "," +
         CsvCell(line.reason) + "," + CsvCell(line.what_to_do) + "\n";
}

struct RejectedCsv::Impl {
  enum class State : std::uint8_t { kOther, kUnderWay, kWhole };
  fs::path path{};
  fs::path marker{};
  std::string run{};
  int fd = -1;
  std::uint64_t rows = 0;
  State began = State::kOther;
  // Rows that a run before this one wrote: hash, and how many of them did not come again. Sorted.
  std::vector<std::pair<std::size_t, std::size_t>> before{};

  Error CannotWrite(const fs::path& to) const {
    return Error{Code::kInternal, "CANNOT_WRITE",
                 "cannot write " + to.string() + " (" + std::strerror(errno) + ")"};
  }

  // What there is of this import.
  State Before() const {
    std::ifstream in(marker, std::ios::binary);
    const std::string said{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (run.empty()) return State::kOther;
    if (said == run + std::string(kWhole)) return State::kWhole;
    return said == run + "\n" ? State::kUnderWay : State::kOther;
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
    began = Before();
    const std::uint64_t whole = began == State::kOther ? 0 : ReadBefore();
    fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0600);
    if (fd < 0 || ::ftruncate(fd, static_cast<off_t>(whole)) != 0) return CannotWrite(path);
    EQN_CHECK(Mark("\n"));
    return whole == 0 ? Write(fd, path, std::string(kRejectedHeader)) : Ok();
  }

  Status Mark(std::string_view state) const {
    return run.empty() ? Ok() : Replace(marker, run + std::string(state));
  }

  Status Replace(const fs::path& name, const std::string& text) const {
    const int made =
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_TRUNC, 0600);
    if (made < 0) return CannotWrite(name);
    const Status wrote = Write(made, name, text);
    ::close(made);
    return wrote;
  }

  // Rows of before that did not come again, although everything was read.
  Status DropStale() {
    fs::path fresh = path;
    fresh += ".new";
    std::ifstream in(path, std::ios::binary);
    std::string text;
    for (std::string row; std::getline(in, row);) {
      row += '\n';
      if (!Known(row) || row == kRejectedHeader) text += row;
    }
    EQN_CHECK(Replace(fresh, text));
    return ::rename(fresh.c_str(), path.c_str()) == 0 ? Ok() : Status(CannotWrite(path));
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
  impl_->marker += ".state";
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
  if (impl_->fd >= 0) {
    ::close(impl_->fd);
    impl_->fd = -1;
    if (impl_->began == Impl::State::kWhole && !keep_old) EQN_CHECK(impl_->DropStale());
    return impl_->Mark(kWhole);
  }
  const Impl::State before = impl_->Before();
  if (before == Impl::State::kUnderWay) return impl_->Mark(kWhole);
  if (keep_old) return Ok();
  std::error_code error;
  fs::remove(impl_->path, error);
  fs::remove(impl_->marker, error);
  return Ok();
}

std::uint64_t RejectedCsv::rows() const { return impl_->rows; }

}  // namespace equinode
