#include "server/node/node.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

#include "client/convert/person_view.h"
#include "client/convert/proto_parts.h"
#include "domain/people/frames/person_facts.h"
#include "server/access/enrolment.h"
#include "server/access/revocations.h"
#include "server/audit/audit_log.h"
#include "server/exchange/engine.h"
#include "server/exchange/methods.h"
#include "server/exchange/notice_applier.h"
#include "server/jobs/dialler.h"
#include "server/jobs/exchange_loop.h"
#include "server/keys/key_files.h"
#include "server/needs/care_counts.h"
#include "server/needs/code_tables.h"
#include "server/needs/need_reader.h"
#include "server/node/announcement.h"
#include "server/node/housekeeping.h"
#include "server/node/version.h"
#include "server/node/views.h"
#include "server/records/batch_applier.h"
#include "server/records/record_keeper.h"
#include "server/referrals/desk.h"
#include "server/reports/answer_applier.h"
#include "server/reports/answerer.h"
#include "server/reports/request_applier.h"
#include "server/rpc/health.h"
#include "server/rpc/rpc_server.h"
#include "server/rpc/worker_pool.h"
#include "server/services/admin/admin.h"
#include "server/services/count/count.h"
#include "server/services/hub/hub.h"
#include "server/services/need/need.h"
#include "server/services/record/record.h"
#include "server/services/referral/referral.h"
#include "server/services/stored_requests.h"
#include "storage/record_store.h"

namespace equinode {
namespace {

// A clock that jumped by more than this between two looks is told in the audit log.
constexpr Millis kClockStep = std::chrono::seconds{30};
// Referrals that one transaction ends; the rest come with the next.
constexpr std::size_t kMostExpired = 500;

KeyPaths PathsOf(const NodeConfig& config) {
  KeyPaths paths = KeyPaths::InFolder(config.certificates);
  if (!config.trust.empty()) paths.trust = config.trust;
  return paths;
}

OpenOptions StoreOptionsOf(const StoreConfig& config) {
  OpenOptions options;
  options.readers = config.readers;
  options.make = false;  // `equinoded init` makes it.
  options.writer_cache_kib = std::size_t{config.cache_mib} * 1024;
  options.reader_cache_kib = std::size_t{config.cache_mib} * 1024 / 8;
  return options;
}

ExchangeOptions ExchangeOptionsOf(const RelayConfig& config) {
  ExchangeOptions options;
  options.relay_bytes = std::uint64_t{config.store_mib} * 1024 * 1024;
  options.relay_bytes_per_recipient = std::uint64_t{config.store_mib_per_link} * 1024 * 1024;
  return options;
}

RpcOptions RpcOptionsOf(const NodeConfig& config) {
  RpcOptions options;
  options.listen = config.listen;
  options.max_connections = config.limits.connections;
  options.max_connections_per_address = config.limits.connections_per_address;
  options.streams_per_connection = static_cast<int>(config.limits.streams_per_connection);
  options.calls = Rate{static_cast<double>(config.limits.calls_per_second),
                       static_cast<double>(config.limits.calls_burst)};
  options.calls_at_once = config.limits.calls_at_once;
  options.streams_at_once = config.limits.streams_at_once;
  options.workers = config.limits.workers;
  options.most_waiting = config.limits.waiting_calls;
  return options;
}

// Whole or not there: a reader never sees half an address.
Status WriteAddress(const std::filesystem::path& file, const std::string& address) {
  if (file.empty()) return Ok();
  std::filesystem::path fresh = file;
  fresh += ".new";
  std::ofstream(fresh, std::ios::trunc) << address << '\n';
  std::error_code failed;
  std::filesystem::rename(fresh, file, failed);
  if (!failed) return Ok();
  return Error{Code::kFailedPrecondition, "ADDRESS_FILE",
               "the address file cannot be written: make its folder writable for the node"};
}

}  // namespace

struct Node::Impl {
  Impl(const NodeConfig& config_in, const Clock& clock_in, Random& random_in, Log& log_in,
       std::shared_ptr<const KeyRing> ring)
      : config(config_in),
        clock(clock_in),
        random(random_in),
        log(log_in),
        keys(ring),
        self(ring->self.uri),
        started_at(clock_in.Now()) {}

