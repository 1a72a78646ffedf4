// The dialling side: TC24, and what a channel refuses before it dials.
#include "client/channel/channel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "client/channel/peer_check.h"
#include "tests/server/rpc/gate_node.h"

namespace equinode::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A node that shows `cert` and counts the calls that reach its gate.
class Impostor {
 public:
  Impostor(const TestPki& pki, const TestCert& cert) : node_(GateNode::Quick(), pki) {
    node_.enrolment().EnrolUri(node_.pki().Uri("practice", "caller"));
    KeyRing ring = *node_.keys().Get();
    ring.current = KeyPair{cert.certificate(), cert.key()};
    node_.keys().Swap(std::make_shared<KeyRing>(std::move(ring)));
    node_.Start();
  }
  std::string address() const { return node_.address(); }
  std::size_t calls() const { return node_.entries().size(); }

 private:
  GateNode node_;
};

class Dialling : public ::testing::Test {
 protected:
  Dialling() : caller_(pki_.Node("practice", "caller")), uri_(pki_.Uri("payer", "plan")) {}

  Result<std::string> Ask(const std::string& address) {
    auto channel = Channel::Open(
        {pki_.ca_pem(), caller_.pem, Secret::Copy(AsBytes(caller_.key_pem))}, {address, uri_});
    if (!channel.ok()) return std::move(channel).error();
    return (*channel)->CallBytes(kEcho, "a message that must not be sent", seconds{5});
  }
  void ExpectWrong(const TestCert& cert) {
    Impostor server(pki_, cert);
    const auto answer = Ask(server.address());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Code::kUnauthenticated) << answer.error().reason;
    EXPECT_EQ(answer.error().reason, "WRONG_PEER");
    EXPECT_EQ(server.calls(), 0u);
  }
  TestCert Like(const std::function<void(CertSpec&)>& change) {
    CertSpec spec;
    spec.uris = {uri_};
    change(spec);
    return pki_.Issue(spec);
  }

  TestPki pki_;
  TestCert caller_;
  std::string uri_;
};

TEST_F(Dialling, TheNodeThatWasMeantIsCalled) {
  Impostor server(pki_, Like([](CertSpec&) {}));
  EXPECT_TRUE(Ask(server.address()).ok());
  EXPECT_EQ(server.calls(), 1u);
}

TEST_F(Dialling, TC24AnotherNameOrRoleOrDateOrAuthorityNeverGetsAMessage) {
  ExpectWrong(pki_.Node("payer", "another-plan"));
  ExpectWrong(pki_.Node("practice", "plan"));  // The name, in another role.
  ExpectWrong(Like([&](CertSpec& s) {
    s.not_before = pki_.now() - hours{48};
    s.not_after = pki_.now() - minutes{1};
  }));
  ExpectWrong(Like([&](CertSpec& s) { s.not_before = pki_.now() + hours{1}; }));
  ExpectWrong(Like([](CertSpec& s) { s.extended_usage = "clientAuth"; }));
  const TestPki other(pki_.network(), pki_.now());
  ExpectWrong(other.Node("payer", "plan"));
  ExpectWrong(pki_.SelfSigned([&] {
    CertSpec spec;
    spec.uris = {uri_};
    return spec;
  }()));
}

// Every odd certificate that a server can hold at all, seen from the dialling side.
TEST_F(Dialling, TC24OddServerCertificatesNeverGetAMessage) {
  int rows = 0;
  for (const OddCertificate& odd : OddCertificates(pki_, uri_, pki_.Uri("payer", "another-plan"))) {
    SCOPED_TRACE(odd.id + " " + odd.name);
    Secret pem = Secret::Copy(AsBytes(odd.cert.key_pem));
    if (!Certificate::FromPem(odd.cert.pem).ok() || !PrivateKey::FromPem(pem).ok()) continue;
    // Our server shows its leaf alone.
    if (!odd.cert.chain_pem.empty() || odd.stopped_at == StoppedAt::kDocumented) continue;
    if (odd.name == "ServerOnly") continue;  // Which is what a server is.
    ++rows;
    Impostor server(pki_, odd.cert);
    const auto answer = Ask(server.address());
    ASSERT_FALSE(answer.ok());
    // A certificate that not even its own server can use (SHA-1) is a port that says nothing.
    const std::set<std::string> reasons = {"WRONG_PEER", "PEER_UNREACHABLE", "DEADLINE"};
    EXPECT_TRUE(reasons.contains(answer.error().reason)) << answer.error().reason;
    EXPECT_EQ(server.calls(), 0u);
  }
  EXPECT_GE(rows, 25);
}

