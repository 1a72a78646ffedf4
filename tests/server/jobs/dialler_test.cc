// Nodes with real ports on loopback: who can be dialled is delivered to, who only dials out
// collects; streams come back after the other side was away.
#include "server/jobs/dialler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/exchange/methods.h"
#include "server/jobs/exchange_loop.h"
#include "server/records/batch_applier.h"
#include "server/rpc/rpc_server.h"
#include "server/rpc/worker_pool.h"
#include "storage/peer_store.h"
#include "storage/record_store.h"
#include "storage/revocation_store.h"
#include "storage/sharing_store.h"
#include "tests/support/pki.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace equinode {
namespace {

using testing::TempFolder;
using testing::TestCert;
using testing::TestPki;

template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s: %s\n", result.error().reason.c_str(), result.error().message.c_str());
    std::abort();
  }
  return *std::move(result);
}

std::shared_ptr<const KeyRing> RingOf(const TestPki& pki, const TestCert& cert) {
  const Certificate certificate = cert.certificate();
  return std::make_shared<const KeyRing>(KeyRing{
      *ParseIdentity(certificate.uri_names().front()), {certificate, cert.key()}, {}, pki.trust()});
}

// A node as it is wired in production, but for its configuration.
class LiveNode {
 public:
  LiveNode(const TestPki& pki, std::string_view role, std::string_view name)
      : keys_(RingOf(pki, pki.Node(role, name))), uri(keys_.Get()->self.uri) {
    db_ = Must(Database::Open(folder_.path() / "data", testing::TestKey(), clock_));
    audit_ = Must(AuditLog::Open(*db_, folder_.path() / "anchor", clock_));
    enrolment_ = std::make_unique<Enrolment>(*db_, keys_);
    Must(enrolment_->Reload());
    keeper_ = std::make_unique<RecordKeeper>(
        *db_, clock_, log_, random_, uri,
        [](RecordKind, ByteView) -> Result<RecordFacts> { return RecordFacts(PersonFacts{}); });
    Must(keeper_->Load(nullptr));
    pool_ = std::make_unique<WorkerPool>(2, 256);
    engine_ = std::make_unique<ExchangeEngine>(
        ExchangeDeps{*db_, clock_, random_, log_, keys_, *enrolment_, *audit_,
                     [this](std::function<void()> task) { pool_->Post(std::move(task)); }});
    engine_->RegisterApplier(exchange::PayloadKind::kRecordBatch, RecordBatchApplier(*keeper_));
    loop_ = std::make_unique<ExchangeLoop>(*engine_, clock_, log_);
    loop_->Start();
  }
  ~LiveNode() {
    StopDialling();
    Close();
    loop_.reset();
    pool_.reset();
  }

