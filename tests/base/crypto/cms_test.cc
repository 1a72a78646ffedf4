#include "base/crypto/cms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/crypto/cms_tools.h"
#include "tests/base/crypto/reason.h"
#include "tests/support/pki.h"

namespace equinode {
namespace {

using std::chrono::days;
using testing::CertSpec;
using testing::EncryptHow;
using testing::EncryptOnly;
using testing::KeyKind;
using testing::Reason;
using testing::SignHow;
using testing::SignOnly;
using testing::TestCert;
using testing::TestPki;

class CmsTest : public ::testing::Test {
 protected:
  Bytes Seal(ByteView content) const {
    auto sealed = SealCms(content, alice_.certificate(), alice_.key(), bob_.certificate());
    EXPECT_EQ(Reason(sealed), "OK");
    return std::move(sealed).value();
  }
  Result<Opened> Open(ByteView sealed) const { return OpenAt(sealed, pki_.now()); }
  Result<Opened> OpenAt(ByteView sealed, Instant now) const {
    return OpenCms(sealed, bob_certificate_, bob_key_, trust_, now);
  }
  // Opens what an attacker who knows bob's certificate could send him.
  std::string ReasonInside(ByteView inner) const {
    return Reason(Open(EncryptOnly(inner, {bob_})));
  }

