// Who may call what, over mutual TLS on loopback: every cell of THREATS_AND_TESTS section 5, and
// what the operators' changes do to connections that are open.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/channel/channel.h"
#include "domain/access/policy.h"
#include "server/rpc/rpc_server.h"
#include "server/services/admin/admin.h"
#include "storage/audit_store.h"
#include "tests/server/access/network.h"
#include "tests/support/faulty_vfs.h"

namespace equinode {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::TestCert;
using testing::TestNode;

// Says one word and stays open.
class OneWord final : public StreamSession {
 public:
  explicit OneWord(std::shared_ptr<OpenStream> stream) : stream_(std::move(stream)) {}
  Status OnMessage(std::string) override {
    stream_->Send("answer");
    return Ok();
  }
  Status OnHalfClose() override {
    stream_->Finish(Ok());
    return Ok();
  }

 private:
  std::shared_ptr<OpenStream> stream_;
};

bool IsStream(std::string_view path) {
  return path.find("ExchangeService") != std::string_view::npos ||
         path.ends_with("/ImportRecords") || path.ends_with("/WatchReferrals");
}

// A method that would answer anybody: what is refused was refused by the gate.
Method Open(std::string_view path) {
  Method method;
  method.path = path;
  if (IsStream(path)) {
    method.stream =
        [](Call&, std::shared_ptr<OpenStream> stream) -> Result<std::unique_ptr<StreamSession>> {
      return std::unique_ptr<StreamSession>(std::make_unique<OneWord>(std::move(stream)));
    };
  } else {
    method.unary = [](Call&, std::string_view) -> Result<std::string> { return "answer"; };
  }
  return method;
}

// A node's port with what stands behind it.
class Port {
 public:
  explicit Port(TestNode& node, std::vector<Method> methods) : node_(node) {
    RpcOptions options;
    options.sweep = milliseconds{20};
    options.recheck = milliseconds{100};
    options.denials = {100'000, 100'000};
    options.calls = {100'000, 100'000};
    GateHooks hooks;
    hooks.admit = [this](const Certificate& certificate, std::string_view address,
                         std::string_view method, Instant now) {
      return node_.enrolment->Admit(certificate, address, method, now);
    };
    hooks.audit = [this](AuditEntry entry, const TouchedIds& touched) -> Status {
      EQN_CHECK(node_.audit->Append(std::move(entry), touched));
      return Ok();
    };
    auto server = RpcServer::Start(options, node_.keys, std::move(methods), std::move(hooks),
                                   node_.store.clock(), log_);
    if (!server.ok()) {
      std::fprintf(stderr, "%s\n", server.error().message.c_str());
      std::abort();
    }
    server_ = *std::move(server);
  }

  std::unique_ptr<Channel> Dial(const TestCert& cert) const {
    auto channel =
        Channel::Open({node_.pki.ca_pem(), cert.pem, Secret::Copy(AsBytes(cert.key_pem))},
                      {"127.0.0.1:" + std::to_string(server_->port()), node_.self()});
    if (!channel.ok()) std::abort();
    return *std::move(channel);
  }

  // OK, or the code's kind and the reason.
  static std::string Verdict(Channel& channel, std::string_view path) {
    Status outcome = Ok();
    if (IsStream(path)) {
      auto stream = channel.OpenStream(path);
      if (!stream.ok()) return stream.error().reason;
      (void)(*stream)->Write("hello");
      const auto read = (*stream)->Read(seconds{5});
      if (read.ok() && read->has_value()) {
        (*stream)->Cancel();
        return **read == "answer" ? "OK" : "?";
      }
      outcome = (*stream)->Finish();
    } else {
      const auto answer = channel.CallBytes(path, "", seconds{5});
      if (answer.ok()) return *answer == "answer" ? "OK" : "?";
      outcome = answer.error();
    }
    if (outcome.ok()) return "ended";
    const bool denied = outcome.error().code == Code::kPermissionDenied ||
                        outcome.error().code == Code::kUnauthenticated;
    return denied ? outcome.error().reason : "? " + outcome.error().reason;
  }

