#include "tests/story/town.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "client/convert/envelope.h"
#include "server/audit/verify.h"
#include "server/exchange/notice_applier.h"
#include "server/records/batch_applier.h"
#include "storage/audit_store.h"
#include "storage/peer_store.h"
#include "storage/record_store.h"
#include "storage/revocation_store.h"

namespace equinode::testing {

namespace {

template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) {
    ADD_FAILURE() << result.error().reason << ": " << result.error().message;
    std::abort();
  }
  return *std::move(result);
}

CertSpec LongLived(const TestPki& pki, std::string_view role, std::string_view organisation) {
  CertSpec spec;
  spec.uris = {pki.Uri(role, organisation)};
  spec.not_after = pki.now() + std::chrono::days(360);
  return spec;
}

std::shared_ptr<const KeyRing> RingFor(const TestCert& cert, const TrustStore& trust) {
  const Certificate certificate = cert.certificate();
  return std::make_shared<const KeyRing>(KeyRing{
      *ParseIdentity(certificate.uri_names().front()), {certificate, cert.key()}, {}, trust});
}

// Bodies are texts here; the counts are not what these stories are about.
Result<RecordFacts> NoFacts(RecordKind, ByteView) { return RecordFacts(PersonFacts{}); }

std::shared_ptr<const KeyRing> NewRing(const TestPki& pki, const TrustStore& trust,
                                       std::string_view role, std::string_view organisation) {
  return RingFor(pki.Issue(LongLived(pki, role, organisation)), trust);
}

}  // namespace

Resident::Resident(const TestPki& pki, const TrustStore& trust, ManualClock& clock,
                   std::string_view role, std::string_view organisation, ExchangeOptions options,
                   std::function<void(std::function<void()>)> run_aside)
    : uri_(pki.Uri(role, organisation)),
      keys_(NewRing(pki, trust, role, organisation)),
      certificate_(keys_.Get()->current.certificate),
      clock_(clock),
      options_(options),
      run_aside_(std::move(run_aside)),
      random_(std::hash<std::string_view>{}(organisation)),
      log_(-1, clock) {
  std::filesystem::create_directory(folder());
  std::filesystem::permissions(folder(), std::filesystem::perms::owner_all);
  Start();
}

void Resident::Stop() {
  engine_.reset();
  keeper_.reset();
  enrolment_.reset();
  audit_.reset();
  db_.reset();
}

void Resident::Start() {
  db_ = Must(Database::Open(folder(), TestKey(), clock_));
  audit_ = Must(AuditLog::Open(*db_, anchor(), clock_));
  enrolment_ = std::make_unique<Enrolment>(*db_, keys_);
  Must(enrolment_->Reload());
  keeper_ = std::make_unique<RecordKeeper>(*db_, clock_, log_, random_, uri_, NoFacts);
  Must(keeper_->Load(nullptr));
  engine_ = std::make_unique<ExchangeEngine>(
      ExchangeDeps{*db_, clock_, random_, log_, keys_, *enrolment_, *audit_, run_aside_}, options_);
  engine_->RegisterApplier(exchange::PayloadKind::kRecordBatch, RecordBatchApplier(*keeper_));
  engine_->RegisterApplier(exchange::PayloadKind::kCertificateNotice,
                           CertificateNoticeApplier(*enrolment_, keys_, clock_));
}

