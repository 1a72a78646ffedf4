#include "server/access/enrolment.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "domain/access/policy.h"
#include "storage/host_store.h"
#include "tests/server/access/network.h"
#include "tests/support/faulty_vfs.h"

namespace equinode {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::TestNode;
using State = PeerCertificateState;

class EnrolmentTest : public ::testing::Test {
 protected:
  Certificate Node(std::string_view role, std::string_view name) {
    return node_.pki.Node(role, name).certificate();
  }
  std::string Signs(const Certificate& certificate) {
    const Status ok =
        node_.enrolment->CheckSigner(certificate.uri_names().front(), certificate, node_.now());
    return ok.ok() ? "OK" : ok.error().reason;
  }
  std::string SealsTo(const std::string& uri) {
    const auto to = node_.enrolment->SealTo(uri, node_.now());
    return to.ok() ? to->fingerprint() : to.error().reason;
  }

  TestNode node_{};
};

TEST_F(EnrolmentTest, AnEnrolledNodeIsAdmittedForWhatItsRoleMayDo) {
  const Certificate a = Node("practice", "a");
  EXPECT_EQ(node_.Admits(a), "NOT_ENROLLED");
  ASSERT_TRUE(node_.Enrol(a).ok());
  EXPECT_EQ(node_.Admits(a), "OK");
  EXPECT_EQ(node_.Admits(a, "/equinode.v1.ExchangeService/Deliver"), "OK");
  EXPECT_EQ(node_.Admits(a, "/equinode.v1.RecordService/GetPerson"), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(node_.Admits(a, "/no/Method"), "NO_SUCH_METHOD");
  const auto caller =
      node_.enrolment->Admit(a, "192.0.2.1:7", "/grpc.health.v1.Health/Check", node_.now());
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->identity.uri, node_.pki.Uri("practice", "a"));
  EXPECT_EQ(caller->fingerprint, a.fingerprint());
  EXPECT_EQ(caller->address, "192.0.2.1:7");
}

TEST_F(EnrolmentTest, TheFingerprintCountsAndNotTheUriAlone) {
  ASSERT_TRUE(node_.Enrol(Node("practice", "a")).ok());
  EXPECT_EQ(node_.Admits(Node("practice", "a")), "NOT_ENROLLED")
      << "the same name from the same authority, another key";
}

TEST_F(EnrolmentTest, OperatorsOfTheOwnOrganisationNeedNoEnrolment) {
  const auto op = [&](std::string_view role, std::string_view organisation) {
    return node_.Admits(node_.pki.Operator(role, organisation, "ann").certificate(),
                        "/equinode.v1.AdminService/GetStatus");
  };
  EXPECT_EQ(op("payer", "p"), "OK");
  EXPECT_EQ(op("payer", "q"), "NOT_ENROLLED");
  EXPECT_EQ(op("practice", "p"), "NOT_ENROLLED");
  ASSERT_TRUE(node_.Enrol(Node("practice", "a")).ok());
  EXPECT_EQ(op("practice", "a"), "NOT_ENROLLED") << "its node is, its operators are not";
}

TEST_F(EnrolmentTest, TC19_TheNodesOwnCertificateIsNotACaller) {
  EXPECT_EQ(node_.Admits(node_.cert.certificate()), "NOT_ENROLLED");
}

TEST_F(EnrolmentTest, TC20_DatesAreComparedAtEveryCall) {
  const Certificate a = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(a).ok());
  EXPECT_EQ(node_.Admits(a), "OK");
  node_.store.clock().Set(a.not_after());
  EXPECT_EQ(node_.Admits(a), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(Signs(a), "CERTIFICATE_EXPIRED");
  EXPECT_EQ(SealsTo(a.uri_names().front()), "NO_GOOD_CERTIFICATE");
  node_.store.clock().Set(a.not_before() - Millis{1000});
  EXPECT_EQ(node_.Admits(a), "CERTIFICATE_NOT_YET_VALID");
}

TEST_F(EnrolmentTest, TC11_RevocationTakesEffectWithTheCommit) {
  const Certificate a = Node("practice", "a");
  const Certificate b = Node("practice", "b");
  const Certificate c = Node("practice", "c");
  for (const Certificate& one : {a, b, c}) ASSERT_TRUE(node_.Enrol(one).ok());
  ASSERT_TRUE(node_.Revoke(RevokedKind::kUri, a.uri_names().front()).ok());
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, b.fingerprint()).ok());
  ASSERT_TRUE(node_.Revoke(RevokedKind::kSerial, c.serial_hex(), c.issuer()).ok());
  for (const Certificate& one : {a, b, c}) {
    EXPECT_EQ(node_.Admits(one), "REVOKED");
    EXPECT_EQ(Signs(one), "REVOKED");
    EXPECT_EQ(SealsTo(one.uri_names().front()), "NO_GOOD_CERTIFICATE");
  }
  // Of another authority's serial number nothing follows.
  const Certificate d = Node("practice", "d");
  ASSERT_TRUE(node_.Enrol(d).ok());
  ASSERT_TRUE(node_.Revoke(RevokedKind::kSerial, d.serial_hex(), "CN=other").ok());
  EXPECT_EQ(node_.Admits(d), "OK");
}

