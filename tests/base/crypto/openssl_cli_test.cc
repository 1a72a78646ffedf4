// The openssl program, as anybody has it, opens what we seal, and we open what it makes.
#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT: mkdtemp

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/crypto/cms.h"
#include "tests/support/pki.h"

namespace equinode {
namespace {

namespace fs = std::filesystem;
using testing::TestCert;
using testing::TestPki;

class OpensslCliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "equinode-cms-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    Write("ca.pem", pki_.ca_pem());
    for (const auto& [name, cert] : {std::pair{"alice", alice_}, {"bob", bob_}, {"eve", eve_}}) {
      Write(name + std::string(".pem"), cert.pem);
      Write(name + std::string(".key"), cert.key_pem);
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string Read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  bool Run(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() + "' && openssl " + arguments + " 2>>errors.txt";
    return std::system(command.c_str()) == 0;
  }

  const TestPki pki_;
  const TestCert alice_ = pki_.Node("practice", "alice");
  const TestCert bob_ = pki_.Node("payer", "bob");
  const TestCert eve_ = pki_.Node("qhio", "eve");
  const std::string content_ =
      std::string("line one\r\nline two\n\0bytes", 25) + std::string(9000, 'z');
  fs::path folder_;
};

TEST_F(OpensslCliTest, DecryptsAndVerifiesWhatWeSeal) {
  const auto sealed =
      SealCms(AsBytes(content_), alice_.certificate(), alice_.key(), bob_.certificate());
  ASSERT_TRUE(sealed.ok());
  Write("sealed.der", AsText(*sealed));
  ASSERT_TRUE(
      Run("cms -decrypt -binary -inform DER -in sealed.der -recip bob.pem -inkey bob.key "
          "-out signed.der"))
      << Read("errors.txt");
  ASSERT_TRUE(
      Run("cms -verify -cades -binary -inform DER -in signed.der -CAfile ca.pem "
          "-signer signer.pem -out content"))
      << Read("errors.txt");
  EXPECT_EQ(Read("content"), content_);
  EXPECT_EQ(Certificate::FromPem(Read("signer.pem")).value(), alice_.certificate());
}

TEST_F(OpensslCliTest, CannotDecryptWithAnotherKey) {
  const auto sealed =
      SealCms(AsBytes(content_), alice_.certificate(), alice_.key(), bob_.certificate());
  ASSERT_TRUE(sealed.ok());
  Write("sealed.der", AsText(*sealed));
  EXPECT_FALSE(
      Run("cms -decrypt -binary -inform DER -in sealed.der -recip eve.pem -inkey eve.key -out x"));
  EXPECT_FALSE(Run("cms -decrypt -binary -inform DER -in sealed.der -inkey eve.key -out x"));
  EXPECT_FALSE(
      Run("cms -decrypt -binary -inform DER -in sealed.der -recip bob.pem -inkey eve.key -out x"));
  EXPECT_EQ(Read("x").find("line one"), std::string::npos);
}

TEST_F(OpensslCliTest, MakesWhatWeOpen) {
  Write("content", content_);
  ASSERT_TRUE(
      Run("cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -outform DER "
          "-signer alice.pem -inkey alice.key -in content -out signed.der"))
      << Read("errors.txt");
  ASSERT_TRUE(
      Run("cms -encrypt -binary -aes-256-gcm -outform DER -recip bob.pem "
          "-keyopt ecdh_kdf_md:sha256 -in signed.der -out sealed.der"))
      << Read("errors.txt");
  const auto opened = OpenCms(AsBytes(Read("sealed.der")), bob_.certificate(), bob_.key(),
                              pki_.trust(), pki_.now());
  ASSERT_TRUE(opened.ok()) << opened.error().reason;
  EXPECT_EQ(AsText(opened->content), content_);
  EXPECT_EQ(opened->signer, alice_.certificate());
}

TEST_F(OpensslCliTest, VerifiesASignatureBesideTheContent) {
  const auto signature = SignDetached(AsBytes(content_), alice_.certificate(), alice_.key());
  ASSERT_TRUE(signature.ok());
  Write("content", content_);
  Write("content.sig", AsText(*signature));
  EXPECT_TRUE(
      Run("cms -verify -cades -binary -inform DER -in content.sig -content content "
          "-CAfile ca.pem -out /dev/null"))
      << Read("errors.txt");
}

}  // namespace
}  // namespace equinode
