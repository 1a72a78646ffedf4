// The script certs/equinode-certs, run as a person would, judged by the classes that a node uses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT: mkdtemp
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/cms.h"
#include "domain/access/identity.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Outcome {
  int code = -1;
  std::string text{};  // stdout and stderr.
};

class EquinodeCertsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "equinode-certs-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ca_ = folder_ / "a network";  // A space, because folders have them.
    ASSERT_EQ(Run("ca demo.test").code, 0);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // "node practice elm" becomes: equinode-certs node <DIR> practice elm; for ca DIR comes last.
  Outcome Run(const std::string& line) const {
    const std::size_t space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : line.substr(space);
    const std::string dir = " '" + ca_.string() + "' ";
    return Raw(command == "ca" ? command + rest + dir : command + dir + rest);
  }
  static Outcome Raw(const std::string& arguments) {
    Outcome outcome;
    FILE* pipe = popen(("certs/equinode-certs " + arguments + " 2>&1").c_str(), "r");
    char buffer[512];
    while (const std::size_t n = fread(buffer, 1, sizeof buffer, pipe)) {
      outcome.text.append(buffer, n);
    }
    outcome.code = WEXITSTATUS(pclose(pipe));
    return outcome;
  }

  std::string Read(const std::string& path) const {
    std::ifstream in(ca_ / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  Certificate Cert(const std::string& path) const {
    auto certificate = Certificate::FromPem(Read(path));
    EXPECT_TRUE(certificate.ok()) << path;
    return *certificate;
  }
  PrivateKey Key(const std::string& path) const {
    auto key = PrivateKey::FromPem(Secret::Copy(AsBytes(Read(path))));
    EXPECT_TRUE(key.ok()) << path;
    return *key;
  }
  TrustStore Trust() const {
    auto trust = TrustStore::FromPem(Read("ca.pem"));
    EXPECT_TRUE(trust.ok());
    return *trust;
  }
  fs::perms Mode(const std::string& path) const { return fs::status(ca_ / path).permissions(); }

  fs::path folder_;
  fs::path ca_;
  const Instant now_ = SystemClock().Now();
};

TEST_F(EquinodeCertsTest, ANodesCertificateIsWhatTheNetworkAsks) {
  ASSERT_EQ(Run("node practice elm-street").code, 0);
  const Certificate node = Cert("practice/elm-street/node.pem");
  EXPECT_THAT(node.uri_names(), ElementsAre("spiffe://demo.test/practice/elm-street"));
  EXPECT_TRUE(ParseIdentity(node.uri_names().front()).ok());
  const auto verified = Trust().Verify(node, now_);
  EXPECT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_TRUE(Key("practice/elm-street/node.key").Matches(node));
  EXPECT_GT(node.not_after(), now_ + std::chrono::days(364));
  EXPECT_LE(node.not_after(), now_ + std::chrono::days(366));
}

TEST_F(EquinodeCertsTest, AnOperatorsCertificateNamesTheOperator) {
  ASSERT_EQ(Run("operator cbo pantry ann --days 7").code, 0);
  const Certificate ann = Cert("cbo/pantry/operator/ann.pem");
  EXPECT_THAT(ann.uri_names(), ElementsAre("spiffe://demo.test/cbo/pantry/operator/ann"));
  EXPECT_TRUE(ParseIdentity(ann.uri_names().front())->is_operator());
  EXPECT_TRUE(Trust().Verify(ann, now_).ok());
  EXPECT_FALSE(Trust().Verify(ann, now_ + std::chrono::days(8)).ok());
  EXPECT_TRUE(Key("cbo/pantry/operator/ann.key").Matches(ann));
}

TEST_F(EquinodeCertsTest, TwoNodesCanSealForEachOther) {
  ASSERT_EQ(Run("node practice elm").code, 0);
  ASSERT_EQ(Run("node qhio valley").code, 0);
  const Certificate valley = Cert("qhio/valley/node.pem");
  const auto sealed = SealCms(AsBytes("hello"), Cert("practice/elm/node.pem"),
                              Key("practice/elm/node.key"), valley);
  ASSERT_TRUE(sealed.ok());
  const auto opened = OpenCms(*sealed, valley, Key("qhio/valley/node.key"), Trust(), now_);
  ASSERT_TRUE(opened.ok()) << opened.error().reason;
  EXPECT_EQ(AsText(opened->content), "hello");
}

TEST_F(EquinodeCertsTest, KeysAndFoldersAreTheOwnersAlone) {
  ASSERT_EQ(Run("node payer plan").code, 0);
  ASSERT_EQ(Run("operator payer plan bo").code, 0);
  ASSERT_EQ(Run("renew payer plan").code, 0);
  const fs::perms own_file = fs::perms::owner_read | fs::perms::owner_write;
  int keys = 0;
  for (const auto& entry : fs::recursive_directory_iterator(ca_)) {
    if (entry.is_directory()) {
      EXPECT_EQ(entry.status().permissions(), fs::perms::owner_all) << entry.path();
    } else if (entry.path().extension() == ".key") {
      EXPECT_EQ(entry.status().permissions(), own_file) << entry.path();
      ++keys;
    }
  }
  EXPECT_EQ(keys, 4);
  EXPECT_EQ(Mode(""), fs::perms::owner_all);
}

TEST_F(EquinodeCertsTest, NothingIsOverwritten) {
  ASSERT_EQ(Run("node payer plan").code, 0);
  ASSERT_EQ(Run("operator payer plan bo").code, 0);
  const std::vector<std::string> files = {"ca.pem",
                                          "ca.key",
                                          "payer/plan/node.pem",
                                          "payer/plan/node.key",
                                          "payer/plan/operator/bo.pem",
                                          "payer/plan/operator/bo.key"};
  std::vector<std::string> before;
  for (const std::string& file : files) before.push_back(Read(file));
  for (const char* again :
       {"ca demo.test", "ca other.test", "node payer plan", "operator payer plan bo"}) {
    const Outcome outcome = Run(again);
    EXPECT_EQ(outcome.code, 1) << again;
    EXPECT_THAT(outcome.text, HasSubstr("never overwritten"));
  }
  // A certificate that was moved away leaves its key, which is not to be lost either.
  fs::remove(ca_ / "payer/plan/node.pem");
  EXPECT_EQ(Run("node payer plan").code, 1);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i] == "payer/plan/node.pem") continue;
    EXPECT_EQ(Read(files[i]), before[i]) << files[i];
  }
}