TEST_F(EnrolmentTest, TC11_AnOperatorIsLockedOutByUriOrFingerprint) {
  const Certificate ann = node_.pki.Operator("payer", "p", "ann").certificate();
  const Certificate bob = node_.pki.Operator("payer", "p", "bob").certificate();
  const char* method = "/equinode.v1.AdminService/GetStatus";
  ASSERT_TRUE(node_.Revoke(RevokedKind::kUri, ann.uri_names().front()).ok());
  EXPECT_EQ(node_.Admits(ann, method), "REVOKED");
  EXPECT_EQ(node_.Admits(bob, method), "OK");
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, bob.fingerprint()).ok());
  EXPECT_EQ(node_.Admits(bob, method), "REVOKED");
}

TEST_F(EnrolmentTest, TC11_ARevocationFromBeforeTheStartIsInForce) {
  const Certificate a = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(a).ok());
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, a.fingerprint()).ok());
  Enrolment again(node_.store.db(), node_.keys);
  ASSERT_TRUE(again.Reload().ok());
  EXPECT_EQ(again.Admit(a, "", "/grpc.health.v1.Health/Check", node_.now()).error().reason,
            "REVOKED");
}

TEST_F(EnrolmentTest, TC23_AWithdrawnEnrolmentIsOverWithTheCommit) {
  const Certificate a = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(a).ok());
  ASSERT_TRUE(
      node_.Change([&](Tx& tx) { return PeerStore::Remove(tx, a.uri_names().front()); }).ok());
  EXPECT_EQ(node_.Admits(a), "NOT_ENROLLED");
  EXPECT_EQ(Signs(a), "UNKNOWN_SIGNER");
  EXPECT_EQ(SealsTo(a.uri_names().front()), "NO_SUCH_PEER");
}

TEST_F(EnrolmentTest, TC22_AnAuthorityTakenOutOfTheTrustFileEndsItsCertificates) {
  const Certificate a = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(a).ok());
  const testing::TestPki other;
  node_.keys.Swap(testing::RingOf(other, other.Node("payer", "p")));
  EXPECT_EQ(node_.Admits(a), "CERTIFICATE_UNTRUSTED");
}

// Where the handshake would stop them already: the second wall holds alone.
TEST_F(EnrolmentTest, TC02_to_TC18_NoOddCertificateIsAdmitted) {
  const Certificate good = Node("practice", "a");
  const Certificate other = Node("practice", "b");
  ASSERT_TRUE(node_.Enrol(good).ok());
  ASSERT_TRUE(node_.Enrol(other).ok());
  int tried = 0;
  for (const auto& odd :
       testing::OddCertificates(node_.pki, good.uri_names().front(), other.uri_names().front())) {
    const auto read = Certificate::FromPem(odd.cert.pem);
    const std::string verdict = read.ok() ? node_.Admits(*read) : "UNREADABLE";
    EXPECT_NE(verdict, "OK") << odd.id << " " << odd.name;
    ++tried;
  }
  EXPECT_GE(tried, 30);
}

TEST_F(EnrolmentTest, TC18_TheUriCountsAndNotTheCommonName) {
  const Certificate practice =
      node_.pki.Issue({.common_name = "p", .uris = {node_.pki.Uri("practice", "a")}}).certificate();
  ASSERT_TRUE(node_.Enrol(practice).ok());
  const auto caller =
      node_.enrolment->Admit(practice, "", "/grpc.health.v1.Health/Check", node_.now());
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ(caller->identity.role, Role::kPractice);
}

