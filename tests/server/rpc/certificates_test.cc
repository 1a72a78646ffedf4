// THREATS section 4: certificates offered to a running gate with an otherwise good call.
#include <gtest/gtest.h>

#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// What a raw client sees: the call's status, or kClosed when TLS never let it in.
int Offer(const GateNode& node, const TestCert& cert) {
  RawHttp2 client(node.port(), node.Raw(cert));
  return client.Call(kEcho, "hello");
}
bool StoppedByTls(int status) { return status == RawHttp2::kClosed; }
bool StoppedByGate(int status) { return status == kPermissionDenied || status == kUnauthenticated; }

// One node for the whole table: what it withstands in one row must not help it in the next.
class OddCertificateTest : public ::testing::Test {
 protected:
  OddCertificateTest() : other_(node_.pki().Node("payer", "other-plan")) {
    node_.enrolment().EnrolUri(node_.peer_uri());
    node_.enrolment().EnrolUri(other_.certificate().uri_names().at(0));
    node_.Start();
  }
  std::vector<OddCertificate> All() {
    return OddCertificates(node_.pki(), node_.peer_uri(), other_.certificate().uri_names().at(0));
  }
  GateNode node_;
  TestCert other_;
};

TEST_F(OddCertificateTest, TC02ToTC10AndTC12ToTC17AreStoppedWhereTheyShould) {
  int rows = 0;
  for (const OddCertificate& odd : All()) {
    if (odd.stopped_at == StoppedAt::kDocumented) continue;
    SCOPED_TRACE(odd.id + " " + odd.name);
    ++rows;
    node_.ForgetEntries();
    const int first = Offer(node_, odd.cert);
    if (odd.stopped_at == StoppedAt::kTls) {
      EXPECT_TRUE(StoppedByTls(first)) << first;
    } else if (odd.stopped_at == StoppedAt::kCall) {
      EXPECT_TRUE(StoppedByGate(first)) << first;
    } else {
      EXPECT_TRUE(StoppedByTls(first) || StoppedByGate(first)) << first;
    }
    EXPECT_EQ(Offer(node_, odd.cert), first) << "not the same each time";
    // Stopped by the gate: one entry for each denial, one line each, whatever the name holds.
    const auto entries = node_.entries();
    EXPECT_EQ(entries.size(), StoppedByGate(first) ? 2u : 0u);
    for (const AuditEntry& entry : entries) {
      EXPECT_NE(entry.outcome, "OK");
      for (const char c : entry.actor + entry.subject) EXPECT_TRUE(c >= ' ' && c <= '~');
    }
    EXPECT_TRUE(node_.ThreeGoodCalls());
  }
  EXPECT_GE(rows, 40);
}

// TC25 and TC18: let in or not as documented, and the same each time.
TEST_F(OddCertificateTest, TC25AndTC18AreAsDocumented) {
  const std::map<std::string, bool> let_in = {
      {"CommonNameOfAnother", true},   // As the practice that its URI names.
      {"NoExtendedUsage", false},      // The network asks for all three usages.
      {"TwelveIntermediates", false},  // An authority issues directly.
      {"ThirtyKilobytesOfNames", true}, {"TwentyFiveYears", true},
  };
  std::size_t rows = 0;
  for (const OddCertificate& odd : All()) {
    if (odd.stopped_at != StoppedAt::kDocumented) continue;
    SCOPED_TRACE(odd.id + " " + odd.name);
    ++rows;
    for (int i = 0; i < 2; ++i) {
      RawHttp2 client(node_.port(), node_.Raw(odd.cert));
      const int status = client.Call(kEcho, "hello");
      if (let_in.at(odd.name)) {
        EXPECT_EQ(status, 0);
        EXPECT_NE(client.data(1).find(node_.peer_uri() + " hello"), std::string::npos);
      } else {
        EXPECT_TRUE(StoppedByTls(status) || StoppedByGate(status)) << status;
      }
    }
    EXPECT_TRUE(node_.ThreeGoodCalls());
  }
  EXPECT_EQ(rows, let_in.size());
}