TEST_F(EquinodeCertsTest, AnAuthorityIsNotMadeAmongOtherThings) {
  std::ofstream(folder_ / "note") << "mine";
  const auto before = fs::status(folder_).permissions();
  EXPECT_EQ(Raw("ca demo.test '" + folder_.string() + "'").code, 1);
  EXPECT_EQ(fs::status(folder_).permissions(), before);
}

TEST_F(EquinodeCertsTest, ARenewalHasANewKeyAndTheSameNameAndKeepsTheOld) {
  ASSERT_EQ(Run("node practice elm").code, 0);
  const Certificate first = Cert("practice/elm/node.pem");
  ASSERT_EQ(Run("renew practice elm").code, 0);
  ASSERT_EQ(Run("renew practice elm --days 30").code, 0);
  const Certificate third = Cert("practice/elm/node.pem");
  EXPECT_EQ(third.uri_names(), first.uri_names());
  EXPECT_EQ(Cert("practice/elm/node.1.pem"), first);
  EXPECT_TRUE(Key("practice/elm/node.1.key").Matches(first));
  EXPECT_TRUE(Key("practice/elm/node.2.key").Matches(Cert("practice/elm/node.2.pem")));
  EXPECT_TRUE(Key("practice/elm/node.key").Matches(third));
  EXPECT_FALSE(Key("practice/elm/node.key").Matches(first));
  EXPECT_EQ(Run("renew practice oak").code, 1);
  ASSERT_EQ(Run("operator practice elm ann").code, 0);
  ASSERT_EQ(Run("renew practice elm ann").code, 0);
  EXPECT_FALSE(Cert("practice/elm/operator/ann.pem") == Cert("practice/elm/operator/ann.1.pem"));
}

