#include "base/crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/pki.h"

namespace equinode {
namespace {

using testing::CertSpec;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeyKind;
using testing::TestCert;
using testing::TestPki;

Certificate WithUris(const TestPki& pki, std::vector<std::string> uris) {
  CertSpec spec;
  spec.uris = std::move(uris);
  return pki.Issue(spec).certificate();
}

TEST(Certificate, ReadsWhatANodeCarries) {
  const TestPki pki;
  const Certificate node = pki.Node("practice", "elm-street").certificate();
  EXPECT_THAT(node.uri_names(), ElementsAre("spiffe://test.example/practice/elm-street"));
  EXPECT_EQ(node.subject(), "CN=elm-street");
  EXPECT_EQ(node.issuer(), "CN=test.example CA");
  EXPECT_EQ(node.issuer(), pki.ca().certificate().subject());
  EXPECT_EQ(node.fingerprint().size(), 64u);
  EXPECT_EQ(node.serial_hex().size(), 32u);
  EXPECT_FALSE(node.is_authority());
  EXPECT_TRUE(pki.ca().certificate().is_authority());
}

TEST(Certificate, DatesAreTheSecondsInIt) {
  const TestPki pki;
  CertSpec spec;
  spec.not_before = *ParseInstant("2026-01-02T03:04:05Z");
  spec.not_after = *ParseInstant("2051-12-31T23:59:59Z");  // GeneralizedTime from 2050 on.
  const Certificate certificate = pki.Issue(spec).certificate();
  EXPECT_EQ(FormatInstant(certificate.not_before()), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(FormatInstant(certificate.not_after()), "2051-12-31T23:59:59.000Z");
}

TEST(Certificate, PemAndDerAreTheSameCertificate) {
  const TestPki pki;
  const TestCert made = pki.Node("payer", "plan");
  const Certificate certificate = made.certificate();
  EXPECT_EQ(certificate.pem(), made.pem);
  const auto again = Certificate::FromDer(certificate.der());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, certificate);
  EXPECT_EQ(again->fingerprint(), certificate.fingerprint());
  EXPECT_FALSE(*again == pki.Node("payer", "plan").certificate());
}

// TC17: names from outside are bytes, not C strings.
TEST(Certificate, KeepsEveryByteOfAUri) {
  const TestPki pki;
  const std::string uri = pki.Uri("practice", "elm");
  const std::string nul = uri + std::string("\0.evil", 6);
  const std::string line = uri + "\nnext";
  const std::string latin = uri + "\xff\xfe";
  EXPECT_THAT(WithUris(pki, {nul, line, latin, ""}).uri_names(), ElementsAre(nul, line, latin, ""));
}

// TC13, TC15.
TEST(Certificate, GivesUrisInTheirOrderAndNothingElse) {
  const TestPki pki;
  EXPECT_THAT(WithUris(pki, {"b:2", "a:1"}).uri_names(), ElementsAre("b:2", "a:1"));
  EXPECT_THAT(WithUris(pki, {}).uri_names(), IsEmpty());
  CertSpec dns;
  dns.dns = {"localhost"};
  EXPECT_THAT(pki.Issue(dns).certificate().uri_names(), IsEmpty());
}

TEST(Certificate, RefusesWhatIsNotExactlyOne) {
  const TestPki pki;
  const std::string pem = pki.ca_pem();
  const Certificate certificate = pki.ca().certificate();
  Bytes longer = certificate.der();
  longer.push_back(0);
  Bytes shorter = certificate.der();
  shorter.pop_back();
  EXPECT_EQ(Certificate::FromDer(longer).error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromDer(shorter).error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromDer({}).error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromPem(pem + pem).error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromPem("").error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromPem("hello").error().reason, "BAD_CERTIFICATE");
  EXPECT_EQ(Certificate::FromPem(pem.substr(0, pem.size() / 2)).error().reason, "BAD_CERTIFICATE");
}

// One certificate with two encodings would have two fingerprints: one enrolled, one unknown to the
// revocations.
TEST(Certificate, RefusesASecondEncodingOfItself) {
  const TestPki pki;
  Bytes der = pki.ca().certificate().der();
  ASSERT_EQ(der[1], 0x82);  // Length in two bytes; the same in three is BER, not DER.
  der[1] = 0x83;
  der.insert(der.begin() + 2, 0);
  EXPECT_EQ(Certificate::FromDer(der).error().reason, "BAD_CERTIFICATE");
}

TEST(Certificate, AFileOfSeveralKeepsTheirOrder) {
  const TestPki pki;
  const TestCert node = pki.Node("cbo", "pantry");
  const auto both = CertificatesFromPem(node.pem + "comment between\n" + pki.ca_pem());
  ASSERT_TRUE(both.ok());
  EXPECT_THAT(*both, ElementsAre(node.certificate(), pki.ca().certificate()));
}

TEST(Certificate, AKeyInACertificateFileIsRefused) {
  const TestPki pki;
  const TestCert node = pki.Node("cbo", "pantry");
  const auto read = CertificatesFromPem(node.pem + node.key_pem);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("keep keys apart"));
}

TEST(PrivateKey, MatchesItsOwnCertificateOnly) {
  const TestPki pki;
  const TestCert one = pki.Node("practice", "one");
  const TestCert two = pki.Node("practice", "two");
  EXPECT_TRUE(one.key().Matches(one.certificate()));
  EXPECT_FALSE(one.key().Matches(two.certificate()));
}

TEST(PrivateKey, WritesWhatItReads) {
  const auto key = PrivateKey::Generate();
  ASSERT_TRUE(key.ok());
  const Secret pem = key->pem();
  EXPECT_TRUE(AsText(pem.view()).starts_with("-----BEGIN PRIVATE KEY-----"));
  const auto again = PrivateKey::FromPem(pem);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(AsText(again->pem().view()), AsText(pem.view()));
}

TEST(PrivateKey, RefusesOtherCurvesAndOtherThings) {
  const TestPki pki;
  CertSpec spec;
  for (const KeyKind kind : {KeyKind::kP384, KeyKind::kRsa2048, KeyKind::kEd25519}) {
    spec.key = kind;
    const Secret pem = Secret::Copy(AsBytes(pki.Issue(spec).key_pem));
    EXPECT_EQ(PrivateKey::FromPem(pem).error().reason, "BAD_KEY");
  }
  EXPECT_EQ(PrivateKey::FromPem(Secret::Copy(AsBytes(pki.ca_pem()))).error().reason, "BAD_KEY");
  EXPECT_EQ(PrivateKey::FromPem(Secret()).error().reason, "BAD_KEY");
}

TEST(PrivateKey, AnEncryptedKeyIsRefusedWithoutAskingTheTerminal) {
  constexpr std::string_view kEncrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_EQ(PrivateKey::FromPem(Secret::Copy(AsBytes(kEncrypted))).error().reason, "BAD_KEY");
}

}  // namespace
}  // namespace equinode
