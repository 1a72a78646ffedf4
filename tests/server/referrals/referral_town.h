// A clinic and a food bank with real stores, keys and signatures. What waits in one node's outbox
// is handed to the other's applier, as the exchange does it; a test decides when, and how often.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/convert/proto_parts.h"
#include "domain/access/policy.h"
#include "equinode/v1/referral_service.pb.h"
#include "server/access/enrolment.h"
#include "server/audit/audit_log.h"
#include "server/referrals/desk.h"
#include "server/services/referral/referral.h"
#include "server/services/stored_requests.h"
#include "storage/consent_store.h"
#include "storage/outbox_store.h"
#include "storage/peer_store.h"
#include "tests/support/pki.h"
#include "tests/support/test_store.h"

namespace equinode::testing {

inline constexpr Instant kReferralDay{std::chrono::sys_days{std::chrono::year{2026} / 1 / 15}};

class ReferralNode {
 public:
  ReferralNode(const TestPki& pki, std::string_view role, std::string_view organisation,
               std::uint64_t seed)
      : uri(pki.Uri(role, organisation)),
        cert(pki.Node(role, organisation)),
        keys(Ring(pki, cert)),
        random(seed) {
    store.clock().Set(kReferralDay);
    Open();
  }

  void Open() {
    audit = *AuditLog::Open(store.db(), elsewhere.path() / "anchor", store.clock());
    enrolment = std::make_unique<Enrolment>(store.db(), keys);
    EXPECT_TRUE(enrolment->Reload().ok());
    ReferralDeps parts{store.clock(), random, *enrolment, keys};
    parts.changed = [this](Tx& tx) { watchers.WakeAfter(tx); };
    parts.audit = [this](Tx& tx, AuditEntry entry, const TouchedIds& touched) -> Status {
      EQN_CHECK(audit->Append(tx, std::move(entry), touched));
      return Ok();
    };
    desk = std::make_unique<ReferralDesk>(parts);
    capacity = std::make_unique<CapacityDesk>(parts);
    ReferralServiceDeps deps{
        store.db(), *audit,   *desk,      store.clock(), random, StoredRequests(store.clock()),
        *capacity,  watchers, *enrolment, keys,          {}};
    methods = ReferralMethods(deps);
    for (Method& method : ConsentMethods(deps)) methods.push_back(std::move(method));
  }
  // The process ends and starts again on the same files.
  void Restart() {
    Close();
    store.Reopen();
    Open();
  }
  void Close() {
    methods.clear();
    capacity.reset();
    desk.reset();
    enrolment.reset();
    audit.reset();
    store.Close();
  }
  // A copy of the data as a backup takes it, and the data put back: the anchor with it, as when the
  // whole machine is restored.
  void Backup(const std::filesystem::path& to) {
    Close();
    std::filesystem::copy(store.folder(), to / "data", std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(elsewhere.path() / "anchor", to / "anchor");
    store.Reopen();
    Open();
  }
  void PutBack(const std::filesystem::path& from) {
    Close();
    for (const auto& entry : std::filesystem::directory_iterator(store.folder())) {
      std::filesystem::remove_all(entry.path());
    }
    std::filesystem::copy(from / "data", store.folder(), std::filesystem::copy_options::recursive);
    std::filesystem::copy_file(from / "anchor", elsewhere.path() / "anchor",
                               std::filesystem::copy_options::overwrite_existing);
    store.Reopen();
    Open();
  }

  static std::shared_ptr<const KeyRing> Ring(const TestPki& pki, const TestCert& cert) {
    const Certificate certificate = cert.certificate();
    return std::make_shared<const KeyRing>(KeyRing{*ParseIdentity(certificate.uri_names().front()),
                                                   {certificate, cert.key()},
                                                   {},
                                                   pki.trust()});
  }
  Instant now() { return store.clock().Now(); }

  void Enrol(const ReferralNode& other) {
    const Status done = store.db().Write("enrol", [&](Tx& tx) -> Status {
      EQN_CHECK(PeerStore::Put(tx, {.uri = other.uri}, now()));
      EQN_CHECK(PeerStore::PutCertificate(tx, other.uri, other.cert.certificate(),
                                          PeerCertificateState::kCurrent, now()));
      enrolment->ReloadAfter(tx);
      return Ok();
    });
    EXPECT_TRUE(done.ok());
  }

  // Where an organisation without a node acts, as this node knows it.
  void Host(const std::string& organisation, const ReferralNode& at) {
    v1::HostOrganisationRequest request;
    request.set_organisation(organisation);
    request.set_node(at.uri);
    request.set_request_id(RequestId());
    const auto hosted =
        Ask<v1::HostOrganisationResponse>("ReferralService/HostOrganisation", request);
    EXPECT_TRUE(hosted.ok()) << hosted.error().message;
  }

  // Who calls; this node's own operator but while a test says another. What the gate would say of
  // it is asked too: a handler is not reached by who may not.
  std::string caller{};
  template <typename Response, typename Request>
  Result<Response> Ask(std::string_view name, const Request& request) {
    Call call;
    const std::string who = caller.empty() ? uri + "/operator/ann" : caller;
    call.caller = {*ParseIdentity(who), std::string(64, 'a'), "[::1]:9"};
    call.method = "/equinode.v1." + std::string(name);
    call.now = now();
    const bool hosted = enrolment->HostOf(call.caller.identity.node_uri()) == uri;
    EQN_CHECK(Allowed(call.method, call.caller.identity, keys.Get()->self, hosted));
    for (const Method& method : methods) {
      if (method.path != call.method) continue;
      EQN_TRY(const std::string bytes, method.unary(call, request.SerializeAsString()));
      last_call = call;
      Response response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      return response;
    }
    return Error{Code::kUnimplemented, "NO_SUCH_METHOD", std::string(name)};
  }
  std::string RequestId() { return Uuid::MakeV7(now(), random).ToString(); }

  // The outcome's reason, or OK.
  std::string Do(const std::string& id, const std::string& verb, std::string reason = "",
                 std::string note = "") {
    v1::ActOnReferralRequest request;
    request.set_referral_id(id);
    request.set_verb(verb);
    request.set_reason(reason);
    request.set_note(note);
    if (verb == "complete") request.set_reported_by("Tim");
    if (verb == "schedule" || verb == "reschedule" || verb == "hold") {
      wire::SetTimestamp(now() + std::chrono::days(2), request.mutable_when());
    }
    request.set_request_id(RequestId());
    const auto acted = Ask<v1::ActOnReferralResponse>("ReferralService/ActOnReferral", request);
    if (!acted.ok()) return acted.error().reason;
    return acted->proposed() ? "PROPOSED" : "OK";
  }
  v1::GetReferralResponse Get(const std::string& id) {
    v1::GetReferralRequest request;
    request.set_referral_id(id);
    const auto got = Ask<v1::GetReferralResponse>("ReferralService/GetReferral", request);
    EXPECT_TRUE(got.ok()) << got.error().reason;
    return got.ok() ? *got : v1::GetReferralResponse{};
  }
  std::string StateOf(const std::string& id) { return Get(id).referral().state(); }
  std::vector<referral::Link> Chain(const std::string& id) {
    return *store.db().Read([&](ReadTx& tx) -> Result<std::vector<referral::Link>> {
      EQN_TRY(const StoredReferral stored, ReferralStore::Get(tx, *Uuid::Parse(id)));
      return ReferralStore::Links(tx, stored.row);
    });
  }

  // What a payload does here: OK, or why it became a dead letter.
  std::string Take(std::string_view from, exchange::PayloadKind kind, ByteView payload) {
    const PayloadApplier applier = kind == exchange::PayloadKind::kReferral ? desk->NewsApplier()
                                   : kind == exchange::PayloadKind::kCapacity
                                       ? capacity->Applier()
                                       : desk->RevocationApplier();
    const auto apply = applier({std::string(from), Uuid{}, exchange::LaneOf(kind), kind, payload});
    if (!apply.ok()) return apply.error().reason;
    AuditNote note;
    const Status done = store.db().Write("apply", [&](Tx& tx) { return (*apply)(tx, note); });
    last_purpose = note.purpose;
    return done.ok() ? "OK" : done.error().reason;
  }
  // What waits on the lane of that kind.
  std::vector<QueuedPayload> Waiting(const ReferralNode& to, exchange::PayloadKind kind) {
    return *store.db().Read(
        [&](ReadTx& tx) { return OutboxStore::Waiting(tx, to.uri, exchange::LaneOf(kind), 100); });
  }
  // Everything that the store holds, of every table, as text and bytes.
  std::string Dump() {
    const auto all = store.db().Read([](ReadTx& tx) -> Result<std::string> {
      std::string dump;
      Statement tables = tx.Prepare("SELECT name FROM sqlite_master WHERE type='table'");
      for (;;) {
        EQN_TRY(const bool table, tables.Step());
        if (!table) return dump;
        const std::string name = tables.Text(0);
        Statement columns = tx.Prepare("SELECT count(*) FROM pragma_table_info('" + name + "')");
        EQN_CHECK(columns.Step());
        const int width = static_cast<int>(columns.Int(0));
        Statement rows = tx.Prepare("SELECT * FROM \"" + name + "\"");
        for (;;) {
          EQN_TRY(const bool row, rows.Step());
          if (!row) break;
          for (int i = 0; i < width; ++i) dump.append(AsText(rows.BlobView(i))).push_back('\n');
        }
      }
    });
    EXPECT_TRUE(all.ok()) << all.error().message;
    return all.ok() ? *all : "";
  }

  std::string uri;
  TestCert cert;
  CurrentKeyRing keys;
  SeededRandom random;
  TestStore store{};
  TempFolder elsewhere{};
  std::unique_ptr<AuditLog> audit{};
  std::unique_ptr<Enrolment> enrolment{};
  ReferralWatchers watchers{};
  std::unique_ptr<ReferralDesk> desk{};
  std::unique_ptr<CapacityDesk> capacity{};
  std::vector<Method> methods{};
  std::string last_purpose{};
  Call last_call{};
};

class ReferralTown : public ::testing::Test {
 protected:
  static constexpr auto kReferral = exchange::PayloadKind::kReferral;
  static constexpr auto kRevocation = exchange::PayloadKind::kConsentRevocation;
  static constexpr auto kCapacity = exchange::PayloadKind::kCapacity;
  static constexpr char kPerson[] = "feed/Patient/1";

