#include "server/access/renewal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/server/access/network.h"

namespace equinode {
namespace {

using std::chrono::days;
using testing::TestNode;
using State = PeerCertificateState;

class RenewalTest : public ::testing::Test {
 protected:
  void Enrol(bool take_over) {
    ASSERT_TRUE(
        node_
            .Change([&](Tx& tx) -> Status {
              EQN_CHECK(PeerStore::Put(tx, {.uri = uri_, .take_over = take_over}, node_.now()));
              return PeerStore::PutCertificate(tx, uri_, old_, State::kCurrent, node_.now());
            })
            .ok());
  }
  std::string Announce(const Certificate& certificate, Instant in_use_from = {}) {
    const exchange::CertificateNotice notice{certificate.der(), in_use_from};
    const auto checked = CheckRenewal(uri_, notice, *node_.enrolment, node_.keys, node_.now());
    if (!checked.ok()) return checked.error().reason;
    AuditNote note;
    const Status applied = node_.store.db().Write("notice", [&](Tx& tx) {
      return ApplyRenewal(tx, uri_, *checked, in_use_from, *node_.enrolment, node_.now(), note);
    });
    if (!applied.ok()) return applied.error().reason;
    EXPECT_EQ(note.subject, uri_);
    return note.purpose;
  }
  Certificate New() { return node_.pki.Node("practice", "a").certificate(); }
  std::string SealsTo() { return node_.enrolment->SealTo(uri_, node_.now())->fingerprint(); }

  TestNode node_{};
  const std::string uri_ = node_.pki.Uri("practice", "a");
  const Certificate old_ = node_.pki.Node("practice", "a").certificate();
};

TEST_F(RenewalTest, IsTakenOverWhenTheEnrolmentSaysSo) {
  Enrol(true);
  const Certificate renewed = New();
  EXPECT_EQ(Announce(renewed), "CERTIFICATE_TAKEN_OVER");
  EXPECT_EQ(SealsTo(), renewed.fingerprint());
  EXPECT_EQ(node_.Admits(renewed), "OK");
  EXPECT_EQ(node_.Admits(old_), "OK") << "until it expires";
  EXPECT_EQ(Announce(renewed), "CERTIFICATE_KNOWN") << "told twice";
  EXPECT_EQ(SealsTo(), renewed.fingerprint());
}

TEST_F(RenewalTest, IsHeldOtherwise) {
  Enrol(false);
  const Certificate renewed = New();
  EXPECT_EQ(Announce(renewed), "CERTIFICATE_HELD");
  EXPECT_EQ(SealsTo(), old_.fingerprint());
  EXPECT_EQ(node_.Admits(renewed), "NOT_ENROLLED");
}

TEST_F(RenewalTest, OneForLaterIsTheNext) {
  Enrol(true);
  const Certificate next = New();
  EXPECT_EQ(Announce(next, node_.now() + days{3}), "CERTIFICATE_TAKEN_OVER");
  EXPECT_EQ(SealsTo(), old_.fingerprint());
  const Certificate third = New();
  EXPECT_EQ(Announce(third, node_.now() + days{6}), "CERTIFICATE_TAKEN_OVER");
  for (const Certificate& one : {old_, next, third}) EXPECT_EQ(node_.Admits(one), "OK");
  const auto future = node_.pki.Issue(
      {.uris = {uri_}, .not_before = node_.now() + days{1}, .not_after = node_.now() + days{9}});
  EXPECT_EQ(Announce(future.certificate()), "CERTIFICATE_TAKEN_OVER");
  EXPECT_EQ(node_.Admits(future.certificate()), "CERTIFICATE_NOT_YET_VALID");
}

TEST_F(RenewalTest, ANodeVouchesForItselfOnlyAndOnlyForGoodOnes) {
  Enrol(true);
  const auto& pki = node_.pki;
  EXPECT_EQ(Announce(pki.Node("practice", "b").certificate()), "CERTIFICATE_NAME");
  EXPECT_EQ(Announce(pki.Operator("practice", "a", "ann").certificate()), "CERTIFICATE_NAME");
  EXPECT_EQ(Announce(testing::TestPki().Node("practice", "a").certificate()),
            "CERTIFICATE_UNTRUSTED");
  const auto expired = pki.Issue(
      {.uris = {uri_}, .not_before = node_.now() - days{9}, .not_after = node_.now() - days{1}});
  EXPECT_EQ(Announce(expired.certificate()), "CERTIFICATE_EXPIRED");
  const Certificate revoked = New();
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, revoked.fingerprint()).ok());
  EXPECT_EQ(Announce(revoked), "REVOKED");
  EXPECT_EQ(SealsTo(), old_.fingerprint());
  ASSERT_TRUE(node_.Change([&](Tx& tx) { return PeerStore::Remove(tx, uri_); }).ok());
  EXPECT_EQ(Announce(New()), "NO_SUCH_PEER");
}

}  // namespace
}  // namespace equinode