  const TestPki pki_;
  const TestCert alice_ = pki_.Node("practice", "alice");
  const TestCert bob_ = pki_.Node("payer", "bob");
  const TestCert mallory_ = pki_.Node("cbo", "mallory");
  const Certificate bob_certificate_ = bob_.certificate();
  const PrivateKey bob_key_ = bob_.key();
  const TrustStore trust_ = pki_.trust();
  const ByteView text_ = AsBytes("a few words");
};

TEST_F(CmsTest, WhatIsSealedIsOpenedAndTheSignerKnown) {
  for (const std::size_t size : {0, 1, 127, 128, 255, 256, 4096, 65535, 65536, 120000, 3000000}) {
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
    const auto opened = Open(Seal(content));
    ASSERT_EQ(Reason(opened), "OK") << size;
    EXPECT_EQ(opened->content, content);
    EXPECT_EQ(opened->signer, alice_.certificate());
  }
}

TEST_F(CmsTest, TheSameContentIsSealedDifferentlyEachTime) { EXPECT_NE(Seal(text_), Seal(text_)); }

TEST_F(CmsTest, NothingOfTheContentIsInTheSealedBytes) {
  const std::string canary(64, 'Q');
  const Bytes sealed = Seal(AsBytes(canary));
  EXPECT_EQ(AsText(sealed).find("QQQQ"), std::string::npos);
  EXPECT_EQ(AsText(sealed).find("alice"), std::string::npos);
}

TEST_F(CmsTest, ABitChangedAnywhereIsRefused) {
  const Bytes sealed = Seal(text_);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes altered = sealed;
    altered[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    EXPECT_THAT(Reason(Open(altered)),
                ::testing::AnyOf("ENVELOPE_SHAPE", "ENVELOPE_DAMAGED", "ENVELOPE_NOT_FOR_US"))
        << at;
  }
}

TEST_F(CmsTest, CutShortOrLengthenedIsRefused) {
  const Bytes sealed = Seal(text_);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_EQ(Reason(Open(ByteView(sealed).first(size))), "ENVELOPE_SHAPE") << size;
  }
  Bytes longer = sealed;
  longer.push_back(0);
  EXPECT_EQ(Reason(Open(longer)), "ENVELOPE_SHAPE");
}

TEST_F(CmsTest, IsForOneRecipientOnly) {
  const Bytes sealed = Seal(text_);
  const auto other = OpenCms(sealed, mallory_.certificate(), mallory_.key(), trust_, pki_.now());
  EXPECT_EQ(Reason(other), "ENVELOPE_NOT_FOR_US");
  // The right certificate does not help without its key.
  const auto wrong_key = OpenCms(sealed, bob_certificate_, mallory_.key(), trust_, pki_.now());
  EXPECT_EQ(Reason(wrong_key), "ENVELOPE_DAMAGED");
  // A relay that swaps the recipient's name in the header does not either.
  const auto self = OpenCms(sealed, alice_.certificate(), alice_.key(), trust_, pki_.now());
  EXPECT_EQ(Reason(self), "ENVELOPE_NOT_FOR_US");
}

TEST_F(CmsTest, TheSignerMustBeOfTheNetworkAndValidAndMeantForIt) {
  const auto reason = [&](const TestCert& signer) { return ReasonInside(SignOnly(text_, signer)); };
  EXPECT_EQ(reason(alice_), "OK");
  const TestPki stranger(pki_.network());
  EXPECT_EQ(reason(stranger.Node("practice", "alice")), "CERTIFICATE_UNTRUSTED");
  CertSpec spec;
  spec.uris = {pki_.Uri("practice", "alice")};
  EXPECT_EQ(reason(pki_.SelfSigned(spec)), "CERTIFICATE_UNTRUSTED");
  CertSpec late = spec;
  late.not_before = pki_.now() - days(9);
  late.not_after = pki_.now() - std::chrono::minutes(1);
  EXPECT_EQ(reason(pki_.Issue(late)), "CERTIFICATE_EXPIRED");
  CertSpec early = spec;
  early.not_before = pki_.now() + days(1);
  EXPECT_EQ(reason(pki_.Issue(early)), "CERTIFICATE_NOT_YET_VALID");
  CertSpec tls = spec;
  tls.extended_usage = "serverAuth,clientAuth";
  EXPECT_EQ(reason(pki_.Issue(tls)), "CERTIFICATE_USAGE");
  CertSpec encipher = spec;
  encipher.key_usage = "critical,keyAgreement";
  EXPECT_EQ(reason(pki_.Issue(encipher)), "CERTIFICATE_USAGE");
  EXPECT_EQ(reason(pki_.Issue(spec, alice_)), "CERTIFICATE_UNTRUSTED");
}

TEST_F(CmsTest, TheSignersDatesAreComparedWithTheTimeHandedIn) {
  const Bytes sealed = Seal(text_);
  EXPECT_EQ(Reason(OpenAt(sealed, pki_.now() + days(29))), "OK");
  EXPECT_EQ(Reason(OpenAt(sealed, pki_.now() + days(31))), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(Reason(OpenAt(sealed, pki_.now() - days(1))), "CERTIFICATE_NOT_YET_VALID");
}

TEST_F(CmsTest, ContentWithoutASignatureIsRefused) {
  EXPECT_EQ(ReasonInside(text_), "ENVELOPE_SHAPE");
  EXPECT_EQ(ReasonInside({}), "ENVELOPE_SHAPE");
  // Encrypted twice, signed never.
  EXPECT_EQ(ReasonInside(EncryptOnly(text_, {bob_})), "ENVELOPE_SHAPE");
  // Signed beside, with nothing inside.
  EXPECT_EQ(ReasonInside(SignOnly(text_, alice_, {.add = CMS_DETACHED})), "ENVELOPE_SHAPE");
}

TEST_F(CmsTest, ABitChangedInTheSignedMessageIsRefused) {
  const Bytes inner = SignOnly(text_, alice_);
  for (std::size_t at = 0; at < inner.size(); ++at) {
    Bytes altered = inner;
    altered[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    const std::string reason = ReasonInside(altered);
    EXPECT_THAT(reason, ::testing::AnyOf("ENVELOPE_SHAPE", "BAD_SIGNATURE", "BAD_CERTIFICATE",
                                         "CERTIFICATE_UNTRUSTED"))
        << at;
  }
}

TEST_F(CmsTest, AnotherContentUnderTheSameSignatureIsRefused) {
  Bytes inner = SignOnly(text_, alice_);
  const std::string other = "other words";
  ASSERT_EQ(other.size(), text_.size());
  const auto at = std::search(inner.begin(), inner.end(), text_.begin(), text_.end());
  ASSERT_NE(at, inner.end());
  std::copy(other.begin(), other.end(), at);
  EXPECT_EQ(ReasonInside(inner), "BAD_SIGNATURE");
}

// A renewed certificate may keep its key: the signature must stay bound to the one it was made
// with.
TEST_F(CmsTest, AnotherCertificateBesideTheSignatureIsRefused) {
  const Bytes inner = SignOnly(text_, alice_);
  const Bytes mine = alice_.certificate().der();
  const Bytes theirs = mallory_.certificate().der();
  const auto at = std::search(inner.begin(), inner.end(), mine.begin(), mine.end());
  ASSERT_NE(at, inner.end());
  Bytes swapped(inner.begin(), at);
  swapped.insert(swapped.end(), theirs.begin(), theirs.end());
  swapped.insert(swapped.end(), at + static_cast<std::ptrdiff_t>(mine.size()), inner.end());
  if (mine.size() == theirs.size()) {
    EXPECT_EQ(ReasonInside(swapped), "BAD_SIGNATURE");
  } else {
    EXPECT_EQ(ReasonInside(swapped), "ENVELOPE_SHAPE");
  }
}

TEST_F(CmsTest, OtherWaysToSignAreRefused) {
  const auto reason = [&](const SignHow& how) {
    return ReasonInside(SignOnly(text_, alice_, how));
  };
  EXPECT_EQ(reason({}), "OK");
  EXPECT_EQ(reason({.digest = "SHA1"}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.digest = "SHA512"}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.leave_out = CMS_CADES, .add = CMS_NOATTR}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.leave_out = CMS_CADES}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.add = CMS_USE_KEYID}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.add = CMS_NOCERTS}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.also = &mallory_}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.extra = &mallory_}), "ENVELOPE_SHAPE");
}

