#include "storage/sqlite/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace equinode {

namespace {

constexpr std::size_t kPage = 4096;

// A page of cipher text holds nearly all of the 256 byte values (252 on average); text, an archive
// header or zeros hold far fewer. Fewer than 200 in a page of ours is beyond chance.
bool LooksEncrypted(const std::array<std::uint8_t, kPage>& page) {
  std::bitset<256> seen;
  for (const std::uint8_t byte : page) seen.set(byte);
  return seen.count() >= 200;
}

}  // namespace

Result<FolderLock> FolderLock::Take(const std::filesystem::path& folder) {
  const int fd = open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return Error{Code::kFailedPrecondition, "CANNOT_OPEN",
                 "the lock file in the data folder cannot be opened; check its owner and mode"};
  }
  FolderLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Error{Code::kFailedPrecondition, "FOLDER_IN_USE",
                 "another process has this data folder open; stop it first, or give this node a "
                 "folder of its own"};
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
}

Status PrepareFolder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!std::filesystem::is_directory(folder, failed)) {
    return Error{Code::kFailedPrecondition, "NO_DATA_FOLDER",
                 "the data folder is not there and cannot be made; check the path and who owns it"};
  }
  if (chmod(folder.c_str(), 0700) != 0) {
    return Error{Code::kFailedPrecondition, "FOLDER_NOT_OURS",
                 "the data folder belongs to another user; the node must own it alone"};
  }
  return Ok();
}

Status CheckDatabaseFile(const std::filesystem::path& file) {
  std::error_code failed;
  const auto status = std::filesystem::status(file, failed);
  if (status.type() == std::filesystem::file_type::not_found) return Ok();
  const Error not_one{Code::kFailedPrecondition, "NOT_A_DATABASE",
                      "the file is not a database of this program; move it away or name another "
                      "data folder"};
  if (status.type() != std::filesystem::file_type::regular) return not_one;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           &std::fclose);
  if (!in) {
    return Error{Code::kFailedPrecondition, "CANNOT_OPEN",
                 "the database file cannot be read; check its owner and mode"};
  }
  std::array<std::uint8_t, kPage> page{};
  const std::size_t got = std::fread(page.data(), 1, page.size(), in.get());
  if (got == 0) return Ok();
  constexpr std::string_view kClear{"SQLite format 3", 16};
  if (got >= kClear.size() && std::equal(kClear.begin(), kClear.end(), page.begin())) {
    return Error{Code::kFailedPrecondition, "DATABASE_IN_CLEAR",
                 "the database file is not encrypted; this node never opens data in clear"};
  }
  if (got < page.size() || std::filesystem::file_size(file, failed) % kPage != 0 ||
      !LooksEncrypted(page)) {
    return not_one;
  }
  return Ok();
}

Status RequireDatabaseFile(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  if (!failed && size > 0) return Ok();
  return Error{Code::kFailedPrecondition, "NO_DATABASE",
               "there is no database in '" + file.parent_path().string() +
                   "'; put it back from a backup, or name the right folder as 'data'"};
}

Status PrepareFile(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool done = fd >= 0 && fchmod(fd, 0600) == 0;
  if (fd >= 0) close(fd);
  if (done) return Ok();
  return Error{Code::kFailedPrecondition, "CANNOT_OPEN",
               "the database file cannot be made or is not ours; check the folder's owner"};
}

}  // namespace equinode
