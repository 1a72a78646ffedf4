// A payer's hub and the nodes that it asks: real stores, real signatures, real counts. What waits
// in one node's outbox is handed to the other's applier, as the exchange does it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/convert/report.h"
#include "equinode/v1/hub_service.pb.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/reports/answer_applier.h"
#include "server/reports/answerer.h"
#include "server/reports/request_applier.h"
#include "server/services/count/count.h"
#include "server/services/hub/hub.h"
#include "server/services/stored_requests.h"
#include "storage/audit_store.h"
#include "storage/hub_store.h"
#include "storage/outbox_store.h"
#include "storage/peer_store.h"
#include "storage/report_store.h"
#include "storage/revocation_store.h"
#include "storage/sharing_store.h"
#include "tests/support/pki.h"
#include "tests/support/test_store.h"

namespace equinode::testing {

inline constexpr Instant kNewYear{std::chrono::sys_days{std::chrono::year{2026} / 1 / 15}};

template <typename T>
std::string Why(const Result<T>& result) {
  return result.ok() ? "OK" : result.error().reason;
}

class ReportNode {
 public:
  ReportNode(const TestPki& pki, std::string_view role, std::string_view organisation)
      : uri(pki.Uri(role, organisation)),
        cert(pki.Node(role, organisation)),
        keys(Ring(pki, cert)) {
    store.clock().Set(kNewYear);
    audit = *AuditLog::Open(store.db(), elsewhere.path() / "anchor", store.clock());
    enrolment = std::make_unique<Enrolment>(store.db(), keys);
    EXPECT_TRUE(enrolment->Reload().ok());
    requests = ReportRequestApplier({store.clock(), *enrolment, keys, [this] { ++woken; }, {}});
    answers = ReportAnswerApplier(store.db(), store.clock());
    const auto population_now = [this]() -> Result<Population*> {
      if (ready) return &population;
      return Error{Code::kUnavailable, "NOT_READY", "later"};
    };
    answerer = std::make_unique<ReportAnswerer>(
        AnswererDeps{store.db(), *audit, log, keys.Get()->self, population_now, {}});
    methods = HubMethods(
        {store.db(), *audit, *enrolment, keys, random, StoredRequests(store.clock()), {}});
    for (Method& method : CountMethods({store.db(), *audit, keys,
                                        [population_now]() -> Result<const Population*> {
                                          EQN_TRY(const Population* now_there, population_now());
                                          return now_there;
                                        },
                                        StoredRequests(store.clock())})) {
      methods.push_back(std::move(method));
    }
  }

  static std::shared_ptr<const KeyRing> Ring(const TestPki& pki, const TestCert& cert) {
    const Certificate certificate = cert.certificate();
    return std::make_shared<const KeyRing>(KeyRing{*ParseIdentity(certificate.uri_names().front()),
                                                   {certificate, cert.key()},
                                                   {},
                                                   pki.trust()});
  }
  // A new key for the same name, known to those who are told.
  void Renew(const TestPki& pki, std::string_view role, std::string_view organisation) {
    cert = pki.Node(role, organisation);
    keys.Swap(Ring(pki, cert));
  }
  Instant now() { return store.clock().Now(); }

  void Enrol(const ReportNode& other) {
    const Status done = store.db().Write("enrol", [&](Tx& tx) -> Status {
      EQN_CHECK(PeerStore::Put(tx, {.uri = other.uri}, now()));
      EQN_CHECK(PeerStore::PutCertificate(tx, other.uri, other.cert.certificate(),
                                          PeerCertificateState::kCurrent, now()));
      enrolment->ReloadAfter(tx);
      return Ok();
    });
    EXPECT_TRUE(done.ok()) << Why(done);
  }
  void ShareCounts(const ReportNode& payer, bool counts = true) {
    const auto done = store.db().Write("share", [&](Tx& tx) {
      SharingRule rule;
      rule.peer = payer.uri;
      rule.counts = counts;
      return SharingStore::Set(tx, rule, now());
    });
    EXPECT_TRUE(done.ok()) << Why(done);
  }