TEST_F(Dialling, ANameWithANulIsReadToItsEnd) {
  const PeerCheck check(pki_.trust(), uri_);
  const TestCert good = Like([](CertSpec&) {});
  EXPECT_TRUE(check.Check(good.pem, pki_.now()).ok());
  for (const std::string& tail : {std::string("\0", 1), std::string("\0.evil", 6),
                                  std::string("\n"), std::string("/"), std::string("x")}) {
    const TestCert odd = Like([&](CertSpec& s) { s.uris = {uri_ + tail}; });
    const auto checked = check.Check(odd.pem, pki_.now());
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().reason, "WRONG_PEER");
  }
  const TestCert two = Like([&](CertSpec& s) { s.uris = {uri_, uri_}; });
  EXPECT_FALSE(check.Check(two.pem, pki_.now()).ok());
  EXPECT_FALSE(check.Check("", pki_.now()).ok());
  EXPECT_FALSE(check.Check(good.pem, pki_.now() + hours{24 * 365}).ok());
}

TEST_F(Dialling, NobodyThereAndATlsThatIsTooOldAreErrorsSoon) {
  const int listener = ConnectTcp(1);  // A port where nobody listens.
  EXPECT_LT(listener, 0);
  const auto before = std::chrono::steady_clock::now();
  const auto answer = Ask("127.0.0.1:1");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().reason, "PEER_UNREACHABLE");
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds{4});
}

TEST_F(Dialling, WhatCanNeverWorkIsRefusedAtOnce) {
  const auto open = [&](const std::string& address, const std::string& uri,
                        const std::string& certificate, const std::string& key,
                        const std::string& trust) {
    const auto channel =
        Channel::Open({trust, certificate, Secret::Copy(AsBytes(key))}, {address, uri});
    return channel.ok() ? std::string("OK") : channel.error().reason;
  };
  const auto address = [&](const std::string& text) {
    return open(text, uri_, caller_.pem, caller_.key_pem, pki_.ca_pem());
  };
  for (const char* good : {"localhost:1", "node.example:65535", "127.0.0.1:8440", "[::1]:8440",
                           "practice-1_a.example:8440"}) {
    EXPECT_EQ(address(good), "OK") << good;
  }
  for (const char* bad :
       {"", ":", "localhost", ":8440", "localhost:", "localhost:0", "localhost:65536",
        "localhost:+1", "localhost:1x", "localhost:-1", "unix:/tmp/x:1", "dns:///a:1", "a,b:1",
        "a b:1", "a/b:1", "::1:8440", "[::1:8440", "user@host:1", "host%31:1"}) {
    EXPECT_EQ(address(bad), "BAD_ENDPOINT") << bad;
  }
  EXPECT_EQ(open("h:1", "", caller_.pem, caller_.key_pem, pki_.ca_pem()), "BAD_ENDPOINT");
  const TestCert other = pki_.Node("practice", "other");
  EXPECT_EQ(open("h:1", uri_, "", caller_.key_pem, pki_.ca_pem()), "BAD_CREDENTIALS");
  EXPECT_EQ(open("h:1", uri_, caller_.pem, "", pki_.ca_pem()), "BAD_CREDENTIALS");
  EXPECT_EQ(open("h:1", uri_, caller_.pem, other.key_pem, pki_.ca_pem()), "BAD_CREDENTIALS");
  EXPECT_EQ(open("h:1", uri_, caller_.pem, caller_.key_pem, ""), "BAD_CREDENTIALS");
}

