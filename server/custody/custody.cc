#include "server/custody/custody.h"

#include <fcntl.h>
#include <stdlib.h>  // NOLINT: secure_getenv lives here
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "base/crypto/keywrap.h"

namespace equinode {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostText = 1024;

Error Bad(const char* reason, const std::string& message) {
  return {Code::kFailedPrecondition, reason, message};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Reads to the end or, when `one_line`, to the first newline, which is taken off. Nothing when
// reading fails or there is more than kMostText.
std::optional<Secret> ReadText(int fd, bool one_line) {
  Secret buffer(kMostText + 2);
  std::size_t size = 0;
  while (size < buffer.size()) {
    // One byte at a time from a stream: what follows the line belongs to somebody else.
    const std::size_t want = one_line ? 1 : buffer.size() - size;
    const ssize_t got = read(fd, buffer.mutable_view().data() + size, want);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (one_line && buffer.view()[size - 1] == '\n') break;
  }
  if (size > 0 && buffer.view()[size - 1] == '\n') --size;
  if (size > 0 && buffer.view()[size - 1] == '\r') --size;
  if (size > kMostText) return std::nullopt;
  return Secret::Copy(buffer.view().first(size));
}

int Nibble(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// 64 hex digits and nothing else, without a copy outside of Secret.
Result<Secret> KeyFromText(const Secret& text) {
  if (text.empty()) {
    return Bad("KEY_FILE_EMPTY", "the key is empty; it must be 64 hex digits (32 random bytes)");
  }
  Secret key(kKeyBytes);
  const Error malformed =
      Bad("KEY_FILE_MALFORMED", "the key must be 64 hex digits (32 random bytes) and no more");
  if (text.size() != key.size() * 2) return malformed;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const int high = Nibble(text.view()[i * 2]);
    const int low = Nibble(text.view()[i * 2 + 1]);
    if (high < 0 || low < 0) return malformed;
    key.mutable_view()[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return key;
}

bool Inside(const fs::path& file, const fs::path& folder) {
  if (folder.empty()) return false;
  std::error_code failed;
  const fs::path inner = fs::weakly_canonical(file, failed);
  const fs::path outer = fs::weakly_canonical(folder, failed);
  const auto [a, b] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  (void)b;
  return a == outer.end() || (std::next(a) == outer.end() && a->empty());
}

// `strict`: nobody but the owner may read it. A credential's mode is systemd's business, but the
// whole world may not read it either.
Result<Secret> ReadSecretFile(const fs::path& file, const CustodyPlace& place, bool strict) {
  const std::string name = "'" + file.string() + "'";
  if (strict && Inside(file, place.data)) {
    return Bad("KEY_FILE_INSIDE", "the key file " + name +
                                      " lies in the data folder; whoever takes the folder would "
                                      "have the key too: move it elsewhere");
  }
  const Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (in.get() < 0 || fstat(in.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return Bad("KEY_FILE_MISSING", "the key file " + name +
                                       " cannot be read; check its path, "
                                       "owner and mode");
  }
  if (strict && info.st_uid != geteuid() && info.st_uid != 0) {
    return Bad("KEY_FILE_OWNER", "the key file " + name + " belongs to another user; chown it");
  }
  if ((info.st_mode & (strict ? 077u : 007u)) != 0) {
    return Bad("KEY_FILE_MODE", "the key file " + name +
                                    " can be read by others; chmod 600 it, and make a new key when "
                                    "others may have read it");
  }
  auto text = ReadText(in.get(), /*one_line=*/false);
  if (!text) return Bad("KEY_FILE_MALFORMED", "the key file " + name + " is too long");
  return *std::move(text);
}

Result<Secret> ReadCredential(const std::string& name, const CustodyPlace& place) {
  if (place.credentials.empty()) {
    return Bad("NO_CREDENTIALS",
               "there is no CREDENTIALS_DIRECTORY; give the service LoadCredentialEncrypted=" +
                   name + " (docs/operations.md), or choose another custody");
  }
  return ReadSecretFile(place.credentials / name, place, /*strict=*/false);
}

// No echo while it lives, when `fd` is a terminal.
class Quiet {
 public:
  explicit Quiet(int fd) : fd_(fd), active_(tcgetattr(fd, &before_) == 0) {
    if (!active_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(fd_, TCSAFLUSH, &quiet);
    std::fputs("passphrase of the database key: ", stderr);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() {
    if (!active_) return;
    tcsetattr(fd_, TCSAFLUSH, &before_);
    std::fputs("\n", stderr);
  }

 private:
  int fd_;
  termios before_{};
  bool active_;
};

Result<Secret> ReadPassphrase(const KeyCustody& custody, const CustodyPlace& place) {
  std::optional<Secret> text;
  switch (custody.from) {
    case KeyCustody::From::kFile: {
      EQN_TRY(Secret read, ReadSecretFile(custody.file, place, /*strict=*/true));
      text = std::move(read);
      break;
    }
    case KeyCustody::From::kCredential: {
      EQN_TRY(Secret read, ReadCredential(custody.credential, place));
      text = std::move(read);
      break;
    }
    case KeyCustody::From::kStdin:
    case KeyCustody::From::kDescriptor: {
      const int fd = custody.from == KeyCustody::From::kStdin ? STDIN_FILENO : custody.fd;
      const Quiet quiet(fd);
      text = ReadText(fd, /*one_line=*/true);
      break;
    }
  }
  if (!text || text->empty()) {
    return Bad("NO_PASSPHRASE", "no passphrase was given: one line of 1 to 1024 bytes is expected");
  }
  return *std::move(text);
}

}  // namespace

CustodyPlace PlaceOf(const fs::path& data) {
  const char* credentials = secure_getenv("CREDENTIALS_DIRECTORY");
  return {data, credentials == nullptr ? "" : credentials};
}

Result<Secret> ReadCustody(const KeyCustody& custody, const CustodyPlace& place) {
  switch (custody.kind) {
    case KeyCustody::Kind::kFile: {
      EQN_TRY(const Secret text, ReadSecretFile(custody.file, place, /*strict=*/true));
      return KeyFromText(text);
    }
    case KeyCustody::Kind::kCredential: {
      EQN_TRY(const Secret text, ReadCredential(custody.credential, place));
      return KeyFromText(text);
    }
    case KeyCustody::Kind::kPassphrase:
      return ReadPassphrase(custody, place);
  }
  return Error{Code::kInternal, "BAD_CUSTODY", "no such custody"};
}

Status MakeKeyFile(const fs::path& file, const CustodyPlace& place, Random& random) {
  if (Inside(file, place.data)) {
    return Bad("KEY_FILE_INSIDE", "the key file may not lie in the data folder");
  }
  const Descriptor out(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.get() < 0 && errno == EEXIST) {
    return Error{Code::kAlreadyExists, "KEY_FILE_EXISTS",
                 "there is a key file already; it is never overwritten"};
  }
  if (out.get() < 0) {
    return Bad("KEY_FILE_MISSING", "the key file cannot be made; check the folder and its owner");
  }
  constexpr char kDigits[] = "0123456789abcdef";
  const Secret key = NewKey(random);
  Secret text(key.size() * 2 + 1);
  for (std::size_t i = 0; i < key.size(); ++i) {
    text.mutable_view()[i * 2] = static_cast<std::uint8_t>(kDigits[key.view()[i] >> 4]);
    text.mutable_view()[i * 2 + 1] = static_cast<std::uint8_t>(kDigits[key.view()[i] & 15]);
  }
  text.mutable_view()[key.size() * 2] = '\n';
  const bool written =
      write(out.get(), text.view().data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      fsync(out.get()) == 0;
  if (written) return Ok();
  (void)unlink(file.c_str());
  return Bad("KEY_FILE_MISSING", "the key file cannot be written; is the disk full?");
}

}  // namespace equinode
