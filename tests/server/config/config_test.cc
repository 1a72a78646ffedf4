#include "server/config/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temp_folder.h"

namespace equinode {
namespace {

const std::string kLeast = R"(data = "data"
certificates = "certs"
audit_anchor = "/var/anchor"
[key]
custody = "file"
file = "database.key"
)";

std::string Refusal(const std::string& text) {
  const auto config = ParseNodeConfig(text, "/etc/equinode");
  if (config.ok()) return "OK";
  EXPECT_EQ(config.error().code, Code::kInvalidArgument);
  EXPECT_EQ(config.error().reason, "BAD_CONFIG");
  return config.error().message;
}

TEST(NodeConfig, TheLeastIsEnough) {
  const auto config = ParseNodeConfig(kLeast, "/etc/equinode");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->data, "/etc/equinode/data");
  EXPECT_EQ(config->certificates, "/etc/equinode/certs");
  EXPECT_EQ(config->trust, "/etc/equinode/certs/ca.pem");
  EXPECT_TRUE(config->revocations.empty());
  EXPECT_EQ(config->audit_anchor, "/var/anchor");
  EXPECT_EQ(config->listen, "127.0.0.1:8440");
  EXPECT_EQ(config->key.kind, KeyCustody::Kind::kFile);
  EXPECT_EQ(config->key.file, "/etc/equinode/database.key");
  EXPECT_EQ(config->limits, LimitsConfig());
  EXPECT_EQ(config->log_level, LogLevel::kInfo);
}

TEST(NodeConfig, EveryKeyIsRead) {
  const auto config = ParseNodeConfig(R"(data = "/d"
listen = "0.0.0.0:0"
certificates = "/c"
trust = "/t.pem"
revocations = "/crl.pem"
address_file = "where"
audit_anchor = "/a"
[key]
custody = "passphrase"
from = "descriptor"
descriptor = 3
[limits]
connections = 9
connections_per_address = 8
streams_per_connection = 7
calls_per_second = 6
calls_burst = 60
calls_at_once = 5
streams_at_once = 4
workers = 3
waiting_calls = 2
drain_seconds = 1
[store]
cache_mib = 16
readers = 2
[relay]
store_mib = 100
store_mib_per_link = 10
[log]
level = "warning"
)",
                                      "/");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->listen, "0.0.0.0:0");
  EXPECT_EQ(config->trust, "/t.pem");
  EXPECT_EQ(config->revocations, "/crl.pem");
  EXPECT_EQ(config->address_file, "/where");
  EXPECT_EQ(config->key, (KeyCustody{.kind = KeyCustody::Kind::kPassphrase,
                                     .from = KeyCustody::From::kDescriptor,
                                     .fd = 3}));
  EXPECT_EQ(config->limits, (LimitsConfig{9, 8, 7, 6, 60, 5, 4, 3, 2, std::chrono::seconds{1}}));
  EXPECT_EQ(config->store, (StoreConfig{16, 2}));
  EXPECT_EQ(config->relay, (RelayConfig{100, 10}));
  EXPECT_EQ(config->log_level, LogLevel::kWarning);
}

TEST(NodeConfig, AnExchangeNeedsTwoStreams) {
  for (const std::string key : {"streams_at_once", "streams_per_connection"}) {
    const auto parse = [&](const char* value) {
      return ParseNodeConfig(
          "data = \"/d\"\nlisten = \"0.0.0.0:0\"\ncertificates = \"/c\"\naudit_anchor = "
          "\"/a\"\n[key]\n"
          "custody = \"file\"\nfile = \"/k\"\n[limits]\n" +
              key + " = " + value + "\n",
          "/");
    };
    EXPECT_TRUE(parse("2").ok()) << parse("2").error().message;
    const auto one = parse("1");
    ASSERT_FALSE(one.ok()) << key;
    EXPECT_NE(one.error().message.find(key), std::string::npos) << one.error().message;
    EXPECT_NE(one.error().message.find("at least 2"), std::string::npos) << one.error().message;
  }
}