TEST_F(EquinodeCertsTest, TheListNamesWhatWasRevoked) {
  ASSERT_EQ(Run("node practice elm").code, 0);
  ASSERT_EQ(Run("node practice oak").code, 0);
  ASSERT_EQ(Run("operator practice oak ann").code, 0);
  ASSERT_EQ(Run("renew practice elm").code, 0);
  ASSERT_EQ(Run("revoke practice elm --old 1").code, 0);
  ASSERT_EQ(Run("revoke practice oak ann").code, 0);
  EXPECT_EQ(Run("revoke practice oak ann").code, 1);  // Once is enough.
  EXPECT_EQ(Run("revoke practice ash").code, 1);
  ASSERT_EQ(Run("crl").code, 0);
  ASSERT_EQ(Run("crl --days 3").code, 0);  // Each list takes the place of the one before.
  const auto list = ReadCrl(Read("crl.pem"), Trust(), SystemClock().Now());
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ(list->serials_hex.size(), 2u);
  EXPECT_TRUE(list->Revokes(Cert("practice/elm/node.1.pem")));
  EXPECT_TRUE(list->Revokes(Cert("practice/oak/operator/ann.pem")));
  EXPECT_FALSE(list->Revokes(Cert("practice/elm/node.pem")));
  EXPECT_FALSE(list->Revokes(Cert("practice/oak/node.pem")));
  EXPECT_LE(list->next_update, now_ + std::chrono::days(4));
}

TEST_F(EquinodeCertsTest, NamesAreHeldToTheNetworksRule) {
  const std::vector<std::string> bad = {"Elm",
                                        "elm_street",
                                        "-elm",
                                        "elm-",
                                        ".elm",
                                        "elm.",
                                        "e/lm",
                                        "../elm",
                                        "é",
                                        "''",
                                        "'a b'",
                                        "'a\nb'",
                                        std::string(65, 'a')};
  for (const std::string& name : bad) {
    EXPECT_EQ(Run("node practice " + name).code, 64) << name;
    EXPECT_EQ(Run("operator practice elm " + name).code, 64) << name;
  }
  for (const std::string& name : {std::string("a"), std::string("a.b-c9"), std::string(64, 'a')}) {
    EXPECT_EQ(Run("node practice " + name).code, 0) << name;
    EXPECT_TRUE(ParseIdentity(Cert("practice/" + name + "/node.pem").uri_names().front()).ok());
  }
  EXPECT_EQ(Run("node hub elm").code, 64);
  EXPECT_EQ(Run("node practice").code, 64);
  EXPECT_EQ(Run("node practice elm bo").code, 64);
  EXPECT_EQ(Run("node practice elm --days 0").code, 64);
  EXPECT_EQ(Run("node practice elm --days 826").code, 64);
  EXPECT_EQ(Run("node practice elm --days").code, 64);
  EXPECT_EQ(Run("node practice elm --force").code, 64);
  EXPECT_EQ(Raw("").code, 64);
  EXPECT_EQ(Raw("sign").code, 64);
  EXPECT_EQ(Raw("ca Demo_Test '" + (folder_ / "x").string() + "'").code, 64);
  EXPECT_EQ(Raw("node '" + (folder_ / "nowhere").string() + "' practice elm").code, 1);
}

TEST_F(EquinodeCertsTest, NoCertificateOutlivesTheAuthority) {
  const std::string young = " '" + (folder_ / "young").string() + "' ";
  ASSERT_EQ(Raw("ca demo.test" + young + "--days 30").code, 0);
  EXPECT_EQ(Raw("node" + young + "practice elm --days 31").code, 1);
  EXPECT_EQ(Raw("node" + young + "practice elm --days 29").code, 0);
}

TEST_F(EquinodeCertsTest, RunsAtTheSameTimeDoNotMixTheirBooks) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back(
        [this, i] { EXPECT_EQ(Run("node practice p" + std::to_string(i)).code, 0); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string books = Read("issued/index.txt");
  EXPECT_EQ(std::count(books.begin(), books.end(), '\n'), 7);
}

TEST_F(EquinodeCertsTest, HelpIsOnStdout) {
  const Outcome help = Raw("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.text, HasSubstr("equinode-certs revoke"));
}

}  // namespace
}  // namespace equinode
