// Keys on disk: TF09 as far as it is files, TF11's wide permissions.
#include "server/keys/key_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/pki.h"
#include "tests/support/temp_folder.h"

namespace equinode::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

class KeyFiles : public ::testing::Test {
 protected:
  KeyFiles() : clock_(pki_.now()), log_(-1, clock_), cert_(pki_.Node("practice", "clinic")) {
    WriteFiles(folder(), pki_.ca_pem(), cert_);
  }
  fs::path folder() const { return temp_.path() / "keys"; }
  KeyPaths paths() const { return KeyPaths::InFolder(folder()); }
  std::string Load() const {
    const auto ring = LoadKeyRing(paths(), clock_.Now());
    return ring.ok() ? "OK" : ring.error().reason;
  }
  // As an operator's script would, in one go: the file is never half there.
  void Put(const std::string& name, const std::string& bytes, int mode = 0600) const {
    const fs::path next = folder() / (name + ".next");
    std::ofstream(next, std::ios::binary) << bytes;
    fs::permissions(next, static_cast<fs::perms>(mode));
    fs::rename(next, folder() / name);
  }
  void PutPair(const TestCert& cert) const {
    Put("node.pem", cert.full_pem());
    Put("node.key", cert.key_pem);
  }

  TestPki pki_;
  ManualClock clock_;
  Log log_;
  TempFolder temp_;
  TestCert cert_;
};

TEST_F(KeyFiles, AGoodFolderIsARing) {
  const auto ring = LoadKeyRing(paths(), clock_.Now());
  ASSERT_TRUE(ring.ok()) << ring.error().message;
  EXPECT_EQ((*ring)->self.uri, pki_.Uri("practice", "clinic"));
  EXPECT_EQ((*ring)->current.certificate, cert_.certificate());
  EXPECT_TRUE((*ring)->older.empty());
  const ChannelCredentials dial = DialWith(**ring);
  EXPECT_EQ(dial.certificate, cert_.certificate().pem());
  EXPECT_TRUE(PrivateKey::FromPem(dial.key).ok());
  EXPECT_TRUE(TrustStore::FromPem(dial.trust).ok());
}

TEST_F(KeyFiles, OlderPairsAreKeptEvenWhenTheyHaveExpired) {
  CertSpec spec;
  spec.uris = {pki_.Uri("practice", "clinic")};
  spec.not_before = pki_.now() - hours{48};
  spec.not_after = pki_.now() - hours{1};
  const TestCert old = pki_.Issue(spec);
  Put("node.1.pem", old.pem);
  Put("node.1.key", old.key_pem);
  const auto ring = LoadKeyRing(paths(), clock_.Now());
  ASSERT_TRUE(ring.ok()) << ring.error().message;
  ASSERT_EQ((*ring)->older.size(), 1u);
  EXPECT_EQ((*ring)->older[0].certificate, old.certificate());
  // Of somebody else, or not a pair: refused.
  const TestCert other = pki_.Node("practice", "other");
  Put("node.1.pem", other.pem);
  EXPECT_EQ(Load(), "KEYS_MISMATCH");
  Put("node.1.key", other.key_pem);
  EXPECT_EQ(Load(), "KEYS_IDENTITY");
  fs::remove(folder() / "node.1.key");
  EXPECT_EQ(Load(), "KEYS_MISSING");
}

TEST_F(KeyFiles, TF09AndTF11BadFilesAreRefusedWithTheirReason) {
  const TestCert other = pki_.Node("practice", "other");
  const TestPki stranger(pki_.network(), pki_.now());
  struct Row {
    const char* file;
    std::string bytes;
    int mode;
    const char* reason;
  };
  CertSpec spec;
  spec.uris = {pki_.Uri("practice", "clinic"), pki_.Uri("practice", "clinic")};
  const std::string half = cert_.key_pem.substr(0, cert_.key_pem.size() / 2);
  const Row rows[] = {
      {"node.key", cert_.key_pem, 0640, "KEYS_WIDE"},
      {"node.key", cert_.key_pem, 0604, "KEYS_WIDE"},
      {"node.key", other.key_pem, 0600, "KEYS_MISMATCH"},
      {"node.key", half, 0600, "KEYS_UNREADABLE"},
      {"node.key", "", 0600, "KEYS_UNREADABLE"},
      {"node.key", cert_.pem, 0600, "KEYS_UNREADABLE"},
      {"node.pem", "", 0600, "KEYS_UNREADABLE"},
      {"node.pem", cert_.pem.substr(0, 300), 0600, "KEYS_UNREADABLE"},
      {"node.pem", cert_.pem + cert_.key_pem, 0600, "KEYS_UNREADABLE"},
      {"node.pem", other.pem, 0600, "KEYS_MISMATCH"},
      {"ca.pem", "", 0600, "KEYS_UNREADABLE"},
      {"ca.pem", "nothing", 0600, "KEYS_UNREADABLE"},
      {"ca.pem", std::string(300 * 1024, ' '), 0600, "KEYS_UNREADABLE"},
      {"ca.pem", stranger.ca_pem(), 0600, "CERTIFICATE_UNTRUSTED"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.file) + " " + row.reason);
    Put(row.file, row.bytes, row.mode);
    EXPECT_EQ(Load(), row.reason);
    WriteFiles(folder(), pki_.ca_pem(), cert_);
    ASSERT_EQ(Load(), "OK");
  }
  for (const char* file : {"node.key", "node.pem", "ca.pem"}) {
    fs::remove(folder() / file);
    EXPECT_EQ(Load(), "KEYS_MISSING") << file;
    fs::create_directory(folder() / file);
    EXPECT_EQ(Load(), "KEYS_UNREADABLE") << file;
    fs::remove(folder() / file);
    WriteFiles(folder(), pki_.ca_pem(), cert_);
  }
}