TEST_F(CmsTest, OtherWaysToEncryptAreRefused) {
  const Bytes inner = SignOnly(text_, alice_);
  const auto reason = [&](const EncryptHow& how) {
    return Reason(Open(EncryptOnly(inner, {bob_}, how)));
  };
  EXPECT_EQ(reason({}), "OK");
  EXPECT_EQ(reason({.kdf_digest = "SHA1"}), "ENVELOPE_SHAPE");  // The library's default.
  EXPECT_EQ(reason({.kdf_digest = "SHA512"}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.cipher = "AES-128-GCM"}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.cipher = "AES-256-CBC"}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.by_key_id = true}), "ENVELOPE_SHAPE");
  EXPECT_EQ(reason({.inner_signed_type = true}), "ENVELOPE_SHAPE");
  EXPECT_EQ(Reason(Open(EncryptOnly(inner, {bob_, mallory_}))), "ENVELOPE_SHAPE");
  EXPECT_EQ(Reason(Open(EncryptOnly(inner, {mallory_}))), "ENVELOPE_NOT_FOR_US");
  CertSpec rsa;
  rsa.key = KeyKind::kRsa2048;
  rsa.key_usage = "critical,keyEncipherment";
  EXPECT_EQ(Reason(Open(EncryptOnly(inner, {pki_.Issue(rsa)}))), "ENVELOPE_SHAPE");
}

TEST_F(CmsTest, SealsOnlyWithTheSignersKeyAndToAFitRecipient) {
  EXPECT_EQ(Reason(SealCms(text_, alice_.certificate(), bob_.key(), bob_.certificate())),
            "KEY_MISMATCH");
  CertSpec spec;
  spec.key = KeyKind::kP384;
  EXPECT_EQ(
      Reason(SealCms(text_, alice_.certificate(), alice_.key(), pki_.Issue(spec).certificate())),
      "CERTIFICATE_USAGE");
  spec = CertSpec{};
  spec.key_usage = "critical,digitalSignature";
  EXPECT_EQ(
      Reason(SealCms(text_, alice_.certificate(), alice_.key(), pki_.Issue(spec).certificate())),
      "CERTIFICATE_USAGE");
}

TEST_F(CmsTest, TheLargestContentIsOpenedAndALargerOneNotSealed) {
  Bytes large(kMaxContentBytes, 9);
  const auto opened = Open(Seal(large));
  ASSERT_EQ(Reason(opened), "OK");
  EXPECT_TRUE(opened->content == large);
  large.push_back(9);
  EXPECT_EQ(Reason(SealCms(large, alice_.certificate(), alice_.key(), bob_.certificate())),
            "CONTENT_TOO_LARGE");
}

TEST_F(CmsTest, LeavesNoErrorsBehindForOthers) {
  Bytes sealed = Seal(text_);
  sealed.back() ^= 1;
  EXPECT_EQ(Reason(Open(sealed)), "ENVELOPE_DAMAGED");
  EXPECT_EQ(ReasonInside(SignOnly(text_, TestPki().Node("cbo", "x"))), "CERTIFICATE_UNTRUSTED");
  (void)Certificate::FromPem("nothing");
  (void)PrivateKey::FromPem(Secret::Copy(text_));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST_F(CmsTest, ManyThreadsSealAndOpenAtOnce) {
  const Certificate alice = alice_.certificate();
  const PrivateKey key = alice_.key();
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const Bytes content(100 * t + static_cast<std::size_t>(i), static_cast<std::uint8_t>(t));
        const auto sealed = SealCms(content, alice, key, bob_certificate_);
        if (!sealed.ok()) continue;
        const auto opened = Open(*sealed);
        if (opened.ok() && opened->content == content) ++good[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(good, ::testing::Each(50));
}

TEST_F(CmsTest, ASignatureBesideTheContentNamesItsSigner) {
  const auto signature = SignDetached(text_, alice_.certificate(), alice_.key());
  ASSERT_EQ(Reason(signature), "OK");
  const auto signer = VerifyDetached(text_, *signature, trust_, pki_.now());
  ASSERT_EQ(Reason(signer), "OK");
  EXPECT_EQ(*signer, alice_.certificate());
  EXPECT_EQ(Reason(VerifyDetached(AsBytes("other"), *signature, trust_, pki_.now())),
            "BAD_SIGNATURE");
  EXPECT_EQ(Reason(VerifyDetached(text_, *signature, trust_, pki_.now() + days(31))),
            "CERTIFICATE_EXPIRED");
  EXPECT_EQ(Reason(VerifyDetached(text_, *signature, TestPki().trust(), pki_.now())),
            "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(VerifyDetached(text_, SignOnly(text_, alice_), trust_, pki_.now())),
            "SIGNATURE_SHAPE");
  EXPECT_EQ(Reason(VerifyDetached(text_, {}, trust_, pki_.now())), "SIGNATURE_SHAPE");
  const auto empty = SignDetached({}, alice_.certificate(), alice_.key());
  EXPECT_EQ(Reason(VerifyDetached({}, *empty, trust_, pki_.now())), "OK");
}

}  // namespace
}  // namespace equinode