  ReferralTown() {
    clinic_.Enrol(bank_);
    bank_.Enrol(clinic_);
  }

  std::string Consent(bool given = true, std::string category = "food-insecurity",
                      std::string recipient = "class:cbo",
                      std::optional<Instant> until = std::nullopt) {
    v1::RecordConsentRequest request;
    v1::Consent& consent = *request.mutable_consent();
    consent.set_person(kPerson);
    consent.set_given(given);
    consent.set_recipient(std::move(recipient));
    if (until) wire::SetTimestamp(*until, consent.mutable_until());
    consent.add_purposes("referral");
    consent.add_categories(std::move(category));
    wire::SetTimestamp(clinic_.now(), consent.mutable_signed_at());
    consent.set_document(std::string(32, 'd'));
    request.set_request_id(clinic_.RequestId());
    const auto made =
        clinic_.Ask<v1::RecordConsentResponse>("ConsentService/RecordConsent", request);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return made.ok() ? made->consent().id() : "";
  }
  Result<v1::RevokeConsentResponse> Revoke(const std::string& id) {
    v1::RevokeConsentRequest request;
    request.set_consent_id(id);
    request.set_request_id(clinic_.RequestId());
    return clinic_.Ask<v1::RevokeConsentResponse>("ConsentService/RevokeConsent", request);
  }