  const NodeConfig config;
  const Clock& clock;
  Random& random;
  Log& log;
  CurrentKeyRing keys;
  const std::string self;
  const Instant started_at;

  // In the order of making; Stop takes them down in its own.
  std::unique_ptr<Database> database{};
  std::unique_ptr<AuditLog> audit{};
  std::unique_ptr<Enrolment> enrolment{};
  std::unique_ptr<RecordKeeper> keeper{};
  std::unique_ptr<CodeTables> codes{};
  std::unique_ptr<NeedReader> needs{};
  std::unique_ptr<CareCounts> care{};
  std::unique_ptr<WorkerPool> aside{};
  std::unique_ptr<ExchangeEngine> exchange{};
  std::unique_ptr<ReportAnswerer> answerer{};
  ReferralWatchers watchers{};
  std::unique_ptr<ReferralDesk> desk{};
  std::unique_ptr<CapacityDesk> capacity{};
  std::unique_ptr<ExchangeLoop> loop{};
  std::unique_ptr<Dialler> dialler{};
  std::unique_ptr<Announcement> announcement{};
  std::unique_ptr<KeyWatcher> key_watcher{};
  std::unique_ptr<CrlFile> crl{};
  std::unique_ptr<RpcServer> server{};
  std::unique_ptr<Housekeeping> housekeeping{};
  std::thread loader{};
  std::string address{};
  std::atomic<bool> ready{false};
  std::atomic<bool> calls_itself{false};
  std::atomic<bool> stopping{false};
  bool stopped = false;

