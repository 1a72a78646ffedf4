// THREATS section 5, as far as it is the gate's: TA08 to TA11; and the audit of calls.
#include <gtest/gtest.h>

#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Gate, TA08AnIdentityClaimedInMetadataIsNotLookedAt) {
  GateNode node;
  const TestCert hub = node.pki().Node("payer", "other-plan");
  node.enrolment().Enrol(hub);
  node.Start();
  const std::string claimed = hub.certificate().uri_names().at(0);
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  EXPECT_EQ(client.Call(kEcho, claimed,
                        {{"x-identity", claimed},
                         {"authorization", "Bearer " + claimed},
                         {"x-forwarded-client-cert", "URI=" + claimed},
                         {"x509-subject", claimed},
                         {"peer_spiffe_id", claimed}}),
            kOk);
  EXPECT_NE(client.data(1).find(node.peer_uri() + " "), std::string::npos);
  ASSERT_EQ(node.entries().size(), 1u);
  EXPECT_EQ(node.entries()[0].actor, node.peer_uri());
}

TEST(Gate, TA09OddPathsAreUnimplementedAndSeen) {
  GateNode node;
  node.Start();
  const std::vector<std::string> paths = {
      "//",
      "/",
      "/../",
      "/equinode.test.Gate/../equinode.test.Gate/Echo",
      std::string(kEcho) + "?x",
      std::string(kEcho) + "/",
      std::string(kEcho) + "#x",
      "/equinode.test.Gate/echo",
      "/equinode.test.Gate/",
      "/equinode.test.Gate//Echo",
      "/equinode.test.Gate/Ech%6f",
      "equinode.test.Gate/Echo",
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      "/grpc.health.v1.Health/Watch",
      "/" + std::string(4000, 'a'),
  };
  for (const std::string& path : paths) {
    SCOPED_TRACE(path.substr(0, 80));
    node.ForgetEntries();
    RawHttp2 client(node.port(), node.Raw(node.peer()));
    EXPECT_EQ(client.Call(path, "hello"), kUnimplemented);
    const auto entries = node.entries();
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].outcome, "NO_SUCH_METHOD");
    EXPECT_EQ(entries[0].actor, node.peer_uri());
    EXPECT_LE(entries[0].action.size(), 300u);
  }
  // An empty path never becomes a call; whatever the transport does, nothing is served.
  node.ForgetEntries();
  RawHttp2 client(node.port(), node.Raw(node.peer()));
  EXPECT_NE(client.Call("", "hello"), kOk);
  for (const AuditEntry& entry : node.entries()) EXPECT_EQ(entry.outcome, "NO_SUCH_METHOD");
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Gate, TA10ADeniedCallIsAnsweredBeforeItsBodyIsSent) {
  GateNode node;
  const TestCert stranger = node.pki().Node("practice", "nobody-knows-me");
  node.Start();
  RawHttp2 client(node.port(), node.Raw(stranger));
  ASSERT_TRUE(client.Open());
  client.SendHeaders(1, kEcho);  // A body is to follow, and is not waited for.
  EXPECT_EQ(client.WaitStatus(1), kUnauthenticated);
  // The 4 MB come all the same; the connection goes on or is cut, nothing else happens.
  client.SendMessage(1, std::string(60 * 1024, 'x'));
  client.SendHeaders(3, kEcho);
  const int next = client.WaitStatus(3);
  EXPECT_TRUE(next == kUnauthenticated || next == RawHttp2::kClosed) << next;
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Gate, TA10FourMegabytesOfADeniedCallAreNotTakenIn) {
  GateNode node;
  const TestCert stranger = node.pki().Node("practice", "nobody-knows-me");
  node.Start();
  const auto denied =
      node.Dial(stranger)->CallBytes(kEcho, std::string(900 * 1024, 'x'), seconds{10});
  ASSERT_FALSE(denied.ok());
  EXPECT_EQ(denied.error().reason, "NOT_ENROLLED");
  // A 4 MB body against HTTP/2's window: it is the client that cannot go on, the server takes no
  // more than the 64 kB that every stream may send unasked.
  RawHttp2 client(node.port(), node.Raw(stranger));
  ASSERT_TRUE(client.Open());
  client.SendHeaders(1, kEcho);
  client.SendData(1, std::string("\0\0\x40\0\0", 5) + std::string(4 * 1024 * 1024, 'x'), true);
  const int status = client.WaitStatus(1);
  EXPECT_NE(status, kOk);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Gate, TA11EveryDenialLeavesExactlyOneEntryAndNoContent) {
  GateNode node;
  const TestCert stranger = node.pki().Node("practice", "nobody-knows-me");
  const TestCert revoked = node.pki().Node("practice", "revoked");
  const TestCert barred = node.pki().Node("cbo", "barred");
  for (const TestCert& cert : {revoked, barred}) node.enrolment().Enrol(cert);
  node.enrolment().Revoke(revoked);
  node.enrolment().Forbid(node.pki().Uri("cbo", "barred"), kEcho);
  node.Start();
  struct Row {
    const TestCert& cert;
    const char* path;
    int status;
    const char* outcome;
  };
  const Row rows[] = {
      {stranger, kEcho, kUnauthenticated, "NOT_ENROLLED"},
      {revoked, kEcho, kUnauthenticated, "REVOKED"},
      {barred, kEcho, kPermissionDenied, "METHOD_NOT_ALLOWED"},
      {stranger, kStream, kUnauthenticated, "NOT_ENROLLED"},
      {node.peer(), "/equinode.test.Gate/None", kUnimplemented, "NO_SUCH_METHOD"},
  };
  constexpr const char* kCanary = "Jane-Canary-1970-01-01";
  for (const Row& row : rows) {
    SCOPED_TRACE(row.outcome);
    node.ForgetEntries();
    for (int i = 0; i < 3; ++i) {
      RawHttp2 client(node.port(), node.Raw(row.cert));
      EXPECT_EQ(client.Call(row.path, kCanary, {{"x-person", kCanary}}), row.status);
    }
    const auto entries = node.entries();
    ASSERT_EQ(entries.size(), 3u);
    for (const AuditEntry& entry : entries) {
      EXPECT_EQ(entry.outcome, row.outcome);
      EXPECT_EQ(entry.action, row.path);
      EXPECT_FALSE(entry.from.empty());
      EXPECT_EQ(entry.actor, row.cert.certificate().uri_names().at(0));
      const std::string all =
          entry.actor + entry.from + entry.action + entry.subject + entry.purpose + entry.outcome;
      EXPECT_EQ(all.find(kCanary), std::string::npos);
    }
  }
}

