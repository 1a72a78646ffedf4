#include "server/init/init_node.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "server/audit/audit_log.h"
#include "server/audit/verify.h"
#include "server/custody/database_key.h"
#include "server/keys/key_files.h"
#include "storage/sqlite/database.h"
#include "tests/support/pki.h"
#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;

class InitNodeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::WriteFiles(root() / "certs", pki_.ca_pem(), pki_.Node("practice", "a"));
    options_.config_file = root() / "etc" / "node.toml";
    options_.node.data = root() / "data";
    options_.node.listen = "127.0.0.1:0";
    options_.node.certificates = root() / "certs";
    options_.node.audit_anchor = root() / "anchor";
    options_.node.key.file = root() / "database.key";
    options_.argon2 = {.memory_kib = 19 * 1024, .passes = 1, .lanes = 1};
  }
  const fs::path& root() const { return root_.path(); }
  std::string Init() {
    const auto report = InitNode(options_, clock_, random_);
    return report.ok() ? "OK" : report.error().reason;
  }
  std::set<std::string> Files() {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root())) files.insert(entry.path());
    return files;
  }
  static unsigned ModeOf(const fs::path& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777u : 0u;
  }

  testing::TestPki pki_{};
  testing::TempFolder root_{};
  ManualClock clock_{pki_.now()};
  SeededRandom random_{9};
  InitOptions options_{};
};

TEST_F(InitNodeTest, MakesANodeThatStarts) {
  const auto report = InitNode(options_, clock_, random_);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->self.uri, pki_.Uri("practice", "a"));
  EXPECT_EQ(report->fingerprint.size(), 64u);
  EXPECT_TRUE(report->made_key_file);
  EXPECT_EQ(ModeOf(root() / "data"), 0700u);
  for (const char* file :
       {"database.key", "anchor", "etc/node.toml", "data/equinode.key", "data/equinode.db"}) {
    EXPECT_EQ(ModeOf(root() / file), 0600u) << file;
  }
  // As the start does it.
  const auto config = LoadNodeConfig(options_.config_file);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->data, root() / "data");
  const auto key = OpenDatabaseKey(config->key, PlaceOf(config->data));
  ASSERT_TRUE(key.ok()) << key.error().message;
  {
    const auto database = Database::Open(config->data, *key, clock_);
    ASSERT_TRUE(database.ok()) << database.error().message;
    const auto log = AuditLog::Open(**database, config->audit_anchor, clock_);
    ASSERT_TRUE(log.ok()) << log.error().message;
    EXPECT_EQ((*log)->head().count, 1u);
  }
  const auto verified = VerifyAudit(config->data, *key, config->audit_anchor);
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->good());
}

TEST_F(InitNodeTest, NeverOverwrites) {
  ASSERT_EQ(Init(), "OK");
  const auto before = Files();
  EXPECT_EQ(Init(), "CONFIG_EXISTS");
  fs::remove(options_.config_file);
  EXPECT_EQ(Init(), "DATA_FOLDER_NOT_EMPTY");
  fs::rename(root() / "data", root() / "moved");
  EXPECT_EQ(Init(), "ANCHOR_EXISTS");
  fs::rename(root() / "moved", root() / "data");
  std::ofstream(options_.config_file) << "x";
  EXPECT_EQ(Files(), before);
}

TEST_F(InitNodeTest, AKeyFileThatIsThereIsUsedAndKept) {
  std::ofstream(root() / "database.key") << std::string(64, 'b');
  fs::permissions(root() / "database.key", fs::perms{0600});
  const auto report = InitNode(options_, clock_, random_);
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->made_key_file);
}

TEST_F(InitNodeTest, TF11_WhatIsRefusedLeavesNothingBehind) {
  std::ofstream(root() / "wide.key") << std::string(64, 'b');
  fs::permissions(root() / "wide.key", fs::perms{0644});
  std::ofstream(root() / "empty.key");
  fs::permissions(root() / "empty.key", fs::perms{0600});
  testing::WriteFiles(root() / "operator", pki_.ca_pem(), pki_.Operator("practice", "a", "ann"));
  testing::WriteFiles(root() / "stranger", pki_.ca_pem(), testing::TestPki().Node("practice", "a"));
  const InitOptions good = options_;
  const auto before = Files();
  const auto refuses = [&](void (*spoil)(InitOptions&, const fs::path&), const char* reason) {
    options_ = good;
    spoil(options_, root());
    EXPECT_EQ(Init(), reason);
    EXPECT_EQ(Files(), before) << reason;
  };
  refuses([](InitOptions& o, const fs::path& r) { o.node.key.file = r / "wide.key"; },
          "KEY_FILE_MODE");
  refuses([](InitOptions& o, const fs::path& r) { o.node.key.file = r / "empty.key"; },
          "KEY_FILE_EMPTY");
  refuses([](InitOptions& o, const fs::path& r) { o.node.key.file = r / "data" / "key"; },
          "BAD_CONFIG");
  refuses([](InitOptions& o, const fs::path& r) { o.node.audit_anchor = r / "data" / "x"; },
          "BAD_CONFIG");
  refuses([](InitOptions& o, const fs::path&) { o.node.listen = "8440"; }, "BAD_CONFIG");
  refuses([](InitOptions& o, const fs::path& r) { o.node.certificates = r / "operator"; },
          "KEYS_IDENTITY");
  refuses([](InitOptions& o, const fs::path& r) { o.node.certificates = r / "stranger"; },
          "CERTIFICATE_UNTRUSTED");
  refuses([](InitOptions& o, const fs::path& r) { o.node.certificates = r / "nowhere"; },
          "KEYS_MISSING");
  // Late, when nearly everything is made: the configuration cannot be written.
  refuses([](InitOptions& o, const fs::path& r) { o.config_file = r / "wide.key" / "node.toml"; },
          "CANNOT_WRITE");
  options_ = good;
  EXPECT_EQ(Init(), "OK");
}

TEST_F(InitNodeTest, WhatIsNotSaidLiesBesideTheConfiguration) {
  fs::create_directories(root() / "etc");
  fs::rename(root() / "certs", root() / "etc" / "certificates");
  options_.node = NodeConfig{};
  ASSERT_EQ(Init(), "OK");
  for (const char* file : {"node.toml", "database.key", "audit-anchor", "data/equinode.db"}) {
    EXPECT_TRUE(fs::exists(root() / "etc" / file)) << file;
  }
}

TEST_F(InitNodeTest, APassphraseAsWell) {
  std::ofstream(root() / "pass") << "correct horse battery staple\n";
  fs::permissions(root() / "pass", fs::perms{0600});
  options_.node.key = {.kind = KeyCustody::Kind::kPassphrase,
                       .file = root() / "pass",
                       .from = KeyCustody::From::kFile};
  ASSERT_EQ(Init(), "OK");
  const auto config = LoadNodeConfig(options_.config_file);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_TRUE(OpenDatabaseKey(config->key, PlaceOf(config->data)).ok());
}

}  // namespace
}  // namespace equinode