 private:
  TestNode& node_;
  Log log_{-1, node_.store.clock()};
  std::unique_ptr<RpcServer> server_;
};

const std::vector<std::string> kRoleNames = {"practice", "qhio", "payer", "cbo"};

TEST(Port, TA_EveryMethodTimesEveryCallerAtANodeOfEveryRole) {
  int cells = 0;
  for (const std::string& self_role : kRoleNames) {
    TestNode node(self_role, "self");
    std::vector<Method> methods;
    for (const PolicyRow& row : PolicyTable()) methods.push_back(Open(row.path));
    const Port port(node, std::move(methods));

    struct Who {
      std::string name{};
      TestCert cert{};
      // What the caller gets where its role has no right: NOT_ENROLLED and REVOKED come before.
      std::string refusal{};
    };
    std::vector<Who> callers;
    for (const std::string& role : kRoleNames) {
      callers.push_back({role, node.pki.Node(role, "peer"), "METHOD_NOT_ALLOWED"});
      ASSERT_TRUE(node.Enrol(callers.back().cert.certificate()).ok());
    }
    callers.push_back({"operator", node.pki.Operator(self_role, "self", "ann"), ""});
    callers.push_back(
        {"other operator", node.pki.Operator(self_role, "peer", "ann"), "NOT_ENROLLED"});
    callers.push_back({"unenrolled", node.pki.Node("payer", "unknown"), "NOT_ENROLLED"});
    callers.push_back({"itself", node.cert, "NOT_ENROLLED"});
    callers.push_back({"revoked", node.pki.Node("payer", "revoked"), "REVOKED"});
    ASSERT_TRUE(node.Enrol(callers.back().cert.certificate()).ok());
    ASSERT_TRUE(
        node.Revoke(RevokedKind::kFingerprint, callers.back().cert.certificate().fingerprint())
            .ok());
    callers.push_back({"revoked operator", node.pki.Operator(self_role, "self", "bob"), "REVOKED"});
    ASSERT_TRUE(
        node.Revoke(RevokedKind::kUri, callers.back().cert.certificate().uri_names().front()).ok());

    for (const Who& who : callers) {
      const auto channel = port.Dial(who.cert);
      for (const PolicyRow& row : PolicyTable()) {
        std::string expected = who.refusal;
        if (who.refusal == "METHOD_NOT_ALLOWED") {
          const Role role = ParseIdentity(node.pki.Uri(who.name, "peer"))->role;
          if (row.nodes.has(role)) expected = "OK";
        } else if (who.name == "operator") {
          expected = !row.own_operators                                     ? "METHOD_NOT_ALLOWED"
                     : row.offered_by.has(ParseIdentity(node.self())->role) ? "OK"
                                                                            : "METHOD_NOT_OFFERED";
        }
        EXPECT_EQ(Port::Verdict(*channel, row.path), expected)
            << row.path << " by " << who.name << " at a " << self_role;
        ++cells;
      }
    }
  }
  std::printf("%d cells called\n", cells);
}

class AdminPort : public ::testing::Test {
 protected:
  AdminPort() {
    std::vector<Method> methods =
        AdminMethods({node_.store.db(), *node_.audit, *node_.enrolment, node_.keys});
    methods.push_back(Open("/equinode.v1.ExchangeService/Collect"));
    methods.push_back(Open("/grpc.health.v1.Health/Check"));
    port_ = std::make_unique<Port>(node_, std::move(methods));
    ann_ = port_->Dial(node_.pki.Operator("payer", "p", "ann"));
  }
  std::string NewId() { return Uuid::MakeV7(node_.now(), random_).ToString(); }
  Status AddPractice() {
    v1::AddPeerRequest request;
    request.set_certificate_pem(practice_.pem);
    request.set_request_id(NewId());
    EQN_CHECK(
        ann_->Call<v1::AddPeerResponse>("/equinode.v1.AdminService/AddPeer", request, seconds{5}));
    return Ok();
  }
  // How long until an open stream of the practice has ended, and why it did.
  std::pair<double, std::string> StreamEndsAfter(const std::function<Status()>& change) {
    const auto channel = port_->Dial(practice_);
    auto stream = *channel->OpenStream("/equinode.v1.ExchangeService/Collect");
    EXPECT_TRUE(stream->Write("hello").ok());
    EXPECT_TRUE(stream->Read(seconds{5})->has_value());
    const auto begin = std::chrono::steady_clock::now();
    const Status changed = change();
    EXPECT_TRUE(changed.ok()) << changed.error().message;
    // The very next call on the same connection.
    EXPECT_NE(Port::Verdict(*channel, "/grpc.health.v1.Health/Check"), "OK");
    while (true) {
      const auto read = stream->Read(seconds{10});
      if (!read.ok() || stream->ended()) break;
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    const Status end = stream->Finish();
    return {spent.count(), end.ok() ? "OK" : end.error().reason};
  }

  TestNode node_{};
  SeededRandom random_{4};
  std::unique_ptr<Port> port_{};
  std::unique_ptr<Channel> ann_{};
  const TestCert practice_ = node_.pki.Node("practice", "a");
};

TEST_F(AdminPort, TC11_ARevocationByAnOperatorEndsCallsAtOnceAndStreamsSoon) {
  ASSERT_TRUE(AddPractice().ok());
  const auto [spent, reason] = StreamEndsAfter([&]() -> Status {
    v1::RevokeRequest request;
    request.set_fingerprint(practice_.certificate().fingerprint());
    request.set_request_id(NewId());
    EQN_CHECK(
        ann_->Call<v1::RevokeResponse>("/equinode.v1.AdminService/Revoke", request, seconds{5}));
    return Ok();
  });
  EXPECT_EQ(reason, "REVOKED");
  EXPECT_LT(spent, 5);
  std::printf("stream ended %.3f s after the revocation, looked at every 0.1 s\n", spent);
}

TEST_F(AdminPort, TC23_ARemovedPeersStreamEndsSoon) {
  ASSERT_TRUE(AddPractice().ok());
  const auto [spent, reason] = StreamEndsAfter([&]() -> Status {
    v1::RemovePeerRequest request;
    request.set_uri(node_.pki.Uri("practice", "a"));
    request.set_request_id(NewId());
    EQN_CHECK(ann_->Call<v1::RemovePeerResponse>("/equinode.v1.AdminService/RemovePeer", request,
                                                 seconds{5}));
    return Ok();
  });
  EXPECT_EQ(reason, "NOT_ENROLLED");
  EXPECT_LT(spent, 5);
}

TEST_F(AdminPort, TA11_CallsAndDenialsAreEachOneEntryOfTheRealLog) {
  ASSERT_TRUE(AddPractice().ok());
  const auto channel = port_->Dial(practice_);
  EXPECT_EQ(Port::Verdict(*channel, "/equinode.v1.AdminService/ListPeers"), "METHOD_NOT_ALLOWED");
  v1::ListPeersRequest request;
  EXPECT_TRUE(
      ann_->Call<v1::ListPeersResponse>("/equinode.v1.AdminService/ListPeers", request, seconds{5})
          .ok());
  const auto entries = node_.store.db().Read(
      [](ReadTx& tx) { return AuditStore::List(tx, 0, 100, /*disclosures_only=*/false); });
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].entry.action, "/equinode.v1.AdminService/AddPeer");
  EXPECT_EQ((*entries)[1].entry.outcome, "METHOD_NOT_ALLOWED");
  EXPECT_EQ((*entries)[1].entry.actor, node_.pki.Uri("practice", "a"));
  EXPECT_EQ((*entries)[2].entry.outcome, "OK");
  EXPECT_EQ((*entries)[2].entry.subject, "peers");
}

TEST(PortFaults, TL03_WhatCannotBeRecordedIsNotAnswered) {
  testing::FaultyVfs vfs("port-tl03");
  TestNode node("payer", "p", {.vfs = vfs.name()});
  const Port port(node, {Open("/equinode.v1.RecordService/GetPerson")});
  const auto ann = port.Dial(node.pki.Operator("payer", "p", "ann"));
  ASSERT_EQ(Port::Verdict(*ann, "/equinode.v1.RecordService/GetPerson"), "OK");
  vfs.Full(true);
  const auto refused = ann->CallBytes("/equinode.v1.RecordService/GetPerson", "", seconds{5});
  vfs.Full(false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(Port::Verdict(*ann, "/equinode.v1.RecordService/GetPerson"), "OK");
  EXPECT_EQ(node.audit->head().count, 2u) << "one for each that was answered";
}

}  // namespace
}  // namespace equinode