TEST(NodeConfig, WhatInitWritesReadsAsTheSame) {
  std::vector<KeyCustody> custodies = {
      {.kind = KeyCustody::Kind::kFile, .file = "/k/odd \"name\" \\ here"},
      {.kind = KeyCustody::Kind::kCredential, .credential = "equinode-key"},
      {.kind = KeyCustody::Kind::kPassphrase, .from = KeyCustody::From::kStdin},
      {.kind = KeyCustody::Kind::kPassphrase,
       .credential = "pass",
       .from = KeyCustody::From::kCredential},
      {.kind = KeyCustody::Kind::kPassphrase, .file = "/p", .from = KeyCustody::From::kFile},
      {.kind = KeyCustody::Kind::kPassphrase, .from = KeyCustody::From::kDescriptor, .fd = 5},
  };
  for (const KeyCustody& key : custodies) {
    NodeConfig config;
    config.data = "/d";
    config.listen = "[::1]:7000";
    config.certificates = "/c";
    config.trust = "/elsewhere/ca.pem";
    config.address_file = "/run/address";
    config.audit_anchor = "/a";
    config.key = key;
    config.limits.workers = 5;
    config.log_level = LogLevel::kError;
    const auto read = ParseNodeConfig(ConfigText(config), "/etc");
    ASSERT_TRUE(read.ok()) << read.error().message << "\n" << ConfigText(config);
    EXPECT_EQ(read->key, key);
    EXPECT_EQ(read->limits, config.limits);
    EXPECT_EQ(read->listen, config.listen);
    EXPECT_EQ(read->trust, config.trust);
    EXPECT_EQ(read->address_file, config.address_file);
    EXPECT_EQ(read->log_level, config.log_level);
    EXPECT_EQ(ConfigText(*read), ConfigText(config));
  }
}

struct Case {
  std::string name{};
  std::string from{};  // What of kLeast is replaced,
  std::string to{};    // and by what.
  std::string says{};
};
class BadConfig : public ::testing::TestWithParam<Case> {};

TEST_P(BadConfig, IsRefusedWithItsLine) {
  std::string text = kLeast;
  if (GetParam().from.empty()) {
    text += GetParam().to;
  } else {
    text.replace(text.find(GetParam().from), GetParam().from.size(), GetParam().to);
  }
  EXPECT_EQ(Refusal(text).substr(0, GetParam().says.size()), GetParam().says) << Refusal(text);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadConfig,
    ::testing::Values(
        Case{"NotToml", "data =", "data", "line 1: this is not TOML"},
        Case{"Unknown", "data =", "lissten = \"a:1\"\ndata =",
             "line 1: unknown key 'lissten'; did you mean 'listen'?"},
        Case{"UnknownInTable", "", "fil = 1\n", "line 7: unknown key 'key.fil'; did you mean"},
        Case{"UnknownTable", "", "[limit]\nconnections = 5\n", "line 7: unknown key 'limit'"},
        Case{"Missing", "certificates = \"certs\"\n", "", "'certificates' is missing"},
        Case{"MissingCustody", "custody = \"file\"\n", "", "line 4: 'key.custody' is missing"},
        Case{"MissingKeyFile", "file = \"database.key\"\n", "", "line 4: 'key.file' is missing"},
        Case{"OtherType", "\"data\"", "5", "line 1: 'data' must be a text"},
        Case{"EmptyText", "\"certs\"", "\"\"", "line 2: 'certificates' must be a text"},
        Case{"NulInText", "\"certs\"", "\"c\\u0000\"", "line 2: 'certificates' must be a text"},
        Case{"TableIsNoTable", "[key]", "limits = 1\n[key]", "line 4: 'limits' must be a table"},
        Case{"OtherWord", "\"file\"", "\"memory\"",
             "line 5: 'key.custody' must be one of \"file\", \"credential\", \"passphrase\""},
        Case{"AnchorInside", "/var/anchor", "data/anchor", "line 3: 'audit_anchor' must lie"},
        Case{"AnchorInsideByDots", "/var/anchor", "x/../data/anchor",
             "line 3: 'audit_anchor' must"},
        Case{"KeyInside", "database.key", "data/key", "line 6: 'key.file' must lie outside"},
        Case{"KeyOfAnotherCustody", "\"file\"", "\"passphrase\"", "line 6: 'key.file' has no use"},
        Case{"CredentialIsAPath", "custody = \"file\"\nfile = \"database.key\"",
             "custody = \"credential\"\ncredential = \"../x\"", "line 6: 'key.credential' must be"},
        Case{"FromWithoutPassphrase", "", "from = \"stdin\"\n", "line 7: 'key.from' is for"},
        Case{"Zero", "", "[limits]\nworkers = 0\n", "line 8: 'limits.workers' must be a whole"},
        Case{"Negative", "", "[limits]\nworkers = -1\n", "line 8: 'limits.workers' must be"},
        Case{"TooMany", "", "[limits]\nworkers = 99999999999\n", "line 8: 'limits.workers' must"},
        Case{"Fraction", "", "[limits]\nworkers = 1.5\n", "line 8: 'limits.workers' must be"},
        Case{"Contradiction", "", "[limits]\nconnections = 10\nconnections_per_address = 11\n",
             "line 9: 'limits.connections_per_address' cannot be more"},
        Case{"Listen", "data =", "listen = \"8440\"\ndata =", "line 1: 'listen' must look like"},
        Case{"Twice", "", "file = \"x\"\n", "line 7: this is not TOML"}),
    [](const auto& c) { return c.param.name; });