  // Listens; at the address of before when there was one.
  void Open() {
    RpcOptions options;
    options.listen = "127.0.0.1:" + std::to_string(port_);
    options.sweep = std::chrono::milliseconds{20};
    options.recheck = std::chrono::milliseconds{50};
    GateHooks hooks;
    hooks.admit = [this](const Certificate& certificate, std::string_view address,
                         std::string_view method, Instant now) {
      return enrolment_->Admit(certificate, address, method, now);
    };
    hooks.audit = [this](AuditEntry entry, const TouchedIds& touched) -> Status {
      EQN_CHECK(audit_->Append(std::move(entry), touched));
      return Ok();
    };
    server_ = Must(RpcServer::Start(options, keys_, ExchangeMethods(*engine_, clock_),
                                    std::move(hooks), clock_, log_));
    port_ = server_->port();
  }
  void Close() {
    if (server_) (void)server_->Drain(std::chrono::seconds{3});
    server_.reset();
  }
  void Dial() {
    DiallerOptions options;
    options.look_every = std::chrono::milliseconds{50};
    options.first_wait = std::chrono::milliseconds{20};
    options.longest_wait = std::chrono::milliseconds{200};
    dialler_ = std::make_unique<Dialler>(*engine_, *enrolment_, keys_, clock_, random_, log_,
                                         StreamOpener{}, options);
    dialler_->Start();
  }
  void StopDialling() { dialler_.reset(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Enrol(const LiveNode& other, std::string address, std::string relay) {
    Must(db_->Write("enrol", [&](Tx& tx) -> Status {
      EQN_CHECK(
          PeerStore::Put(tx, {.uri = other.uri, .address = address, .relay = relay}, clock_.Now()));
      EQN_CHECK(PeerStore::PutCertificate(tx, other.uri, other.keys_.Get()->current.certificate,
                                          PeerCertificateState::kCurrent, clock_.Now()));
      enrolment_->ReloadAfter(tx);
      return Ok();
    }));
  }
  void Revoke(const LiveNode& other) {
    Must(db_->Write("revoke", [&](Tx& tx) -> Status {
      EQN_CHECK(RevocationStore::Add(
          tx, {.kind = RevokedKind::kUri, .value = other.uri, .reason = "t", .at = clock_.Now()}));
      enrolment_->ReloadAfter(tx);
      return Ok();
    }));
  }
  void Share(const LiveNode& with) {
    Must(db_->Write("share", [&](Tx& tx) -> Status {
      SharingRule rule;
      rule.peer = with.uri;
      rule.kinds = {RecordKind::kPerson};
      rule.since_row = keeper_->last_row();
      EQN_CHECK(SharingStore::Set(tx, rule, clock_.Now()));
      engine_->NudgeAfter(tx);
      return Ok();
    }));
  }
  void TakeIn(std::size_t count) {
    std::vector<std::shared_ptr<const PreparedRecord>> records;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string id = "Patient/" + std::to_string(++made_);
      records.push_back(
          Must(keeper_->Prepare({.kind = static_cast<std::uint32_t>(RecordKind::kPerson),
                                 .source_id = id,
                                 .body = AsBytes("a body of some length")})));
    }
    Must(db_->Write("import", [&](Tx& tx) -> Status {
      for (const auto& record : records) EQN_CHECK(keeper_->Put(tx, record));
      engine_->NudgeAfter(tx);
      return Ok();
    }));
  }
  // Waits for as many records of `other` as it made; what there is in the end.
  std::size_t Await(const LiveNode& other, std::size_t count,
                    Millis patience = std::chrono::seconds{20}) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::size_t rows = 0;
    for (;;) {
      rows = 0;
      Must(db_->Read([&](ReadTx& tx) -> Status {
        EQN_TRY(const auto owner, RecordStore::FindOwner(tx, other.uri));
        EQN_CHECK(RecordStore::Scan(tx, 0, 1'000'000, [&](const RowView& row) -> Status {
          if (owner && row.owner == *owner) ++rows;
          return Ok();
        }));
        return Ok();
      }));
      if (rows >= count || std::chrono::steady_clock::now() > until) return rows;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  ExchangeState State() {
    return Must(db_->Read([&](ReadTx& tx) { return engine_->State(tx); }));
  }

 private:
  SystemClock clock_{};
  SystemRandom random_{};
  Log log_{-1, clock_};
  CurrentKeyRing keys_;

 public:
  const std::string uri;

 private:
  TempFolder folder_{};
  std::uint16_t port_ = 0;
  std::size_t made_ = 0;
  std::unique_ptr<Database> db_{};
  std::unique_ptr<AuditLog> audit_{};
  std::unique_ptr<Enrolment> enrolment_{};
  std::unique_ptr<RecordKeeper> keeper_{};
  std::unique_ptr<ExchangeEngine> engine_{};
  std::unique_ptr<WorkerPool> pool_{};
  std::unique_ptr<ExchangeLoop> loop_{};
  std::unique_ptr<RpcServer> server_{};
  std::unique_ptr<Dialler> dialler_{};
};

// A practice without a port, its relay, a payer that the relay reaches.
class DiallerTest : public ::testing::Test {
 protected:
  DiallerTest() {
    relay.Open();
    payer.Open();
    practice.Enrol(relay, relay.address(), "");
    practice.Enrol(payer, "", relay.uri);
    relay.Enrol(practice, "", "");
    relay.Enrol(payer, payer.address(), "");
    payer.Enrol(relay, relay.address(), "");
    payer.Enrol(practice, "", relay.uri);
    practice.Share(payer);
    payer.Share(practice);
  }
  ~DiallerTest() override {
    for (LiveNode* each : {&practice, &relay, &payer}) each->StopDialling();
  }
  void DialAll() {
    for (LiveNode* each : {&practice, &relay, &payer}) each->Dial();
  }

  TestPki pki{};
  LiveNode practice{pki, "practice", "a"};
  LiveNode relay{pki, "qhio", "q"};
  LiveNode payer{pki, "payer", "plan"};
};

TEST_F(DiallerTest, APracticeWithoutAPortSendsAndReceivesOverItsRelay) {
  DialAll();
  practice.TakeIn(1000);
  payer.TakeIn(600);
  EXPECT_EQ(payer.Await(practice, 1000), 1000u);
  EXPECT_EQ(practice.Await(payer, 600), 600u);
  EXPECT_EQ(relay.Await(practice, 1, Millis{0}), 0u) << "the relay took nothing for itself";
}

TEST_F(DiallerTest, TI13_StreamsThatBreakComeBackAndNothingIsLostOrDoubled) {
  DialAll();
  for (int round = 0; round < 6; ++round) {
    practice.TakeIn(200);
    payer.TakeIn(100);
    relay.Close();
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    relay.Open();
    if (round % 2 == 0) {
      payer.Close();
      payer.Open();
    }
  }
  EXPECT_EQ(payer.Await(practice, 1200), 1200u);
  EXPECT_EQ(practice.Await(payer, 600), 600u);
}

TEST_F(DiallerTest, WhatIsMadeWhileThePracticeIsAwayWaitsAtTheRelay) {
  relay.Dial();
  payer.Dial();
  payer.TakeIn(300);
  for (int i = 0; i < 1000 && relay.State().relayed.envelopes == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  EXPECT_GT(relay.State().relayed.envelopes, 0u);
  practice.Dial();
  EXPECT_EQ(practice.Await(payer, 300), 300u);
}

TEST_F(DiallerTest, ARevokedPracticeIsCutOffWhileItsStreamsAreOpen) {
  DialAll();
  practice.TakeIn(10);
  ASSERT_EQ(payer.Await(practice, 10), 10u);
  relay.Revoke(practice);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  practice.TakeIn(10);
  EXPECT_EQ(payer.Await(practice, 20, std::chrono::milliseconds{500}), 10u);
}

}  // namespace
}  // namespace equinode
