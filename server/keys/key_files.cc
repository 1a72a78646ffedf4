#include "server/keys/key_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace equinode {

namespace {

constexpr std::size_t kMostFile = 256 * 1024;
constexpr int kMostOlder = 16;

Error Refuse(const char* reason, const std::filesystem::path& path, const std::string& why) {
  return {Code::kFailedPrecondition, reason, path.string() + ": " + why};
}

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// Into memory that is wiped, as keys and certificates come the same way.
Result<Secret> ReadFile(const std::filesystem::path& path, bool is_key) {
  const OpenFile file(path);
  if (file.fd() < 0) {
    return Refuse("KEYS_MISSING", path,
                  errno == ENOENT ? "there is no such file" : "the file cannot be opened");
  }
  struct stat info {};
  if (fstat(file.fd(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return Refuse("KEYS_UNREADABLE", path, "not a regular file");
  }
  if (is_key && (info.st_mode & 077) != 0) {
    return Refuse("KEYS_WIDE", path, "others may read the key; chmod 600 it");
  }
  if (info.st_size == 0 || static_cast<std::size_t>(info.st_size) > kMostFile) {
    return Refuse("KEYS_UNREADABLE", path, "the file is empty or larger than 256 KiB");
  }
  Secret bytes(static_cast<std::size_t>(info.st_size));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = read(file.fd(), bytes.mutable_view().data() + at, bytes.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Refuse("KEYS_UNREADABLE", path, "the file cannot be read to its end");
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<KeyPair> ReadPair(const std::filesystem::path& certificate,
                         const std::filesystem::path& key) {
  EQN_TRY(const Secret pem, ReadFile(certificate, false));
  auto chain = CertificatesFromPem(AsText(pem.view()));
  if (!chain.ok() || chain->empty()) {
    return Refuse("KEYS_UNREADABLE", certificate, "not a certificate in pem");
  }
  EQN_TRY(const Secret key_pem, ReadFile(key, true));
  auto read = PrivateKey::FromPem(key_pem);
  if (!read.ok()) return Refuse("KEYS_UNREADABLE", key, read.error().message);
  if (!read->Matches(chain->front())) {
    return Refuse("KEYS_MISMATCH", key, "not the key of " + certificate.filename().string());
  }
  return KeyPair{chain->front(), std::move(read).value()};
}

Result<Identity> IdentityOf(const Certificate& certificate, const std::filesystem::path& path) {
  if (certificate.uri_names().size() != 1) {
    return Refuse("KEYS_IDENTITY", path, "the certificate must have exactly one uri name");
  }
  auto identity = ParseIdentity(certificate.uri_names().front());
  if (!identity.ok()) return Refuse("KEYS_IDENTITY", path, identity.error().message);
  if (identity->is_operator()) {
    return Refuse("KEYS_IDENTITY", path, "an operator's certificate is no node's");
  }
  return identity;
}

// node.pem -> node.2.pem
std::filesystem::path Older(const std::filesystem::path& path, int number) {
  std::filesystem::path result = path;
  result.replace_extension("." + std::to_string(number) + path.extension().string());
  return result;
}

}  // namespace

Result<std::shared_ptr<const KeyRing>> LoadKeyRing(const KeyPaths& paths, Instant now) {
  EQN_TRY(const Secret trust_pem, ReadFile(paths.trust, false));
  auto trust = TrustStore::FromPem(AsText(trust_pem.view()));
  if (!trust.ok()) return Refuse("KEYS_UNREADABLE", paths.trust, trust.error().message);
  EQN_TRY(KeyPair current, ReadPair(paths.certificate, paths.key));
  EQN_TRY(Identity self, IdentityOf(current.certificate, paths.certificate));
  if (const auto good = trust->Verify(current.certificate, now, Usage::kNode); !good.ok()) {
    return Refuse(good.error().reason.c_str(), paths.certificate, good.error().message);
  }
  std::vector<KeyPair> older;
  for (int number = 1; number <= kMostOlder; ++number) {
    const auto certificate = Older(paths.certificate, number);
    std::error_code ignored;
    if (!std::filesystem::exists(certificate, ignored)) break;
    EQN_TRY(KeyPair pair, ReadPair(certificate, Older(paths.key, number)));
    EQN_TRY(const Identity was, IdentityOf(pair.certificate, certificate));
    if (was != self) {
      return Refuse("KEYS_IDENTITY", certificate, "an older certificate of somebody else");
    }
    older.push_back(std::move(pair));
  }
  return std::shared_ptr<const KeyRing>(std::make_shared<KeyRing>(
      KeyRing{std::move(self), std::move(current), std::move(older), std::move(trust).value()}));
}

KeyWatcher::KeyWatcher(KeyPaths paths, CurrentKeyRing& ring, const Clock& clock, Log& log,
                       MayTakeOver may_take_over)
    : paths_(std::move(paths)),
      ring_(ring),
      clock_(clock),
      log_(log),
      may_take_over_(std::move(may_take_over)),
      seen_(Look()) {}

KeyWatcher::Signature KeyWatcher::Look() const {
  Signature signature{};
  std::size_t at = 0;
  for (const auto* path : {&paths_.trust, &paths_.certificate, &paths_.key}) {
    struct stat info {};
    if (stat(path->c_str(), &info) == 0) {
      signature[at] = {static_cast<std::int64_t>(info.st_ino), info.st_size,
                       info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec,
                       info.st_ctim.tv_sec * 1'000'000'000 + info.st_ctim.tv_nsec};
    }
    ++at;
  }
  return signature;
}

Result<bool> KeyWatcher::Step() {
  const Signature now = Look();
  if (now == seen_) return waiting_ != nullptr && TakeOver();
  seen_ = now;
  waiting_ = nullptr;
  auto loaded = LoadKeyRing(paths_, clock_.Now());
  if (loaded.ok() && (*loaded)->self != ring_.Get()->self) {
    loaded = Refuse("KEYS_IDENTITY", paths_.certificate,
                    "the node's identity may not change while it runs; restart it");
  }
  if (!loaded.ok()) {
    log_.Error("keys_refused", {{Field::kReason, loaded.error().reason}});
    return std::move(loaded).error();
  }
  waiting_ = *loaded;
  return TakeOver();
}

bool KeyWatcher::TakeOver() {
  if (may_take_over_ && !may_take_over_(*waiting_)) return false;
  ring_.Swap(waiting_);
  log_.Info("keys_taken_over",
            {{Field::kFingerprint, waiting_->current.certificate.fingerprint()}});
  waiting_ = nullptr;
  return true;
}

std::string TrustPem(const TrustStore& trust) {
  std::string pem;
  for (const Certificate& authority : trust.authorities()) pem += authority.pem();
  return pem;
}

ChannelCredentials DialWith(const KeyRing& ring) {
  return {TrustPem(ring.trust), ring.current.certificate.pem(), ring.current.key.pem()};
}

}  // namespace equinode