// The TOML library has no defined behaviour for such letters in a broken text.
TEST(NodeConfig, LettersBeyondAsciiStandInDoubleQuotes) {
  const auto config = ParseNodeConfig("\xEF\xBB\xBF# clínica\n" + kLeast + "name = \"x\"", "/é");
  EXPECT_EQ(config.error().message.substr(0, 15), "line 8: unknown") << config.error().message;
  std::string text = kLeast;
  text.replace(text.find("data\""), 5, "daños 健\"");
  ASSERT_TRUE(ParseNodeConfig(text, "/é").ok());
  EXPECT_EQ(ParseNodeConfig(text, "/é")->data, "/é/daños 健");
  EXPECT_EQ(Refusal("é = 1").substr(0, 16), "line 1: a letter");
  EXPECT_EQ(Refusal("data = \"a\"\n[key]\nfile = 2\"\xC3\xA9 \\\" x").substr(0, 15),
            "line 3: this is");
  EXPECT_NE(Refusal("data = \"\xFF\"").find("not UTF-8"), std::string::npos);
}

TEST(NodeConfig, OfManyErrorsTheFirstInTheFileIsTold) {
  EXPECT_EQ(Refusal("zz = 1\ndata = 5\ncertificates = 6\n").substr(0, 12), "line 1: unkn");
  EXPECT_EQ(Refusal("").substr(0, 9), "'data' is");
}

TEST(NodeConfig, AFileIsNamedInItsErrors) {
  const testing::TempFolder folder;
  const auto file = folder.path() / "node.toml";
  EXPECT_EQ(LoadNodeConfig(file).error().reason, "NO_CONFIG");
  EXPECT_EQ(LoadNodeConfig(folder.path()).error().reason, "NO_CONFIG");
  std::ofstream(file) << kLeast << "x = 1\n";
  const auto bad = LoadNodeConfig(file);
  EXPECT_EQ(bad.error().message.find(file.string() + ", line 7: unknown key"), 0u)
      << bad.error().message;
  std::ofstream(file) << kLeast;
  const auto good = LoadNodeConfig(file);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->data, folder.path() / "data");
  std::ofstream(file) << std::string(2 * 1024 * 1024, '#');
  EXPECT_EQ(LoadNodeConfig(file).error().reason, "BAD_CONFIG");
}

}  // namespace
}  // namespace equinode