  // People covered by the payer through 2025, whose race is known unless `race` says otherwise.
  void TakeIn(std::size_t people, Race1997 race, std::string_view payer,
              std::string_view owner = "") {
    for (std::size_t i = 0; i < people; ++i) {
      PersonFacts facts;
      facts.race1997 = race;
      facts.sex = i % 2 == 0 ? SexStratum::kFemale : SexStratum::kMale;
      facts.race.known = race != Race1997::kUnknown;
      const PersonNo person = ++last_person;
      population.PutPerson(person, owner.empty() ? uri : owner, facts);
      population.AddCoverage(person, {std::string(payer), "medicaid", {}, {}});
    }
  }

  Call CallOf(std::string_view method) {
    Call made;
    made.caller = {*ParseIdentity(uri + "/operator/ann"), std::string(64, 'a'), "[::1]:9"};
    made.method = "/equinode.v1." + std::string(method);
    made.now = now();
    return made;
  }
  template <typename Response, typename Request>
  Result<Response> Ask(std::string_view name, const Request& request) {
    call = CallOf(name);
    for (const Method& method : methods) {
      if (method.path != call.method) continue;
      EQN_TRY(const std::string bytes, method.unary(call, request.SerializeAsString()));
      Response response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      return response;
    }
    return Error{Code::kUnimplemented, "NO_SUCH_METHOD", std::string(name)};
  }
  std::string RequestId() { return Uuid::MakeV7(now(), random).ToString(); }

  // What a payload does here: OK, or why it became a dead letter.
  std::string Take(std::string_view from, exchange::PayloadKind kind, ByteView payload) {
    const PayloadApplier& applier =
        kind == exchange::PayloadKind::kReportRequest ? requests : answers;
    const auto apply = applier({std::string(from), Uuid{}, exchange::LaneOf(kind), kind, payload});
    if (!apply.ok()) return apply.error().reason;
    const Status done = store.db().Write("apply", [&](Tx& tx) { return (*apply)(tx, note); });
    return Why(done);
  }
  // What waits here for `to`, oldest first.
  std::vector<QueuedPayload> Waiting(const ReportNode& to) {
    return *store.db().Read([&](ReadTx& tx) {
      return OutboxStore::Waiting(tx, to.uri,
                                  exchange::LaneOf(exchange::PayloadKind::kReportAnswer), 100);
    });
  }
  std::vector<StoredAuditEntry> Audit() {
    return *store.db().Read([](ReadTx& tx) { return AuditStore::List(tx, 0, 1000, false, true); });
  }
  std::size_t Audited(std::string_view action, std::string_view outcome) {
    std::size_t count = 0;
    for (const StoredAuditEntry& stored : Audit()) {
      count += stored.entry.action == action && stored.entry.outcome == outcome ? 1 : 0;
    }
    return count;
  }

  std::string uri;
  TestCert cert;
  CurrentKeyRing keys;
  TestStore store{};
  TempFolder elsewhere{};
  SeededRandom random{5};
  Log log{-1, store.clock()};
  Population population{};
  PersonNo last_person = 0;
  bool ready = true;
  int woken = 0;
  std::unique_ptr<AuditLog> audit{};
  std::unique_ptr<Enrolment> enrolment{};
  std::unique_ptr<ReportAnswerer> answerer{};
  PayloadApplier requests{};
  PayloadApplier answers{};
  std::vector<Method> methods{};
  Call call{};
  AuditNote note{};
};

class ReportTown : public ::testing::Test {
 protected:
  template <typename T>
  static std::string Why(const Result<T>& result) {
    return testing::Why(result);
  }

  ReportTown() {
    for (ReportNode* node : {&north_, &south_, &east_}) Join(*node);
  }
  void Join(ReportNode& node) {
    hub_.Enrol(node);
    node.Enrol(hub_);
    node.ShareCounts(hub_);
  }