TEST_F(EnrolmentTest, ARenewalIsUsedWhenThePeerUsesIt) {
  const Certificate one = Node("practice", "a");
  const Certificate two = Node("practice", "a");
  const std::string uri = one.uri_names().front();
  ASSERT_TRUE(node_.Enrol(one).ok());
  ASSERT_TRUE(node_.Enrol(two, State::kNext).ok());
  EXPECT_EQ(SealsTo(uri), one.fingerprint()) << "the peer may not have it in use yet";
  EXPECT_EQ(node_.Admits(one), "OK");
  EXPECT_EQ(node_.Admits(two), "OK");
  EXPECT_EQ(SealsTo(uri), two.fingerprint());
  ASSERT_TRUE(node_.Enrol(two, State::kCurrent).ok());
  EXPECT_EQ(SealsTo(uri), two.fingerprint());
  EXPECT_EQ(Signs(one), "OK") << "what it signed may be on its way still";
  EXPECT_EQ(node_.Admits(one), "OK");
  ASSERT_TRUE(node_.Revoke(RevokedKind::kFingerprint, one.fingerprint()).ok());
  EXPECT_EQ(Signs(one), "REVOKED");
  EXPECT_EQ(Signs(two), "OK");
}

TEST_F(EnrolmentTest, AHeldCertificateIsGoodForNothing) {
  const Certificate one = Node("practice", "a");
  const Certificate held = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(one).ok());
  ASSERT_TRUE(node_.Enrol(held, State::kHeld).ok());
  EXPECT_EQ(node_.Admits(held), "NOT_ENROLLED");
  EXPECT_EQ(Signs(held), "UNKNOWN_SIGNER");
  EXPECT_EQ(SealsTo(one.uri_names().front()), one.fingerprint());
}

TEST_F(EnrolmentTest, ASignerSignsForItselfOnly) {
  const Certificate a = Node("practice", "a");
  const Certificate b = Node("practice", "b");
  ASSERT_TRUE(node_.Enrol(a).ok());
  ASSERT_TRUE(node_.Enrol(b).ok());
  EXPECT_EQ(node_.enrolment->CheckSigner(b.uri_names().front(), a, node_.now()).error().reason,
            "UNKNOWN_SIGNER");
}

TEST_F(EnrolmentTest, PeersAreFoundAndListed) {
  ASSERT_TRUE(node_.Enrol(Node("qhio", "q")).ok());
  ASSERT_TRUE(node_.Enrol(Node("practice", "a")).ok());
  EXPECT_EQ(node_.enrolment->Peers().size(), 2u);
  const auto peer = node_.enrolment->Find(node_.pki.Uri("qhio", "q"));
  ASSERT_TRUE(peer.has_value());
  EXPECT_EQ(peer->identity.role, Role::kQhio);
  EXPECT_FALSE(node_.enrolment->Find("spiffe://n/qhio/other").has_value());
}

TEST(EnrolmentFaults, R8_WhenTheStoreCannotBeReadNobodyIsAdmitted) {
  testing::FaultyVfs vfs("enrolment");
  TestNode node("payer", "p", {.vfs = vfs.name()});
  const Certificate a = node.pki.Node("practice", "a").certificate();
  ASSERT_TRUE(node.Enrol(a).ok());
  ASSERT_EQ(node.Admits(a), "OK");
  // A commit makes the readers' pages old, so that the next read goes to the disk.
  ASSERT_TRUE(
      node.store.db()
          .Write("other",
                 [&](Tx& tx) { return PeerStore::Seen(tx, a.uri_names().front(), node.now()); })
          .ok());
  vfs.FailRead(1, 1000);
  EXPECT_FALSE(node.enrolment->Reload().ok());
  vfs.FailRead(0);
  EXPECT_EQ(node.Admits(a), "ENROLMENT_UNREAD") << "what was known may have been withdrawn";
  EXPECT_TRUE(node.enrolment->Reload().ok());
  EXPECT_EQ(node.Admits(a), "OK");
}

// Callers go on while enrolments change under them.
TEST_F(EnrolmentTest, ChangesAndCallsAtTheSameTime) {
  const Certificate a = Node("practice", "a");
  const Certificate b = Node("practice", "b");
  ASSERT_TRUE(node_.Enrol(a).ok());
  std::atomic<bool> done{false};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      while (!done.load()) EXPECT_EQ(node_.Admits(a), "OK");
    });
  }
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(node_.Enrol(b).ok());
    ASSERT_EQ(node_.Admits(b), "OK");
    ASSERT_TRUE(
        node_.Change([&](Tx& tx) { return PeerStore::Remove(tx, b.uri_names().front()); }).ok());
    ASSERT_EQ(node_.Admits(b), "NOT_ENROLLED");
  }
  done.store(true);
  for (std::thread& caller : callers) caller.join();
}