  Status Open(const Secret& database_key);
  void MakeExchange();
  std::vector<Method> Methods();
  auto CountsOfCare() const {
    return [this](std::span<const std::string> names, const CountPeriod& period) {
      return care->Count(names, period);
    };
  }
  Status Listen();
  // The refusal of SelfCall: the node is no peer of its own, and to be told so is what it wants to
  // hear. Nobody was denied anything, so it is no entry; one for each call that is made.
  bool IsOwnCall(const AuditEntry& entry) const {
    return entry.outcome == "NOT_ENROLLED" && entry.action == kHealthCheck &&
           entry.subject ==
               "certificate " + std::string(keys.Get()->current.certificate.fingerprint());
  }
  void Load();
  // Counting is not for the thread that wakes it: that is the writer's.
  void AnswerSoon();
  Status CheckPerson(std::string_view source_id) const;
  void StartHousekeeping();
  void Note(std::string action, std::string outcome = "OK");
  void Stop();
};

Status Node::Impl::Open(const Secret& database_key) {
  EQN_TRY(database, Database::Open(config.data, database_key, clock, StoreOptionsOf(config.store)));
  EQN_TRY(audit, AuditLog::Open(*database, config.audit_anchor, clock));
  enrolment = std::make_unique<Enrolment>(*database, keys);
  EQN_CHECK(enrolment->Reload());
  // What was revoked while the node was down is out before the port opens.
  crl = std::make_unique<CrlFile>(config.revocations, *database, *audit, *enrolment, keys, clock,
                                  log);
  EQN_CHECK(crl->Begin());
  keeper =
      std::make_unique<RecordKeeper>(*database, clock, log, random, self, BodyFacts(PersonFactsOf));
  codes = std::make_unique<CodeTables>(*database);
  if (const Status loaded = codes->Load(); !loaded.ok()) {
    log.Warning("code_table_unusable", {{Field::kReason, loaded.error().reason}});
  }
  needs = std::make_unique<NeedReader>(*database, *keeper);
  care = std::make_unique<CareCounts>(*database, *needs, *codes);
  return Ok();
}

void Node::Impl::MakeExchange() {
  const std::size_t threads = std::max(2u, std::thread::hardware_concurrency());
  aside = std::make_unique<WorkerPool>(threads, threads * 64);
  ExchangeDeps deps{
      *database, clock,
      random,    log,
      keys,      *enrolment,
      *audit,    [pool = aside.get()](std::function<void()> task) {
                      pool->Post(std::move(task)); }};
  exchange = std::make_unique<ExchangeEngine>(std::move(deps), ExchangeOptionsOf(config.relay));
  exchange->RegisterApplier(exchange::PayloadKind::kRecordBatch, RecordBatchApplier(*keeper));
  exchange->RegisterApplier(exchange::PayloadKind::kCertificateNotice,
                            CertificateNoticeApplier(*enrolment, keys, clock));
  const auto queued = [engine = exchange.get()](Tx& tx) { engine->NudgeAfter(tx); };
  answerer = std::make_unique<ReportAnswerer>(
      AnswererDeps{*database, *audit, log, keys.Get()->self,
                   [this] { return keeper->mutable_population(); }, queued, CountsOfCare()});
  exchange->RegisterApplier(
      exchange::PayloadKind::kReportRequest,
      ReportRequestApplier({clock, *enrolment, keys, [this] { AnswerSoon(); }, queued}));
  exchange->RegisterApplier(exchange::PayloadKind::kReportAnswer,
                            ReportAnswerApplier(*database, clock));
  ReferralDeps referral{clock, random, *enrolment, keys, queued};
  referral.changed = [this](Tx& tx) { watchers.WakeAfter(tx); };
  referral.audit = [this](Tx& tx, AuditEntry entry, const TouchedIds& touched) -> Status {
    EQN_CHECK(audit->Append(tx, std::move(entry), touched));
    return Ok();
  };
  desk = std::make_unique<ReferralDesk>(referral);
  capacity = std::make_unique<CapacityDesk>(std::move(referral));
  exchange->RegisterApplier(exchange::PayloadKind::kReferral, desk->NewsApplier());
  exchange->RegisterWatch(exchange::PayloadKind::kReferral, desk->NewsWatch());
  exchange->RegisterApplier(exchange::PayloadKind::kConsentRevocation, desk->RevocationApplier());
  exchange->RegisterWatch(exchange::PayloadKind::kConsentRevocation, desk->RevocationWatch());
  exchange->RegisterApplier(exchange::PayloadKind::kCapacity, capacity->Applier());
  loop = std::make_unique<ExchangeLoop>(*exchange, clock, log);
  dialler =
      std::make_unique<Dialler>(*exchange, *enrolment, keys, clock, random, log, OpenerOver(keys));
}

std::vector<Method> Node::Impl::Methods() {
  AdminDeps admin{*database, *audit, *enrolment, keys, StoredRequests(clock)};
  admin.status = [this]() -> Result<v1::GetStatusResponse> {
    EQN_TRY(v1::GetStatusResponse status, StatusOf({*database, *exchange, *keeper}));
    status.set_version(std::string(kVersion));
    status.set_ready(ready);
    status.set_address(address);
    status.set_revocation_list_fault(crl->fault());
    wire::SetTimestamp(started_at, status.mutable_started_at());
    return status;
  };
  admin.last_record_row = [](ReadTx& tx) { return RecordStore::LastRow(tx); };
  admin.list_dead_letters = [this](ReadTx& tx, std::size_t page, const std::string& token) {
    return DeadLettersPage(*exchange, tx, page, token);
  };
  admin.resolve_dead_letter = [this](Tx& tx, const Uuid& id, bool retry, Instant now) {
    return exchange->ResolveDeadLetter(tx, id, retry, now);
  };
  admin.peer_added = [this](Tx& tx, const std::string& uri) {
    return desk->TellAgain(tx, uri, /*everything=*/false);
  };
  admin.peer_removed = [this](Tx& tx, const std::string& uri) {
    return exchange->PeerRemoved(tx, uri);
  };
  admin.begin_links_anew = [this](Tx& tx, const std::string& uri, const std::string& code,
                                  Instant now) -> Result<v1::BeginLinksAnewResponse> {
    EQN_TRY(const BegunLinks begun, exchange->BeginAnew(tx, uri, code, now));
    if (!begun.already) {
      EQN_CHECK(keeper->BeginAnew(tx, uri));
      EQN_CHECK(desk->TellAgain(tx, uri, /*everything=*/true));
    }
    v1::BeginLinksAnewResponse response;
    response.set_code(begun.code);
    response.set_already(begun.already);
    return response;
  };
  RecordDeps records{*database, *keeper, *audit, clock, StoredRequests(clock), AddProjectedFields};

  std::vector<Method> methods = AdminMethods(std::move(admin));
  const auto add = [&methods](std::vector<Method> more) {
    for (Method& method : more) methods.push_back(std::move(method));
  };
  add(RecordMethods(std::move(records)));
  add(NeedMethods({*database, *keeper, *audit, *codes, StoredRequests(clock)}));
  add(ExchangeMethods(*exchange, clock));
  add(CountMethods({*database, *audit, keys, [this] { return keeper->population(); },
                    StoredRequests(clock), CountsOfCare()}));
  const auto queued = [this](Tx& tx) { exchange->NudgeAfter(tx); };
  add(HubMethods({*database, *audit, *enrolment, keys, random, StoredRequests(clock), queued}));
  ReferralServiceDeps referrals{*database,
                                *audit,
                                *desk,
                                clock,
                                random,
                                StoredRequests(clock),
                                *capacity,
                                watchers,
                                *enrolment,
                                keys,
                                [this](std::string_view person) { return CheckPerson(person); }};
  add(ReferralMethods(referrals));
  add(ConsentMethods(std::move(referrals)));
  methods.push_back(HealthMethod([this] { return ready && !stopping; }));
  return methods;
}

Status Node::Impl::Listen() {
  GateHooks hooks;
  hooks.admit = [this](const Certificate& certificate, std::string_view from,
                       std::string_view method,
                       Instant now) { return enrolment->Admit(certificate, from, method, now); };
  hooks.expected = [this](const AuditEntry& entry) {
    return IsOwnCall(entry) && calls_itself.exchange(false);
  };
  hooks.audit = [this](AuditEntry entry, const TouchedIds& touched) -> Status {
    EQN_CHECK(audit->Append(std::move(entry), touched));
    return Ok();
  };
  EQN_TRY(server,
          RpcServer::Start(RpcOptionsOf(config), keys, Methods(), std::move(hooks), clock, log));
  address = config.listen.substr(0, config.listen.rfind(':') + 1) + std::to_string(server->port());
  return WriteAddress(config.address_file, address);
}

void Node::Impl::Load() {
  const Status loaded = keeper->Load(nullptr);
  if (!loaded.ok()) {
    log.Error("counts_not_loaded", {{Field::kReason, loaded.error().reason}});
    return;
  }
  calls_itself = true;
  const Status answered = SelfCall(*keys.Get(), address, std::chrono::seconds{10});
  calls_itself = false;
  if (!answered.ok()) {
    log.Error("port_does_not_answer", {{Field::kReason, answered.error().reason}});
    return;
  }
  ready = true;
  exchange->Nudge();
  AnswerSoon();
  const Millis took = clock.Now() - started_at;
  log.Info("node_ready", {{Field::kMillis, std::int64_t{took.count()}}});
}

void Node::Impl::AnswerSoon() {
  aside->Post([this] {
    const auto answered = answerer->Step(clock.Now());
    if (!answered.ok()) {
      log.Warning("report_not_answered", {{Field::kReason, answered.error().reason}});
    }
  });
}

Status Node::Impl::CheckPerson(std::string_view source_id) const {
  EQN_TRY(const auto found, keeper->Find(RecordKind::kPerson, source_id));
  if (found) return Ok();
  return Error{Code::kNotFound, "NO_SUCH_PERSON",
               "no such person of this node: `equinode person list` lists their source_ids"};
}

void Node::Impl::Note(std::string action, std::string outcome) {
  AuditEntry entry;
  entry.actor = "node";
  entry.action = std::move(action);
  entry.outcome = std::move(outcome);
  const auto appended = audit->Append(std::move(entry));
  if (!appended.ok()) log.Error("audit_not_written", {{Field::kReason, appended.error().reason}});
}

void Node::Impl::StartHousekeeping() {
  announcement = std::make_unique<Announcement>(*database, *audit, *enrolment, keys, clock, log,
                                                [this](Tx& tx) { exchange->NudgeAfter(tx); });
  key_watcher = std::make_unique<KeyWatcher>(
      PathsOf(config), keys, clock, log,
      [this](const KeyRing& next) { return announcement->MayTakeOver(next); });
  housekeeping = std::make_unique<Housekeeping>(std::chrono::seconds{1});
  housekeeping->Add([this] {
    const auto swapped = key_watcher->Step();
    if (!swapped.ok() || !*swapped) return;
    Note("KEYS_CHANGED");
    dialler->Look();
  });
  housekeeping->Add([this] { (void)crl->Step(); });
  // Requests that could not be answered when they came.
  housekeeping->Add([this] { AnswerSoon(); });
  // Referrals that nobody answered: what is due is read off an index.
  housekeeping->Add([this, due = clock.Now()]() mutable {
    if (clock.Now() < due) return;
    due = clock.Now() + std::chrono::minutes{1};
    const auto ended = database->Write("expire_referrals",
                                       [this](Tx& tx) { return desk->Expire(tx, kMostExpired); });
    if (!ended.ok()) log.Warning("referrals_not_expired", {{Field::kReason, ended.error().reason}});
    if (ended.ok() && *ended == kMostExpired) due = clock.Now();
  });
  housekeeping->Add([this] {
    if (!keeper->ready() || !keeper->SnapshotDue()) return;
    const Status saved = keeper->Snapshot();
    if (!saved.ok()) log.Warning("snapshot_not_saved", {{Field::kReason, saved.error().reason}});
  });
  // The wall clock against one that only goes forward.
  housekeeping->Add(
      [this, wall = clock.Now(), steady = std::chrono::steady_clock::now()]() mutable {
        const Instant wall_now = clock.Now();
        const auto steady_now = std::chrono::steady_clock::now();
        const auto passed = std::chrono::duration_cast<Millis>(steady_now - steady);
        const Millis off = (wall_now - wall) - passed;
        if (off > kClockStep || off < -kClockStep) Note("CLOCK_STEPPED");
        wall = wall_now;
        steady = steady_now;
      });
  housekeeping->Start();
}

void Node::Impl::Stop() {
  if (std::exchange(stopped, true)) return;
  stopping = true;
  if (dialler != nullptr) dialler->Stop();
  if (server != nullptr) {
    const Status drained = server->Drain(config.limits.drain);
    if (!drained.ok()) log.Warning("drain_cut", {{Field::kReason, drained.error().reason}});
  }
  if (loader.joinable()) loader.join();
  if (housekeeping != nullptr) housekeeping->Stop();
  if (loop != nullptr) loop->Stop();
  server.reset();
  dialler.reset();
  if (aside != nullptr) (void)aside->WaitIdle(config.limits.drain);
  loop.reset();
  answerer.reset();
  capacity.reset();
  desk.reset();
  exchange.reset();
  aside.reset();
  if (keeper != nullptr && keeper->ready()) {
    const Status saved = keeper->Snapshot();
    if (!saved.ok()) log.Warning("snapshot_not_saved", {{Field::kReason, saved.error().reason}});
  }
  if (audit != nullptr) Note("NODE_STOPPED");
  housekeeping.reset();
  codes.reset();
  keeper.reset();
  crl.reset();
  enrolment.reset();
  audit.reset();
  database.reset();
  log.Info("node_stopped");
}

Result<std::unique_ptr<Node>> Node::Start(const NodeConfig& config, const Secret& database_key,
                                          const Clock& clock, Random& random, Log& log) {
  EQN_TRY(const std::shared_ptr<const KeyRing> ring, LoadKeyRing(PathsOf(config), clock.Now()));
  auto impl = std::make_unique<Impl>(config, clock, random, log, ring);
  EQN_CHECK(impl->Open(database_key));
  impl->Note("NODE_STARTED");
  EQN_CHECK(impl->audit->health());
  impl->MakeExchange();
  EQN_CHECK(impl->Listen());
  impl->loop->Start();
  impl->dialler->Start();
  impl->StartHousekeeping();
  impl->loader = std::thread([node = impl.get()] { node->Load(); });
  log.Info("node_started", {{Field::kPeer, impl->self}, {Field::kPort, int{impl->server->port()}}});
  return std::unique_ptr<Node>(new Node(std::move(impl)));
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() { Stop(); }

const std::string& Node::uri() const { return impl_->self; }
std::string Node::address() const { return impl_->address; }
bool Node::ready() const { return impl_->ready; }
void Node::Stop() { impl_->Stop(); }

}  // namespace equinode
