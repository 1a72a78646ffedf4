#include "server/custody/database_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto/hash.h"
#include "base/id.h"

namespace equinode {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "equinode key header 1";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kMostHeader = 4096;

struct Header {
  std::string id{};
  KeyCustody::Kind kind = KeyCustody::Kind::kFile;
  Argon2Params params{};  // Of a passphrase.
  Bytes salt{};           // Of a passphrase; empty otherwise.
  Bytes wrapped{};
};

std::string_view KindName(KeyCustody::Kind kind) {
  switch (kind) {
    case KeyCustody::Kind::kFile:
      return "file";
    case KeyCustody::Kind::kCredential:
      return "credential";
    case KeyCustody::Kind::kPassphrase:
      return "passphrase";
  }
  return "";
}

// All before the wrapped key, which is bound to it.
std::string BoundText(const Header& header) {
  std::string text = std::string(kMagic) + "\nid " + header.id + "\ncustody " +
                     std::string(KindName(header.kind)) + "\n";
  if (header.kind == KeyCustody::Kind::kPassphrase) {
    text += "argon2id " + std::to_string(header.params.memory_kib) + " " +
            std::to_string(header.params.passes) + " " + std::to_string(header.params.lanes) + " " +
            ToHex(header.salt) + "\n";
  }
  return text;
}

std::string TextOf(const Header& header) {
  std::string text = BoundText(header) + "wrapped " + ToHex(header.wrapped) + "\n";
  return text + "check " + ToHex(ByteView(Sha256(AsBytes(text))).first(8)) + "\n";
}

// The rest of the next line after `word` and a space.
std::optional<std::string_view> Take(std::string_view& text, std::string_view word) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(word)) return std::nullopt;
  std::string_view line = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  if (line.empty()) return line;
  if (line.front() != ' ') return std::nullopt;
  return line.substr(1);
}

bool ReadParams(std::string_view line, Header& header) {
  for (std::uint32_t* value :
       {&header.params.memory_kib, &header.params.passes, &header.params.lanes}) {
    const auto read = std::from_chars(line.data(), line.data() + line.size(), *value);
    if (read.ec != std::errc() || read.ptr == line.data() + line.size() || *read.ptr != ' ') {
      return false;
    }
    line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()) + 1);
  }
  auto salt = FromHex(line);
  if (!salt.ok() || salt->size() != kSaltBytes) return false;
  header.salt = *std::move(salt);
  return true;
}

std::optional<Header> HeaderFrom(std::string_view text) {
  const std::string_view whole = text;
  Header header;
  if (!Take(text, kMagic)) return std::nullopt;
  const auto id = Take(text, "id");
  if (!id || !Uuid::Parse(*id).ok()) return std::nullopt;
  header.id = *id;
  const auto kind = Take(text, "custody");
  bool known = false;
  for (const auto one :
       {KeyCustody::Kind::kFile, KeyCustody::Kind::kCredential, KeyCustody::Kind::kPassphrase}) {
    if (kind != KindName(one)) continue;
    header.kind = one;
    known = true;
  }
  if (!known) return std::nullopt;
  if (header.kind == KeyCustody::Kind::kPassphrase) {
    const auto params = Take(text, "argon2id");
    if (!params || !ReadParams(*params, header)) return std::nullopt;
  }
  const auto wrapped = Take(text, "wrapped");
  auto bytes = FromHex(wrapped.value_or("x"));
  if (!bytes.ok()) return std::nullopt;
  header.wrapped = *std::move(bytes);
  // One way to write each header, and nothing after it.
  if (TextOf(header) != whole) return std::nullopt;
  return header;
}

Result<Header> ReadHeader(const fs::path& folder) {
  const fs::path file = folder / kKeyHeaderName;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error{Code::kFailedPrecondition, "NO_KEY_HEADER",
                 "there is no key header '" + file.string() +
                     "'; make the node with 'equinoded init', or restore the header with the "
                     "database: without it nothing opens the data"};
  }
  std::string text(kMostHeader, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto header = HeaderFrom(text);
  if (header) return *std::move(header);
  return Error{Code::kFailedPrecondition, "KEY_HEADER_DAMAGED",
               "the key header '" + file.string() + "' is damaged; restore it from a backup"};
}