TEST(Gate, DenialsOverTheRateAreAnsweredButNotWritten) {
  RpcOptions options = GateNode::Quick();
  options.denials = {1, 5};
  GateNode node(options);
  const TestCert stranger = node.pki().Node("practice", "nobody-knows-me");
  node.Start();
  const auto channel = node.Dial(stranger);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(channel->CallBytes(kEcho, "", seconds{5}).error().reason, "NOT_ENROLLED");
  }
  EXPECT_EQ(channel->CallBytes(kEcho, "", seconds{5}).error().reason, "TOO_MANY_DENIALS");
  EXPECT_EQ(node.entries().size(), 5u);
  node.clock().Advance(seconds{1});
  EXPECT_EQ(channel->CallBytes(kEcho, "", seconds{5}).error().reason, "NOT_ENROLLED");
  EXPECT_TRUE(node.ThreeGoodCalls());
}

TEST(Gate, ACallThatCannotBeRecordedIsNotAnswered) {
  GateNode node;
  node.Start();
  node.BreakAudit(true);
  const auto answer = node.GoodCall();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().reason, "AUDIT_UNAVAILABLE");
  node.BreakAudit(false);
  EXPECT_TRUE(node.ThreeGoodCalls());
}

// What a session sends while it opens must not leave before its entry is durable.
TEST(Gate, AStreamThatCannotBeRecordedSendsNothing) {
  GateNode node;
  Method eager;
  eager.path = "/equinode.test.Gate/Eager";
  eager.stream = [](Call&,
                    std::shared_ptr<OpenStream> open) -> Result<std::unique_ptr<StreamSession>> {
    open->Send("about a person");
    open->Finish(Ok());
    return std::unique_ptr<StreamSession>(std::make_unique<EchoSession>(open));
  };
  node.Add(eager);
  node.Start();
  const auto channel = node.Dial(node.peer());
  node.BreakAudit(true);
  auto stream = channel->OpenStream(eager.path);
  const auto nothing = (*stream)->Read(seconds{5});
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().reason, "AUDIT_UNAVAILABLE");
  node.BreakAudit(false);
  stream = channel->OpenStream(eager.path);
  const auto message = (*stream)->Read(seconds{5});
  ASSERT_TRUE(message.ok());
  ASSERT_TRUE(message->has_value());
  EXPECT_EQ(**message, "about a person");
  EXPECT_TRUE((*stream)->Finish().ok());
  EXPECT_EQ(node.entries().size(), 1u);
}

TEST(Gate, ACallThatIsRecordedInItsOwnTransactionLeavesNoSecondEntry) {
  GateNode node;
  node.Add(GateNode::Unary("/equinode.test.Gate/Own", [](Call& call, std::string_view) {
    call.audit.recorded = true;
    return Result<std::string>("done");
  }));
  Method quiet = GateNode::Unary("/equinode.test.Gate/Quiet", [](Call&, std::string_view) {
    return Result<std::string>("done");
  });
  quiet.audited = false;
  node.Add(quiet);
  node.Start();
  const auto channel = node.Dial(node.peer());
  EXPECT_TRUE(channel->CallBytes("/equinode.test.Gate/Own", "", seconds{5}).ok());
  EXPECT_TRUE(channel->CallBytes("/equinode.test.Gate/Quiet", "", seconds{5}).ok());
  EXPECT_TRUE(node.entries().empty());
}

}  // namespace
}  // namespace equinode::testing