TEST(Certificates, TC01WithoutACertificateNobodyGetsIn) {
  GateNode node;
  node.Start();
  RawHttp2 client(node.port(), {});
  EXPECT_EQ(client.Call(kEcho, "hello"), RawHttp2::kClosed);
  EXPECT_TRUE(node.entries().empty());
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Certificates, TC11ARevokedCertificateIsRefusedFromTheStart) {
  GateNode node;
  node.enrolment().Revoke(node.peer());
  node.Start();
  EXPECT_EQ(Offer(node, node.peer()), kUnauthenticated);
}

TEST(Certificates, TC11ARevocationStopsTheNextCallOnAnOpenConnectionAndTheOpenStream) {
  GateNode node;
  node.Start();
  const auto channel = node.Dial(node.peer());
  ASSERT_TRUE(channel->CallBytes(kEcho, "", seconds{5}).ok());
  auto stream = channel->OpenStream(kStream);
  ASSERT_TRUE((*stream)->Write("x").ok());
  ASSERT_TRUE((*stream)->Read(seconds{5}).ok());
  node.ForgetEntries();
  node.enrolment().Revoke(node.peer());
  const auto refused = channel->CallBytes(kEcho, "", seconds{5});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kUnauthenticated);
  EXPECT_EQ(refused.error().reason, "REVOKED");
  const auto end = (*stream)->Read(seconds{5});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().reason, "REVOKED");
  // One entry for the call, one for the stream.
  ASSERT_EQ(node.entries().size(), 2u);
  EXPECT_EQ(node.entries()[0].outcome, "REVOKED");
  EXPECT_EQ(node.entries()[1].outcome, "REVOKED");
}

TEST(Certificates, TC19TheNodesOwnCertificateIsNoPeersHere) {
  GateNode node;
  node.Start();
  EXPECT_EQ(Offer(node, node.own()), kUnauthenticated);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Certificates, TC20ACertificateThatExpiresEndsItsConnectionsCallsAndStreams) {
  GateNode node;
  node.Start();
  CertSpec spec;
  spec.uris = {node.pki().Uri("practice", "short")};
  spec.not_after = node.pki().now() + hours{1};
  const TestCert brief = node.pki().Issue(spec);
  node.enrolment().Enrol(brief);
  const auto channel = node.Dial(brief);
  auto stream = channel->OpenStream(kStream);
  ASSERT_TRUE((*stream)->Write("x").ok());
  ASSERT_TRUE((*stream)->Read(seconds{5}).ok());
  node.clock().Advance(hours{1});
  const auto refused = channel->CallBytes(kEcho, "", seconds{5});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "CERTIFICATE_EXPIRED");
  const auto end = (*stream)->Read(seconds{5});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().reason, "CERTIFICATE_EXPIRED");
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Certificates, TC23AWithdrawnEnrolmentOrALostRightEndsAnOpenStream) {
  for (const bool withdrawn : {true, false}) {
    GateNode node;
    node.Start();
    const auto channel = node.Dial(node.peer());
    auto stream = channel->OpenStream(kStream);
    ASSERT_TRUE((*stream)->Write("x").ok());
    ASSERT_TRUE((*stream)->Read(seconds{5}).ok());
    if (withdrawn) {
      node.enrolment().Withdraw(node.peer_uri());
    } else {
      node.enrolment().Forbid(node.peer_uri(), kStream);
    }
    const auto before = std::chrono::steady_clock::now();
    const auto end = (*stream)->Read(seconds{10});
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().reason, withdrawn ? "NOT_ENROLLED" : "METHOD_NOT_ALLOWED");
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds{5});
    // The right to call the other method is as it was.
    EXPECT_EQ(channel->CallBytes(kEcho, "", seconds{5}).ok(), !withdrawn);
  }
}

TEST(Certificates, TC21NoSessionIsOfferedForResumption) {
  GateNode node;
  node.Start();
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  EXPECT_EQ(client.Call(kEcho, "hello"), 0);
  EXPECT_EQ(client.tls_version(), "TLSv1.3");
  EXPECT_EQ(client.session_tickets(), 0);
}

TEST(Certificates, Tls12IsRefused) {
  GateNode node;
  node.Start();
  RawTlsOptions options = node.Raw(node.peer());
  options.tls12 = true;
  RawHttp2 client(node.port(), options);
  EXPECT_FALSE(client.handshake_ok());
  EXPECT_TRUE(node.ThreeGoodCalls());
}

}  // namespace
}  // namespace equinode::testing