  static std::chrono::sys_days Day(int year, unsigned month, unsigned day) {
    return std::chrono::sys_days{std::chrono::year{year} / month / day};
  }
  ReportDefinition Definition() const {
    ReportDefinition definition;
    definition.name = "equity-2025";
    definition.title = "Equity";
    definition.payer = hub_.uri;
    definition.period_start = Day(2025, 1, 1);
    definition.period_end = Day(2025, 12, 31);
    definition.tables = {{"race", {"population", "available.race"}, {Stratifier::kRaceOmb1997}},
                         {"sex", {"population"}, {Stratifier::kSex}}};
    return definition;
  }
  Result<v1::CreateReportDefinitionResponse> Create(const ReportDefinition& definition) {
    v1::CreateReportDefinitionRequest request;
    SetDefinition(definition, request.mutable_definition());
    request.set_request_id(hub_.RequestId());
    return hub_.Ask<v1::CreateReportDefinitionResponse>("CountService/CreateReportDefinition",
                                                        request);
  }
  Result<v1::StartCollectResponse> Start(bool again = false,
                                         const std::string& report = "equity-2025") {
    v1::StartCollectRequest request;
    request.set_report(report);
    request.set_again(again);
    request.set_request_id(hub_.RequestId());
    return hub_.Ask<v1::StartCollectResponse>("HubService/StartCollect", request);
  }
  HubRelease Finish(const std::string& collect_id) {
    v1::FinishCollectRequest request;
    request.set_collect_id(collect_id);
    request.set_request_id(hub_.RequestId());
    const auto finished = hub_.Ask<v1::FinishCollectResponse>("HubService/FinishCollect", request);
    EXPECT_TRUE(finished.ok()) << Why(finished);
    return finished.ok() ? *ReleaseFrom(finished->release()) : HubRelease{};
  }
  // Hands over what waits between two nodes, once; the first that was refused, or OK.
  static std::string Carry(ReportNode& from, ReportNode& to) {
    std::string outcome = "OK";
    for (const QueuedPayload& waiting : from.Waiting(to)) {
      const std::string taken = to.Take(from.uri, waiting.kind, waiting.payload);
      if (outcome == "OK") outcome = taken;
      const auto gone =
          from.store.db().Write("take", [&](Tx& tx) { return OutboxStore::Take(tx, waiting.row); });
      EXPECT_TRUE(gone.ok());
    }
    return outcome;
  }
  // The node hears the hub, answers, and is heard.
  void Answer(ReportNode& node) {
    EXPECT_EQ(Carry(hub_, node), "OK");
    const auto step = node.answerer->Step(node.now());
    EXPECT_TRUE(step.ok()) << Why(step);
    EXPECT_EQ(Carry(node, hub_), "OK");
  }
  ReceivedAnswer AnswerOf(ReportNode& node) {
    const auto waiting = node.Waiting(hub_);
    EXPECT_FALSE(waiting.empty());
    return waiting.empty() ? ReceivedAnswer{} : *AnswerFromBytes(waiting.back().payload);
  }
  static const PooledCell& Cell(const HubRelease& release, std::string_view table,
                                std::string_view measure, std::string_view stratum) {
    static const PooledCell kNone{"no such cell", {}, {}};
    for (const PooledTable& one : release.tables) {
      if (one.table_id != table || one.measure != measure) continue;
      for (const PooledCell& cell : one.cells) {
        if (cell.stratum == stratum) return cell;
      }
    }
    ADD_FAILURE() << "no cell " << table << " " << measure << " " << stratum;
    return kNone;
  }

  TestPki pki_{"test.example", kNewYear};
  ReportNode hub_{pki_, "payer", "plan"};
  ReportNode north_{pki_, "practice", "north"};
  ReportNode south_{pki_, "practice", "south"};
  ReportNode east_{pki_, "practice", "east"};
};

}  // namespace equinode::testing