TEST_F(KeyFiles, CertificatesThatAreNoNodesAreRefused) {
  PutPair(pki_.Operator("practice", "clinic", "alice"));
  EXPECT_EQ(Load(), "KEYS_IDENTITY");
  CertSpec spec;
  PutPair(pki_.Issue(spec));
  EXPECT_EQ(Load(), "KEYS_IDENTITY");
  spec.uris = {pki_.Uri("practice", "clinic"), pki_.Uri("practice", "other")};
  PutPair(pki_.Issue(spec));
  EXPECT_EQ(Load(), "KEYS_IDENTITY");
  spec.uris = {pki_.Uri("practice", "clinic")};
  spec.extended_usage = "serverAuth,clientAuth";
  PutPair(pki_.Issue(spec));
  EXPECT_EQ(Load(), "CERTIFICATE_USAGE");
  spec = CertSpec{};
  spec.uris = {pki_.Uri("practice", "clinic")};
  spec.not_before = pki_.now() - hours{2};
  spec.not_after = pki_.now() - minutes{1};
  PutPair(pki_.Issue(spec));
  EXPECT_EQ(Load(), "CERTIFICATE_EXPIRED");
}

TEST_F(KeyFiles, TF09ARenewalIsTakenOverAndABadOneLeavesTheOldInUse) {
  CurrentKeyRing ring(*LoadKeyRing(paths(), clock_.Now()));
  KeyWatcher watcher(paths(), ring, clock_, log_);
  EXPECT_FALSE(*watcher.Step());
  const TestCert renewed = pki_.Node("practice", "clinic");
  // Half of it is in place: refused once, and said once.
  Put("node.pem", renewed.pem);
  const auto half = watcher.Step();
  ASSERT_FALSE(half.ok());
  EXPECT_EQ(half.error().reason, "KEYS_MISMATCH");
  EXPECT_EQ(ring.Get()->current.certificate, cert_.certificate());
  EXPECT_FALSE(*watcher.Step());
  Put("node.key", renewed.key_pem);
  EXPECT_TRUE(*watcher.Step());
  EXPECT_EQ(ring.Get()->current.certificate, renewed.certificate());
  EXPECT_FALSE(*watcher.Step());
  // Gone, wide, somebody else's: the one in use stays.
  fs::remove(folder() / "node.key");
  EXPECT_EQ(watcher.Step().error().reason, "KEYS_MISSING");
  Put("node.key", renewed.key_pem, 0644);
  EXPECT_EQ(watcher.Step().error().reason, "KEYS_WIDE");
  PutPair(pki_.Node("practice", "other"));
  EXPECT_EQ(watcher.Step().error().reason, "KEYS_IDENTITY");
  EXPECT_EQ(ring.Get()->current.certificate, renewed.certificate());
  PutPair(cert_);
  EXPECT_TRUE(*watcher.Step());
  EXPECT_EQ(ring.Get()->current.certificate, cert_.certificate());
}

TEST_F(KeyFiles, AGoodPairWaitsUntilItMayBeUsed) {
  CurrentKeyRing ring(*LoadKeyRing(paths(), clock_.Now()));
  bool may = false;
  std::vector<std::string> asked;
  KeyWatcher watcher(paths(), ring, clock_, log_, [&](const KeyRing& next) {
    asked.push_back(next.current.certificate.fingerprint());
    return may;
  });
  const TestCert first = pki_.Node("practice", "clinic");
  PutPair(first);
  EXPECT_FALSE(*watcher.Step());
  EXPECT_FALSE(*watcher.Step()) << "asked again, though the files are the same";
  EXPECT_EQ(ring.Get()->current.certificate, cert_.certificate());
  // A bad change in between: what waited is forgotten, what is in use stays.
  Put("node.key", "no key");
  EXPECT_FALSE(watcher.Step().ok());
  may = true;
  EXPECT_FALSE(*watcher.Step());
  const TestCert second = pki_.Node("practice", "clinic");
  PutPair(second);
  EXPECT_TRUE(*watcher.Step());
  EXPECT_EQ(ring.Get()->current.certificate, second.certificate());
  EXPECT_EQ(asked, (std::vector<std::string>{first.certificate().fingerprint(),
                                             first.certificate().fingerprint(),
                                             second.certificate().fingerprint()}));
}

TEST_F(KeyFiles, APairIsTakenOverWhenPermissionsAloneWereMended) {
  CurrentKeyRing ring(*LoadKeyRing(paths(), clock_.Now()));
  KeyWatcher watcher(paths(), ring, clock_, log_);
  const TestCert renewed = pki_.Node("practice", "clinic");
  Put("node.pem", renewed.pem);
  Put("node.key", renewed.key_pem, 0644);
  EXPECT_EQ(watcher.Step().error().reason, "KEYS_WIDE");
  fs::permissions(folder() / "node.key", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(*watcher.Step());
}

}  // namespace
}  // namespace equinode::testing