  v1::CreateReferralRequest Request() {
    v1::CreateReferralRequest request;
    request.set_person(kPerson);
    request.set_domain("food-insecurity");
    request.set_target_node(bank_.uri);
    (*request.mutable_order())["client_name"] = "Maria";
    (*request.mutable_order())["service_text"] = "food box";
    request.set_request_id(clinic_.RequestId());
    return request;
  }
  // The id, or the error's reason.
  std::string Create(const v1::CreateReferralRequest& request) {
    const auto made =
        clinic_.Ask<v1::CreateReferralResponse>("ReferralService/CreateReferral", request);
    return made.ok() ? made->referral().id() : made.error().reason;
  }
  std::string Create() { return Create(Request()); }

  // Hands over what waits between two nodes, `times` times each.
  std::size_t Carry(ReferralNode& from, ReferralNode& to, int times = 1) {
    std::size_t carried = 0;
    for (const auto kind : {kRevocation, kReferral}) {
      for (const QueuedPayload& waiting : from.Waiting(to, kind)) {
        for (int i = 0; i < times; ++i) {
          EXPECT_EQ(to.Take(from.uri, waiting.kind, waiting.payload), "OK");
        }
        const auto gone = from.store.db().Write(
            "take", [&](Tx& tx) { return OutboxStore::Take(tx, waiting.row); });
        EXPECT_TRUE(gone.ok());
        ++carried;
      }
    }
    return carried;
  }
  void Settle(int times = 1) {
    while (Carry(clinic_, bank_, times) + Carry(bank_, clinic_, times) > 0) {
    }
  }
  void ExpectSame(const std::string& id) {
    EXPECT_EQ(clinic_.Chain(id), bank_.Chain(id));
    EXPECT_EQ(clinic_.StateOf(id), bank_.StateOf(id));
    EXPECT_EQ(clinic_.Get(id).referral().fault(), "");
    EXPECT_EQ(bank_.Get(id).referral().fault(), "");
  }
  void Later(Millis by) {
    clinic_.store.clock().Advance(by);
    bank_.store.clock().Advance(by);
  }

  TestPki pki_{"test.example", kReferralDay};
  ReferralNode clinic_{pki_, "practice", "clinic", 1};
  ReferralNode bank_{pki_, "cbo", "foodbank", 2};
};

}  // namespace equinode::testing