TEST_F(Dialling, ACallHasADeadlineAndAStreamCanBeCancelledFromOutside) {
  GateNode node;
  std::atomic<bool> go_on = false;
  node.Add(GateNode::Unary("/equinode.test.Gate/Slow", [&](Call&, std::string_view) {
    while (!go_on) std::this_thread::yield();
    return Result<std::string>("late");
  }));
  node.Start();
  const auto channel = node.Dial(node.peer());
  const auto late = channel->CallBytes("/equinode.test.Gate/Slow", "", milliseconds{200});
  go_on = true;
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Code::kDeadlineExceeded);
  auto stream = std::move(channel->OpenStream(kStream)).value();
  std::thread reader([&] {
    const auto read = stream->Read(seconds{20});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, Code::kCancelled);
  });
  stream->Cancel();
  reader.join();
  EXPECT_FALSE(stream->Finish().ok());
  EXPECT_FALSE(stream->Write("x").ok());
  // A wait without a message is no end.
  stream = std::move(channel->OpenStream(kStream, milliseconds{2000})).value();
  const auto nothing = stream->Read(milliseconds{50});
  ASSERT_TRUE(nothing.ok());
  EXPECT_FALSE(nothing->has_value());
  EXPECT_FALSE(stream->ended());
  // A stream has a longest life even when nobody ends it.
  const auto end = stream->Read(seconds{10});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, Code::kDeadlineExceeded);
}

TEST_F(Dialling, HowLongTheNodeWantsUsToWaitIsHandedOn) {
  RpcOptions options;
  options.calls = Rate{1, 2};
  GateNode node(options);
  node.Start();
  const auto channel = node.Dial(node.peer());
  std::optional<Millis> wait = Millis{7};
  EXPECT_TRUE(channel->CallBytes(kEcho, "", seconds{20}, &wait).ok());
  EXPECT_EQ(wait, std::nullopt) << "nothing to wait for";
  (void)channel->CallBytes(kEcho, "", seconds{20});
  const auto refused = channel->CallBytes(kEcho, "", seconds{20}, &wait);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "TOO_MANY_CALLS");
  ASSERT_TRUE(wait.has_value());
  EXPECT_GT(*wait, Millis{0});
  EXPECT_LE(*wait, seconds{1});
  auto stream = std::move(channel->OpenStream(kStream)).value();
  EXPECT_EQ(stream->RetryAfter(), std::nullopt) << "not before its end";
  EXPECT_EQ(stream->Finish().error().reason, "TOO_MANY_CALLS");
  EXPECT_GT(stream->RetryAfter().value_or(Millis{0}), Millis{0});
}

TEST_F(Dialling, StreamsEndWhenTheirChannelGoes) {
  GateNode node;
  node.Start();
  auto channel = node.Dial(node.peer());
  auto stream = std::move(channel->OpenStream(kStream)).value();
  ASSERT_TRUE(stream->Write("x").ok());
  ASSERT_TRUE((*stream->Read(seconds{5})).has_value());
  channel.reset();
  const auto end = stream->Read(seconds{5});
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, Code::kCancelled);
}

// The last of a channel may go on gRPC's own thread. That once ended the process.
TEST_F(Dialling, AStreamMayBeTheLastThatIsLeftOfItsChannel) {
  for (int i = 0; i < 100; ++i) {
    auto channel =
        Channel::Open({pki_.ca_pem(), caller_.pem, Secret::Copy(AsBytes(caller_.key_pem))},
                      {"127.0.0.1:1", uri_});
    ASSERT_TRUE(channel.ok());
    auto stream = (*channel)->OpenStream(kStream);
    *channel = nullptr;
    *stream = nullptr;
  }
}

TEST_F(Dialling, ManyThreadsShareOneChannel) {
  GateNode node;
  node.Start();
  const auto channel = node.Dial(node.peer());
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string text = std::to_string(t) + "." + std::to_string(i);
        const auto answer = channel->CallBytes(kEcho, text, seconds{20});
        if (answer.ok() && answer->ends_with(" " + text)) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
}

}  // namespace
}  // namespace equinode::testing