// What custody holds, as the key that wraps.
Result<Secret> WrappingKey(const KeyCustody& custody, const CustodyPlace& place,
                           const Header& header) {
  EQN_TRY(Secret held, ReadCustody(custody, place));
  if (header.kind != KeyCustody::Kind::kPassphrase) return held;
  return DeriveKey(held, header.salt, header.params);
}

Result<Header> Wrap(const KeyCustody& custody, const CustodyPlace& place, const Secret& key,
                    std::string id, Random& random, Argon2Params params) {
  Header header;
  header.id = std::move(id);
  header.kind = custody.kind;
  if (custody.kind == KeyCustody::Kind::kPassphrase) {
    header.params = params;
    header.salt.resize(kSaltBytes);
    random.Fill(header.salt);
  }
  EQN_TRY(const Secret kek, WrappingKey(custody, place, header));
  EQN_TRY(header.wrapped, WrapKey(kek, key, random, AsBytes(BoundText(header))));
  return header;
}

Status WriteNew(const fs::path& file, const std::string& text) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0 && errno == EEXIST) {
    return Error{Code::kAlreadyExists, "KEY_HEADER_EXISTS",
                 "this data folder has a key header already; it is never overwritten, since the "
                 "data could not be opened any more"};
  }
  bool done = fd >= 0;
  done = done && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  done = done && fsync(fd) == 0;
  if (fd >= 0) close(fd);
  if (done) return Ok();
  if (fd >= 0) (void)unlink(file.c_str());
  return Error{Code::kFailedPrecondition, "CANNOT_WRITE",
               "the key header cannot be written; check the data folder and the room on its disk"};
}

void SyncFolder(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

Result<Secret> Unwrap(const Header& header, const KeyCustody& custody, const CustodyPlace& place) {
  if (header.kind != custody.kind) {
    return Error{Code::kFailedPrecondition, "KEY_CUSTODY_OTHER",
                 "the database key is kept by custody '" + std::string(KindName(header.kind)) +
                     "', the configuration says '" + std::string(KindName(custody.kind)) + "'"};
  }
  EQN_TRY(const Secret kek, WrappingKey(custody, place, header));
  auto key = UnwrapKey(kek, header.wrapped, AsBytes(BoundText(header)));
  if (key.ok() && key->size() == kKeyBytes) return key;
  return Error{Code::kUnauthenticated, "WRONG_KEY",
               "what custody holds does not open the database key; give the key or passphrase that "
               "the node was made with"};
}

}  // namespace

Result<Secret> MakeDatabaseKey(const KeyCustody& custody, const CustodyPlace& place, Instant now,
                               Random& random, Argon2Params params) {
  Secret key = NewKey(random);
  EQN_TRY(const Header header,
          Wrap(custody, place, key, Uuid::MakeV7(now, random).ToString(), random, params));
  EQN_CHECK(WriteNew(place.data / kKeyHeaderName, TextOf(header)));
  SyncFolder(place.data);
  return key;
}

Result<Secret> OpenDatabaseKey(const KeyCustody& custody, const CustodyPlace& place) {
  EQN_TRY(const Header header, ReadHeader(place.data));
  return Unwrap(header, custody, place);
}

Status RewrapDatabaseKey(const KeyCustody& from, const KeyCustody& to, const CustodyPlace& place,
                         Random& random, Argon2Params params) {
  EQN_TRY(const Header before, ReadHeader(place.data));
  EQN_TRY(const Secret key, Unwrap(before, from, place));
  EQN_TRY(const Header after, Wrap(to, place, key, before.id, random, params));
  const fs::path file = place.data / kKeyHeaderName;
  const fs::path next = file.string() + ".new";
  std::error_code failed;
  fs::remove(next, failed);  // Of a rewrap that was killed.
  EQN_CHECK(WriteNew(next, TextOf(after)));
  fs::rename(next, file, failed);
  if (failed) {
    fs::remove(next, failed);
    return Error{Code::kFailedPrecondition, "CANNOT_WRITE", "the key header cannot be replaced"};
  }
  SyncFolder(place.data);
  return Ok();
}

}  // namespace equinode