void Resident::Backup(const std::filesystem::path& to) {
  Must(db_->Checkpoint());
  std::filesystem::copy(folder(), to / "data", std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(anchor(), to / "anchor");
}

void Resident::PutBack(const std::filesystem::path& from) {
  Stop();
  std::filesystem::remove_all(folder());
  std::filesystem::copy(from / "data", folder(), std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(from / "anchor", anchor(),
                             std::filesystem::copy_options::overwrite_existing);
  Start();
}

void Resident::Enrol(const Resident& other, std::string address, std::string relay) {
  Must(db_->Write("enrol", [&](Tx& tx) -> Status {
    EQN_CHECK(
        PeerStore::Put(tx, {.uri = other.uri(), .address = address, .relay = relay}, clock_.Now()));
    EQN_CHECK(PeerStore::PutCertificate(tx, other.uri(), other.certificate(),
                                        PeerCertificateState::kCurrent, clock_.Now()));
    enrolment_->ReloadAfter(tx);
    return Ok();
  }));
}

void Resident::Remove(const Resident& other) {
  Must(db_->Write("remove", [&](Tx& tx) -> Status {
    EQN_CHECK(PeerStore::Remove(tx, other.uri()));
    EQN_CHECK(engine_->PeerRemoved(tx, other.uri()));
    enrolment_->ReloadAfter(tx);
    return Ok();
  }));
}

std::string Resident::BeginAnew(const Resident& other, std::string_view code) {
  const auto begun = db_->Write("begin anew", [&](Tx& tx) -> Result<std::string> {
    EQN_TRY(const BegunLinks links, engine_->BeginAnew(tx, other.uri(), code, clock_.Now()));
    if (links.already) return std::string("ALREADY");
    EQN_CHECK(keeper_->BeginAnew(tx, other.uri()));
    return links.code;
  });
  return begun.ok() ? *begun : begun.error().reason;
}

void Resident::Revoke(const Resident& other) {
  Must(db_->Write("revoke", [&](Tx& tx) -> Status {
    EQN_CHECK(RevocationStore::Add(
        tx, {.kind = RevokedKind::kUri, .value = other.uri(), .reason = "t", .at = clock_.Now()}));
    enrolment_->ReloadAfter(tx);
    return Ok();
  }));
}

void Resident::Renew(const TestCert& next) {
  const auto before = keys_.Get();
  std::vector<KeyPair> older = before->older;
  older.insert(older.begin(), before->current);
  keys_.Swap(std::make_shared<const KeyRing>(
      KeyRing{before->self, {next.certificate(), next.key()}, std::move(older), before->trust}));
}

void Resident::Share(const Resident& with, std::vector<RecordKind> kinds) {
  Must(db_->Write("share", [&](Tx& tx) -> Status {
    SharingRule rule;
    rule.peer = with.uri();
    rule.kinds = std::move(kinds);
    EQN_TRY(rule.since_row, RecordStore::LastRow(tx));
    EQN_CHECK(SharingStore::Set(tx, rule, clock_.Now()));
    return Ok();
  }));
}

void Resident::TakeIn(std::size_t count) {
  std::vector<std::shared_ptr<const PreparedRecord>> records;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = "Patient/" + std::to_string(++made_);
    const std::string body = std::string(kCanary) + " " + id;
    RecordView view;
    view.kind = static_cast<std::uint32_t>(RecordKind::kPerson);
    view.source_id = id;
    view.body = AsBytes(body);
    records.push_back(Must(keeper_->Prepare(view)));
  }
  Must(db_->Write("import", [&](Tx& tx) -> Status {
    for (const auto& record : records) EQN_CHECK(keeper_->Put(tx, record));
    return Ok();
  }));
}

void Resident::Say(const std::string& id, const std::string& body) {
  RecordView view;
  view.kind = static_cast<std::uint32_t>(RecordKind::kPerson);
  view.source_id = id;
  view.body = AsBytes(body);
  const auto record = Must(keeper_->Prepare(view));
  Must(db_->Write("say", [&](Tx& tx) -> Status {
    EQN_CHECK(keeper_->Put(tx, record));
    return Ok();
  }));
}

std::string Resident::BodyOf(const Resident& other, std::string_view id) {
  std::string body;
  Must(db_->Read([&](ReadTx& tx) -> Status {
    EQN_TRY(const auto owner, RecordStore::FindOwner(tx, other.uri()));
    EQN_CHECK(RecordStore::Scan(tx, 0, 1'000'000, [&](const RowView& row) -> Status {
      if (owner && row.owner == *owner && row.source_id == id) body = AsText(row.body);
      return Ok();
    }));
    return Ok();
  }));
  return body;
}

std::size_t Resident::Audited(std::string_view action) {
  const auto entries =
      Must(db_->Read([](ReadTx& tx) { return AuditStore::List(tx, 0, 100'000, false); }));
  return static_cast<std::size_t>(std::ranges::count_if(
      entries, [&](const StoredAuditEntry& stored) { return stored.entry.action == action; }));
}

std::size_t Resident::RowsFrom(const Resident& other) {
  std::size_t rows = 0;
  Must(db_->Read([&](ReadTx& tx) -> Status {
    EQN_TRY(const auto owner, RecordStore::FindOwner(tx, other.uri()));
    EQN_CHECK(RecordStore::Scan(tx, 0, 1'000'000, [&](const RowView& row) -> Status {
      if (owner && row.owner == *owner) ++rows;
      return Ok();
    }));
    return Ok();
  }));
  return rows;
}

std::size_t Resident::RecordsFrom(const Resident& other) {
  std::set<std::string> ids;
  Must(db_->Read([&](ReadTx& tx) -> Status {
    EQN_TRY(const auto owner, RecordStore::FindOwner(tx, other.uri()));
    EQN_CHECK(RecordStore::Scan(tx, 0, 1'000'000, [&](const RowView& row) -> Status {
      if (owner && row.owner == *owner) ids.insert(std::string(row.source_id));
      return Ok();
    }));
    return Ok();
  }));
  return ids.size();
}

ExchangeState Resident::State() {
  return Must(db_->Read([&](ReadTx& tx) { return engine_->State(tx); }));
}

std::vector<DeadLetter> Resident::DeadLetters() {
  return Must(db_->Read([&](ReadTx& tx) { return engine_->DeadLetters(tx, 0, 1000); }));
}

std::string Resident::AuditFaultReason() const {
  const auto report = VerifyAudit(folder(), TestKey(), anchor());
  if (!report.ok()) return report.error().reason;
  if (report->fault) return report->fault->reason;
  return report->anchor ? "" : "NO_ANCHOR";
}

void Wire::Open() {
  push = from->engine().OpenPush(to->uri(), [] {});
  take = to->engine().OpenTake(from->uri(), [] {});
}

void Wire::Cut() {
  push.reset();
  take.reset();
  there.clear();
  back.clear();
}

Town::Town(std::uint64_t seed, ExchangeOptions options)
    : clock_(pki_.now()), random_(seed), options_(options) {}

ExchangeOptions Town::QuickOptions() {
  ExchangeOptions options;
  options.batch_records = 5;
  options.flow.envelopes = 4;
  options.receipts.every = 3;
  options.sweep_every = std::chrono::seconds{30};
  return options;
}

Resident& Town::Add(std::string_view role, std::string_view organisation) {
  residents_.push_back(std::make_unique<Resident>(pki_, pki_.trust(), clock_, role, organisation,
                                                  options_, run_aside));
  return *residents_.back();
}

Wire& Town::Connect(Resident& from, Resident& to) {
  wires_.push_back(std::make_unique<Wire>());
  wires_.back()->from = &from;
  wires_.back()->to = &to;
  return *wires_.back();
}

Town::Direct Town::MakeDirect() {
  Resident& practice = Add("practice", "a");
  Resident& payer = Add("payer", "plan");
  practice.Enrol(payer, "plan:1", "");
  payer.Enrol(practice, "", "");
  return {practice, payer, Connect(practice, payer), Connect(payer, practice)};
}

Town::Relayed Town::MakeRelayed() {
  Resident& practice = Add("practice", "a");
  Resident& relay = Add("qhio", "q");
  Resident& payer = Add("payer", "plan");
  practice.Enrol(relay, "q:1", "");
  practice.Enrol(payer, "", relay.uri());
  relay.Enrol(practice, "", "");
  relay.Enrol(payer, "plan:1", "");
  payer.Enrol(relay, "q:1", "");
  payer.Enrol(practice, "", relay.uri());
  return {practice,
          relay,
          payer,
          Connect(practice, relay),
          Connect(relay, practice),
          Connect(relay, payer),
          Connect(payer, relay)};
}

void Town::Step() {
  for (const auto& resident : residents_) Must(resident->engine().Step(now()));
}

bool Town::PushOnto(Wire& wire) {
  if (!wire.push) wire.Open();
  auto next = Must(wire.push->Next(now()));
  if (!next) return false;
  wire.there.push_back(DeliverRequestFrom(next->header, next->sealed));
  if (remember) seen.push_back(wire.there.back());
  return true;
}

bool Town::CarryThere(Wire& wire, Mishap mishap) {
  if (wire.there.empty()) return false;
  ++carried_;
  if (mishap == Mishap::kCut) {
    wire.Cut();
    return true;
  }
  if (mishap == Mishap::kSwap && wire.there.size() > 1) std::swap(wire.there[0], wire.there[1]);
  std::string message = wire.there.front();
  if (mishap != Mishap::kTwice) wire.there.pop_front();
  if (mishap == Mishap::kLose) return true;
  if (mishap == Mishap::kAlter) {
    message[message.size() - 1 - random_.Below(message.size() / 2)] ^=
        static_cast<char>(1 + random_.Below(255));
  }
  auto envelope = EnvelopeFromDeliverRequest(message);
  if (!envelope.ok()) {
    wire.Cut();  // As the gate would end the stream.
    return true;
  }
  wire.take->Offer(*std::move(envelope));
  const exchange::Answer answer = wire.take->TakeAnswers();
  if (!answer.empty()) wire.back.push_back(DeliverResponseFrom(answer));
  return true;
}

bool Town::CarryBack(Wire& wire, Mishap mishap) {
  if (wire.back.empty()) return false;
  ++carried_;
  if (mishap == Mishap::kCut) {
    wire.Cut();
    return true;
  }
  if (mishap == Mishap::kSwap && wire.back.size() > 1) std::swap(wire.back[0], wire.back[1]);
  const std::string message = wire.back.front();
  if (mishap != Mishap::kTwice) wire.back.pop_front();
  if (mishap == Mishap::kLose) return true;
  Must(wire.push->Answered(Must(AnswerFromDeliverResponse(message)), now()));
  return true;
}

bool Town::Round() {
  Step();
  bool moved = false;
  for (const auto& wire : wires_) {
    while (PushOnto(*wire)) moved = true;
    const bool carried =
        CarryThere(*wire, weather && !wire->there.empty() ? weather(*wire, true) : Mishap::kNone);
    const bool answered =
        CarryBack(*wire, weather && !wire->back.empty() ? weather(*wire, false) : Mishap::kNone);
    moved = moved || carried || answered;
  }
  return moved;
}

bool Town::Quiet() {
  for (const auto& wire : wires_) {
    if (!wire->there.empty() || !wire->back.empty()) return false;
  }
  for (const auto& resident : residents_) {
    const ExchangeState state = resident->State();
    for (std::size_t i = 0; i < state.outgoing.size(); ++i) {
      if (state.waiting[i] > 0) return false;
      // Receipts for receipts come in dozens only: the control lane is quiet when all is at the
      // other side.
      const exchange::OutgoingLink& link = state.outgoing[i].state;
      const bool control = state.outgoing[i].lane == exchange::Lane::kControl;
      if (control ? link.hop_acked < link.given.through : link.waiting()) return false;
    }
    for (const StoredIncoming& link : state.incoming) {
      if (link.state.owed > 0) return false;
    }
    if (state.relayed.envelopes > 0) return false;
  }
  return true;
}

bool Town::Settle(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    if (Round()) continue;
    if (Quiet()) return true;
    clock_.Advance(std::chrono::seconds{1});
    // A flow whose answers are lost for good ends with its stream, as the dialler ends it.
    for (const auto& wire : wires_) {
      if (wire->push && wire->push->Silent(now(), std::chrono::seconds{60})) wire->Cut();
    }
  }
  return false;
}

std::string Town::Describe() {
  std::ostringstream out;
  for (const auto& resident : residents_) {
    out << resident->uri() << "\n";
    const ExchangeState state = resident->State();
    for (std::size_t i = 0; i < state.outgoing.size(); ++i) {
      const StoredOutgoing& link = state.outgoing[i];
      out << "  to " << link.peer << " " << LaneName(link.lane) << " given "
          << link.state.given.through << " hop " << link.state.hop_acked << " receipted "
          << link.state.receipted.through << " waiting " << state.waiting[i] << " rounds "
          << link.state.rounds << " fault " << FaultName(link.state.fault) << "\n";
    }
    for (const StoredIncoming& link : state.incoming) {
      out << "  from " << link.peer << " " << LaneName(link.lane) << " applied "
          << link.state.applied.through << " owed " << link.state.owed << "\n";
    }
    out << "  keeps " << state.relayed.envelopes << " for others\n";
  }
  for (const auto& wire : wires_) {
    out << wire->from->uri() << " > " << wire->to->uri() << " there " << wire->there.size()
        << " back " << wire->back.size() << "\n";
  }
  return out.str();
}

void Town::ExpectSound(Resident& from, Resident& to) {
  EXPECT_EQ(to.RowsFrom(from), from.made()) << "each record once";
  EXPECT_EQ(to.RecordsFrom(from), from.made()) << "each record";
  const ExchangeState sent = from.State();
  const ExchangeState taken = to.State();
  for (const StoredOutgoing& out : sent.outgoing) {
    if (out.peer != to.uri()) continue;
    EXPECT_EQ(out.state.fault, exchange::LinkFault::kNone) << LaneName(out.lane);
    for (const StoredIncoming& in : taken.incoming) {
      if (in.peer != from.uri() || in.lane != out.lane) continue;
      EXPECT_EQ(in.state.applied.through, out.state.given.through) << LaneName(out.lane);
      EXPECT_EQ(in.state.applied.chain, out.state.given.chain) << LaneName(out.lane);
    }
  }
  for (const auto& resident : residents_) {
    EXPECT_EQ(resident->AuditFaultReason(), "") << resident->uri();
    EXPECT_TRUE(resident->db().CheckIntegrity().ok()) << resident->uri();
  }
}

}  // namespace equinode::testing
