#include "server/audit/anchor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto/hash.h"

namespace equinode {

namespace {

constexpr std::size_t kLine = 512;  // A sector: a disk writes it whole.
constexpr std::string_view kMagic = "equinode-audit-anchor-1 ";

std::string CheckOf(std::string_view text) {
  return ToHex(ByteView(Sha256(AsBytes(text))).first(8));
}

std::string LineOf(const AuditHead& head) {
  std::string line = std::string(kMagic) + std::to_string(head.count) + " " + ToHex(head.hash);
  line += " " + CheckOf(line);
  line.resize(kLine - 1, ' ');
  return line + "\n";
}

std::optional<AuditHead> HeadFrom(std::string_view line) {
  line = line.substr(0, line.find_last_not_of(" \n") + 1);
  const std::size_t last = line.rfind(' ');
  if (last == std::string_view::npos || CheckOf(line.substr(0, last)) != line.substr(last + 1)) {
    return std::nullopt;
  }
  line = line.substr(0, last);
  if (!line.starts_with(kMagic)) return std::nullopt;
  line.remove_prefix(kMagic.size());
  AuditHead head;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), head.count);
  if (read.ec != std::errc()) return std::nullopt;
  const auto hash = FromHex(line.substr(static_cast<std::size_t>(read.ptr - line.data()) + 1));
  if (!hash.ok() || hash->size() != head.hash.size()) return std::nullopt;
  std::copy(hash->begin(), hash->end(), head.hash.begin());
  return head;
}

struct Content {
  std::optional<AuditHead> head{};
  int slot = 0;  // The one that does not hold it.
};

Result<Content> ReadContent(int fd) {
  std::array<char, kLine * 2> text{};
  const ssize_t got = pread(fd, text.data(), text.size(), 0);
  Content content;
  for (int slot = 0; got > 0 && slot < 2; ++slot) {
    const auto begin = static_cast<std::size_t>(slot) * kLine;
    if (static_cast<std::size_t>(got) < begin + kLine) break;
    const auto head = HeadFrom(std::string_view(text.data() + begin, kLine));
    if (head && (!content.head || head->count >= content.head->count)) {
      content = {head, 1 - slot};
    }
  }
  if (content.head) return content;
  return Error{Code::kDataLoss, "AUDIT_ANCHOR_DAMAGED",
               "the audit anchor cannot be read; find out who changed it, verify the log with "
               "'equinoded audit verify', then accept it with 'equinoded audit accept'"};
}

const Error& CannotOpen() {
  static const Error error{Code::kFailedPrecondition, "CANNOT_OPEN_ANCHOR",
                           "the audit anchor cannot be opened; check its folder, owner and mode"};
  return error;
}

const Error& Failed() {
  static const Error error{Code::kUnavailable, "AUDIT_ANCHOR_FAILED",
                           "the audit anchor cannot be written; check the disk that it lies on"};
  return error;
}

}  // namespace

Result<std::optional<AuditHead>> AnchorFile::Read(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) return std::optional<AuditHead>();
  if (fd < 0) return CannotOpen();
  auto content = ReadContent(fd);
  close(fd);
  if (!content.ok()) return std::move(content).error();
  return content->head;
}

Result<AnchorFile> AnchorFile::Open(const std::filesystem::path& file, const AuditHead& head) {
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return CannotOpen();
  AnchorFile anchor(fd, 0);
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return CannotOpen();
  if (info.st_size == 0) {
    // Both lines at once, so that the file never grows again.
    const std::string both = LineOf(head) + LineOf(head);
    if (pwrite(fd, both.data(), both.size(), 0) != static_cast<ssize_t>(both.size())) {
      return Failed();
    }
    EQN_CHECK(anchor.Sync());
    const int folder = open(file.has_parent_path() ? file.parent_path().c_str() : ".",
                            O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
      (void)fsync(folder);
      close(folder);
    }
    return anchor;
  }
  EQN_TRY(const Content content, ReadContent(fd));
  anchor.slot_ = content.slot;
  return anchor;
}

AnchorFile::AnchorFile(AnchorFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), slot_(other.slot_) {}

AnchorFile::~AnchorFile() {
  if (fd_ >= 0) close(fd_);
}

Status AnchorFile::Write(const AuditHead& head) {
  const std::string line = LineOf(head);
  const auto offset = static_cast<off_t>(slot_) * static_cast<off_t>(kLine);
  if (pwrite(fd_, line.data(), line.size(), offset) != static_cast<ssize_t>(line.size())) {
    return Failed();
  }
  slot_ = 1 - slot_;
  return Ok();
}

Status AnchorFile::Sync() {
  if (fdatasync(fd_) != 0) return Failed();
  return Ok();
}

}  // namespace equinode