// An organisation without a node: its people come in where the node's operators say that it is
// hosted, for its inbox alone, and are out the moment that is withdrawn or the organisation
// revoked.
TEST(EnrolmentHosted, ItsPeopleAreLetInWhereItIsHostedAndOutAgain) {
  const char* kInbox = "/equinode.v1.ReferralService/ListReferrals";
  TestNode qhio("qhio", "bay");
  const std::string pantry = qhio.pki.Uri("cbo", "pantry");
  const Certificate pat = qhio.pki.Operator("cbo", "pantry", "pat").certificate();
  EXPECT_EQ(qhio.Admits(pat, kInbox), "NOT_ENROLLED");
  EXPECT_FALSE(qhio.enrolment->HostOf(pantry).has_value());
  const auto host_at = [&](TestNode& node, const std::string& at) {
    return node.Change([&](Tx& tx) { return HostStore::Put(tx, {pantry, at}, node.now()); }).ok();
  };
  ASSERT_TRUE(host_at(qhio, qhio.pki.Uri("qhio", "other")));
  EXPECT_EQ(qhio.Admits(pat, kInbox), "NOT_ENROLLED") << "hosted, but not here";
  ASSERT_TRUE(host_at(qhio, qhio.self()));
  EXPECT_EQ(qhio.enrolment->HostOf(pantry), qhio.self());
  EXPECT_EQ(qhio.Admits(pat, kInbox), "OK");
  EXPECT_EQ(qhio.Admits(pat, "/equinode.v1.ReferralService/CreateReferral"), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(qhio.Admits(pat, "/equinode.v1.AdminService/GetStatus"), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(qhio.Admits(pat, "/equinode.v1.RecordService/ListPersons"), "METHOD_NOT_ALLOWED");
  // Its name on a node's certificate is a node that nobody has enrolled.
  EXPECT_EQ(qhio.Admits(qhio.pki.Node("cbo", "pantry").certificate(), kInbox), "NOT_ENROLLED");
  EXPECT_EQ(qhio.Admits(qhio.pki.Operator("cbo", "pantri", "pat").certificate(), kInbox),
            "NOT_ENROLLED");
  EXPECT_EQ(qhio.Admits(qhio.pki.Operator("practice", "pantry", "pat").certificate(), kInbox),
            "NOT_ENROLLED");
  ASSERT_TRUE(qhio.Change([&](Tx& tx) { return HostStore::Remove(tx, pantry); }).ok());
  EXPECT_EQ(qhio.Admits(pat, kInbox), "NOT_ENROLLED");
  ASSERT_TRUE(host_at(qhio, qhio.self()));
  ASSERT_TRUE(qhio.Revoke(RevokedKind::kUri, pantry).ok());
  EXPECT_EQ(qhio.Admits(pat, kInbox), "REVOKED")
      << "who withdraws an organisation means its people";
}

TEST(EnrolmentHosted, OnePersonIsRevokedAndTheOthersStay) {
  const char* kInbox = "/equinode.v1.ReferralService/ListReferrals";
  TestNode qhio("qhio", "bay");
  const std::string pantry = qhio.pki.Uri("cbo", "pantry");
  ASSERT_TRUE(qhio.Change([&](Tx& tx) {
                    return HostStore::Put(tx, {pantry, qhio.self()}, qhio.now());
                  })
                  .ok());
  const Certificate pat = qhio.pki.Operator("cbo", "pantry", "pat").certificate();
  const Certificate tim = qhio.pki.Operator("cbo", "pantry", "tim").certificate();
  ASSERT_TRUE(qhio.Revoke(RevokedKind::kUri, pantry + "/operator/pat").ok());
  EXPECT_EQ(qhio.Admits(pat, kInbox), "REVOKED");
  EXPECT_EQ(qhio.Admits(tim, kInbox), "OK");
}

TEST_F(EnrolmentTest, ACallCostsMicroseconds) {
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(node_.Enrol(Node("practice", "a" + std::to_string(i))).ok());
  }
  const Certificate a = Node("practice", "a");
  ASSERT_TRUE(node_.Enrol(a).ok());
  ASSERT_EQ(node_.Admits(a), "OK");
  constexpr int kCalls = 20000;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) (void)node_.Admits(a);
  const auto spent =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin);
  std::printf("%.2f us an admission\n", spent.count() / kCalls);
  EXPECT_LT(spent.count() / kCalls, 200) << "a chain verified at each call would cost more";
}

}  // namespace
}  // namespace equinode
