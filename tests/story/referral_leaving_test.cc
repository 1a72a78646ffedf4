// A referral on its way: consent that ends while it waits, peers that are gone, backups put back.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "client/convert/need_body.h"
#include "domain/needs/record.h"
#include "server/referrals/desk.h"
#include "server/referrals/open_referral.h"
#include "storage/consent_store.h"
#include "storage/outgoing_store.h"
#include "storage/peer_store.h"
#include "tests/story/town.h"

namespace equinode::testing {
namespace {

using namespace std::chrono_literals;
using exchange::PayloadKind;

constexpr char kPerson[] = "feed/Patient/1";

template <typename T>
T Must(Result<T> result) {
  EXPECT_TRUE(result.ok()) << result.error().reason << ": " << result.error().message;
  return result.ok() ? *std::move(result) : T{};
}

// A resident's hand in its referrals. Open() again after a restart: the engine is another then.
class Hand {
 public:
  Hand(Town& town, Resident& at) : town_(town), at_(at) { Open(); }
  void Open() {
    ReferralDeps deps{town_.clock(), town_.random(), at_.enrolment(), at_.keys()};
    deps.queued = [this](Tx& tx) { at_.engine().NudgeAfter(tx); };
    deps.audit = [this](Tx& tx, AuditEntry entry, const TouchedIds& touched) -> Status {
      EQN_CHECK(at_.audit().Append(tx, std::move(entry), touched));
      return Ok();
    };
    desk_ = std::make_unique<ReferralDesk>(std::move(deps));
    ExchangeEngine& engine = at_.engine();
    engine.RegisterApplier(PayloadKind::kReferral, desk_->NewsApplier());
    engine.RegisterWatch(PayloadKind::kReferral, desk_->NewsWatch());
    engine.RegisterApplier(PayloadKind::kConsentRevocation, desk_->RevocationApplier());
    engine.RegisterWatch(PayloadKind::kConsentRevocation, desk_->RevocationWatch());
  }

  Uuid Consent(std::optional<Instant> until = std::nullopt) {
    consent::Consent yes;
    yes.id = Uuid::MakeV7(town_.now(), town_.random());
    yes.person = kPerson;
    yes.given = true;
    yes.recipient = "class:cbo";
    yes.purposes = {consent::Purpose::kReferral};
    yes.categories = {"food-insecurity"};
    yes.from = yes.signed_at = town_.now();
    yes.until = until;
    yes.document.fill(7);
    EXPECT_TRUE(at_.db().Write("consent", [&](Tx& tx) { return ConsentStore::Add(tx, yes); }).ok());
    return yes.id;
  }
  Uuid Create(const Resident& to) {
    ReferralAsked asked;
    asked.person = kPerson;
    asked.opening.domain = "food-insecurity";
    asked.opening.target_node = to.uri();
    asked.opening.need = Uuid::MakeV7(town_.now(), town_.random());
    asked.order = {{"client_name", std::string(kCanary)}, {"service_text", "food box"}};
    return Must(at_.db().Write(
                    "create",
                    [&](Tx& tx) { return desk_->Create(tx, at_.uri() + "/operator/ann", asked); }))
        .id;
  }
  std::string Do(const Uuid& id, referral::EventKind verb, std::string reason = "",
                 std::string note = "") {
    ReferralDeed deed;
    deed.verb = verb;
    deed.reason = std::move(reason);
    deed.note = std::move(note);
    if (verb == referral::EventKind::kComplete) deed.reported_by = "Tim";
    const auto acted = at_.db().Write(
        "act", [&](Tx& tx) { return desk_->Act(tx, at_.uri() + "/operator/ann", id, deed); });
    return acted.ok() ? "OK" : acted.error().reason;
  }
  ReferralDesk::Revoked Revoke(const Uuid& consent) {
    return Must(
        at_.db().Write("revoke", [&](Tx& tx) { return desk_->Revoke(tx, consent, Digest{}); }));
  }
  void TellAgain(const Resident& peer, bool everything) {
    EXPECT_TRUE(
        at_.db()
            .Write("tell", [&](Tx& tx) { return desk_->TellAgain(tx, peer.uri(), everything); })
            .ok());
  }
  std::size_t Expire() {
    return Must(at_.db().Write("expire", [&](Tx& tx) { return desk_->Expire(tx, 100); }));
  }
  std::optional<OpenReferral> Get(const Uuid& id) {
    return Must(at_.db().Read([&](ReadTx& tx) -> Result<std::optional<OpenReferral>> {
      EQN_TRY(std::optional<StoredReferral> stored, ReferralStore::Find(tx, id));
      if (!stored) return std::optional<OpenReferral>();
      EQN_TRY(OpenReferral open, OpenReferral::Load(tx, *std::move(stored)));
      return std::optional<OpenReferral>(std::move(open));
    }));
  }
  // "cancelled (consent-expired)", or "none".
  std::string Stands(const Uuid& id) {
    const auto open = Get(id);
    if (!open) return "none";
    std::string text(referral::Name(open->chain.view.state));
    if (!open->chain.view.reason.empty()) text += " (" + open->chain.view.reason + ")";
    return text + (open->stored.fault.empty() ? "" : " FAULT");
  }
  std::vector<StoredDisclosure> Disclosures() {
    return Must(at_.db().Read(
        [](ReadTx& tx) { return ConsentStore::Disclosures(tx, kPerson, Instant{}); }));
  }

 private:
  Town& town_;
  Resident& at_;
  std::unique_ptr<ReferralDesk> desk_{};
};

struct Pair : ::testing::Test {
  Town town{};
  Resident& clinic = town.Add("practice", "clinic");
  Resident& bank = town.Add("cbo", "foodbank");
  Wire& up = town.Connect(clinic, bank);
  Wire& down = town.Connect(bank, clinic);
  Hand at_clinic{town, clinic};
  Hand at_bank{town, bank};

  Pair() {
    clinic.Enrol(bank, "", "");
    bank.Enrol(clinic, "", "");
  }
  // Nothing gets through.
  void Partition() {
    town.weather = [](Wire&, bool) { return Mishap::kCut; };
  }
  void Heal() { town.weather = nullptr; }
  void ExpectSettled() { ASSERT_TRUE(town.Settle(20'000)) << town.Describe(); }
  void Keep(RecordKind kind, std::string_view id, ByteView body) {
    RecordView view;
    view.kind = static_cast<std::uint32_t>(kind);
    view.source_id = id;
    if (kind != RecordKind::kPerson) view.person = kPerson;
    view.body = body;
    const auto record = Must(clinic.keeper().Prepare(view));
    ASSERT_TRUE(clinic.db()
                    .Write("keep",
                           [&](Tx& tx) -> Status {
                             EQN_CHECK(clinic.keeper().Put(tx, record));
                             return Ok();
                           })
                    .ok());
  }
  // Everything that a node's store holds, of every table.
  std::string DumpOf(Resident& at) {
    return Must(at.db().Read([](ReadTx& tx) -> Result<std::string> {
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
    }));
  }
  // The bank's certificate is not good for sealing, or is again.
  void Certificate(PeerCertificateState state) {
    ASSERT_TRUE(clinic.db()
                    .Write("certificate",
                           [&](Tx& tx) -> Status {
                             EQN_CHECK(PeerStore::Remove(tx, bank.uri()));
                             EQN_CHECK(PeerStore::Put(tx, {.uri = bank.uri()}, town.now()));
                             EQN_CHECK(PeerStore::PutCertificate(tx, bank.uri(), bank.certificate(),
                                                                 state, town.now()));
                             clinic.enrolment().ReloadAfter(tx);
                             return Ok();
                           })
                    .ok());
  }
};
using ReferralLeaving = Pair;

TEST_F(ReferralLeaving, AConsentThatEndsInTheOutboxKeepsTheOrderHere) {
  Certificate(PeerCertificateState::kHeld);
  at_clinic.Consent(town.now() + 1h);
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  EXPECT_EQ(at_clinic.Stands(id), "requested");
  ASSERT_EQ(at_clinic.Disclosures().size(), 1u);
  town.clock().Advance(1h);
  Certificate(PeerCertificateState::kCurrent);
  ExpectSettled();
  EXPECT_EQ(at_clinic.Stands(id), "cancelled (consent-expired)");
  EXPECT_EQ(at_bank.Stands(id), "none");
  EXPECT_TRUE(at_clinic.Disclosures().empty()) << "what never left was told to nobody";
  EXPECT_TRUE(at_clinic.Get(id)->stored.asked.empty());
  EXPECT_EQ(clinic.Audited("REFERRAL_KEPT_BACK"), 1u);
}

TEST_F(ReferralLeaving, AConsentThatHoldsLetsItLeave) {
  Certificate(PeerCertificateState::kHeld);
  at_clinic.Consent(town.now() + 2h);
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  town.clock().Advance(1h);
  Certificate(PeerCertificateState::kCurrent);
  ExpectSettled();
  EXPECT_EQ(at_bank.Stands(id), "requested");
  // What has arrived goes on when the consent is over.
  town.clock().Advance(3h);
  EXPECT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  EXPECT_EQ(at_clinic.Stands(id), "accepted");
  EXPECT_EQ(clinic.Audited("REFERRAL_KEPT_BACK"), 0u);
}

// It has its number and is sealed; the network is down.
TEST_F(ReferralLeaving, WhatIsSealedAndNotDeliveredIsVoidedByARevocation) {
  const Uuid consent = at_clinic.Consent();
  Partition();
  const Uuid id = at_clinic.Create(bank);
  for (int i = 0; i < 20; ++i) town.Round();
  const auto sealed = [&] {
    std::size_t with_canary = 0;
    const ExchangeState state = clinic.State();
    for (const StoredOutgoing& link : state.outgoing) {
      for (const StoredSent& sent :
           Must(clinic.db().Read([&](ReadTx& tx) { return OutgoingStore::Kept(tx, link.link); }))) {
        const std::string_view payload = AsText(sent.made_of.payload);
        if (!sent.sent.voided && payload.find(kCanary) != std::string_view::npos) ++with_canary;
      }
    }
    return with_canary;
  };
  ASSERT_EQ(sealed(), 1u);
  EXPECT_EQ(at_clinic.Revoke(consent).told, std::vector<std::string>{bank.uri()});
  for (int i = 0; i < 20; ++i) town.Round();
  EXPECT_EQ(sealed(), 0u);
  Heal();
  ExpectSettled();
  EXPECT_EQ(at_bank.Stands(id), "none");
  EXPECT_EQ(at_clinic.Stands(id), "cancelled (consent-revoked)");
  EXPECT_TRUE(at_clinic.Disclosures().at(0).revoked_heard.has_value());
}

TEST_F(ReferralLeaving, WhatIsSealedAndNotDeliveredIsVoidedWhenTheConsentEnds) {
  at_clinic.Consent(town.now() + 24h);
  Partition();
  const Uuid id = at_clinic.Create(bank);
  for (int i = 0; i < 20; ++i) town.Round();
  town.clock().Advance(25h);
  for (int i = 0; i < 20; ++i) town.Round();
  Heal();
  ExpectSettled();
  EXPECT_EQ(at_bank.Stands(id), "none");
  // This end has asked whether anything came, and has heard that nothing did.
  EXPECT_EQ(at_clinic.Stands(id), "cancelled (consent-expired)");
  EXPECT_EQ(clinic.Audited("REFERRAL_KEPT_BACK"), 1u);
  EXPECT_TRUE(at_clinic.Get(id)->stored.asked.empty());
  town.clock().Advance(std::chrono::days{31});
  EXPECT_EQ(at_clinic.Expire(), 0u);
}

// It had arrived, and only its receipt was lost: both ends end it, with one story.
TEST_F(ReferralLeaving, WhatArrivedBeforeItsVoidEndsAtBothEnds) {
  at_clinic.Consent(town.now() + 24h);
  town.weather = [this](Wire& wire, bool there) {
    return there && &wire == &up ? Mishap::kNone : Mishap::kLose;
  };
  const Uuid id = at_clinic.Create(bank);
  for (int i = 0; i < 20; ++i) town.Round();
  ASSERT_EQ(at_bank.Stands(id), "requested");
  ASSERT_EQ(at_clinic.Stands(id), "requested");
  Partition();
  town.clock().Advance(25h);
  for (int i = 0; i < 20; ++i) town.Round();
  Heal();
  ExpectSettled();
  EXPECT_EQ(at_clinic.Stands(id), "cancelled (consent-expired)");
  EXPECT_EQ(at_bank.Get(id)->links, at_clinic.Get(id)->links);
}

// What was said in words before the consent ended, and has not left, stays; what was asked for with
// them is asked for without.
TEST_F(ReferralLeaving, TA07_WordsThatWaitWhenTheConsentEndsStayHere) {
  const Uuid consent = at_clinic.Consent();
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  Certificate(PeerCertificateState::kHeld);
  ASSERT_EQ(at_clinic.Do(id, referral::EventKind::kCancel, "other", std::string(kCanary) + "!"),
            "OK");
  (void)at_clinic.Revoke(consent);
  Certificate(PeerCertificateState::kCurrent);
  ExpectSettled();
  EXPECT_EQ(at_bank.Get(id)->stored.asked.size(), 0u);
  const auto open = at_bank.Get(id);
  EXPECT_EQ(open->chain.view.cancel_reason, "consent-revoked");
  for (const referral::Link& link : open->links) {
    EXPECT_EQ(AsText(link.event).find("CANARY"), std::string_view::npos);
  }
  EXPECT_EQ(at_bank.Do(id, referral::EventKind::kConfirmCancel), "OK");
  ExpectSettled();
  EXPECT_EQ(at_bank.Get(id)->links, at_clinic.Get(id)->links);
}

TEST_F(ReferralLeaving, SealedWordsAreVoidedWhenTheConsentEnds) {
  const Uuid consent = at_clinic.Consent();
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  Partition();
  ASSERT_EQ(at_clinic.Do(id, referral::EventKind::kCancel, "other", std::string(kCanary) + "!"),
            "OK");
  for (int i = 0; i < 20; ++i) town.Round();
  (void)at_clinic.Revoke(consent);
  town.clock().Advance(1h);  // The next sweep.
  for (int i = 0; i < 20; ++i) town.Round();
  Heal();
  ExpectSettled();
  const auto open = at_bank.Get(id);
  EXPECT_EQ(open->chain.view.cancel_reason, "consent-revoked");
  for (const referral::Link& link : open->links) {
    EXPECT_EQ(AsText(link.event).find("CANARY"), std::string_view::npos);
  }
}

TEST_F(ReferralLeaving, ARevocationForAPeerThatIsGoneIsShownAndToldWhenItIsBack) {
  const Uuid consent = at_clinic.Consent();
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  Partition();
  (void)at_clinic.Revoke(consent);
  for (int i = 0; i < 20; ++i) town.Round();
  clinic.Remove(bank);
  Heal();
  // What is voided for who is not enrolled is never receipted: this does not come to rest.
  for (int i = 0; i < 40; ++i) town.Round();
  EXPECT_EQ(clinic.Audited("REVOCATION_NOT_DELIVERED"), 1u);
  ASSERT_EQ(at_clinic.Disclosures().size(), 1u);
  EXPECT_TRUE(at_clinic.Disclosures()[0].revoked_lost.has_value());
  EXPECT_FALSE(at_clinic.Disclosures()[0].revoked_heard.has_value());
  EXPECT_FALSE(at_bank.Get(id)->stored.asked.empty());
  // The verb that waited for its answer may be said again.
  EXPECT_EQ(at_clinic.Do(id, referral::EventKind::kCancel, "consent-revoked"), "OK");
  for (int i = 0; i < 20; ++i) town.Round();

  clinic.Enrol(bank, "", "");
  at_clinic.TellAgain(bank, false);
  ExpectSettled();
  EXPECT_TRUE(at_bank.Get(id)->stored.asked.empty());
  EXPECT_TRUE(at_clinic.Disclosures()[0].revoked_heard.has_value());
  EXPECT_FALSE(at_clinic.Disclosures()[0].revoked_lost.has_value());
}

TEST_F(ReferralLeaving, ARecipientThatIsRestoredHearsOfTheRevocationAgain) {
  const Uuid consent = at_clinic.Consent();
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  TempFolder backup;
  bank.Backup(backup.path());
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  const Uuid second = [&] {
    town.clock().Advance(1h);
    return at_clinic.Create(bank);
  }();
  ExpectSettled();
  (void)at_clinic.Revoke(consent);
  ExpectSettled();
  ASSERT_TRUE(at_bank.Get(id)->stored.asked.empty());
  ASSERT_EQ(at_bank.Stands(second), "cancelled (consent-revoked)");

  up.Cut();
  down.Cut();
  bank.PutBack(backup.path());
  at_bank.Open();
  EXPECT_FALSE(at_bank.Get(id)->stored.asked.empty()) << "the backup does not know";
  EXPECT_EQ(at_bank.Stands(second), "none");
  const std::string code = clinic.BeginAnew(bank);
  at_clinic.TellAgain(bank, true);
  ASSERT_EQ(bank.BeginAnew(clinic, code), code);
  at_bank.TellAgain(clinic, true);
  ExpectSettled();
  EXPECT_TRUE(at_bank.Get(id)->stored.asked.empty());
  // What the bank itself had linked since comes back to it, signed as it was by itself.
  EXPECT_EQ(at_bank.Get(id)->links, at_clinic.Get(id)->links);
  EXPECT_EQ(at_bank.Stands(id), at_clinic.Stands(id));
  EXPECT_EQ(at_bank.Stands(second), "none") << "what was taken back is not told again";
}

// Taken back while the recipient is down with an old backup, or after its links were begun anew.
TEST_F(ReferralLeaving, TA07_ARevocationMadeWhileOrAfterTheRecipientIsRestoredIsHeard) {
  for (const bool after : {false, true}) {
    SCOPED_TRACE(after ? "after" : "while");
    const Uuid consent = at_clinic.Consent();
    const Uuid id = at_clinic.Create(bank);
    ExpectSettled();
    TempFolder backup;
    bank.Backup(backup.path());
    ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
    ExpectSettled();
    town.clock().Advance(1h);
    const Uuid second = at_clinic.Create(bank);
    ExpectSettled();
    up.Cut();
    down.Cut();
    bank.PutBack(backup.path());
    at_bank.Open();
    ASSERT_FALSE(at_bank.Get(id)->stored.asked.empty());
    ASSERT_EQ(at_bank.Stands(second), "none");
    if (!after) {
      EXPECT_EQ(at_clinic.Revoke(consent).told, std::vector<std::string>{bank.uri()});
    }
    const std::string code = clinic.BeginAnew(bank);
    at_clinic.TellAgain(bank, true);
    ASSERT_EQ(bank.BeginAnew(clinic, code), code);
    at_bank.TellAgain(clinic, true);
    if (after) {
      ExpectSettled();
      ASSERT_FALSE(at_bank.Get(second)->stored.asked.empty()) << "told again, since nobody minded";
      EXPECT_EQ(at_clinic.Revoke(consent).told, std::vector<std::string>{bank.uri()});
    }
    ExpectSettled();
    EXPECT_TRUE(at_bank.Get(id)->stored.asked.empty());
    EXPECT_TRUE(at_bank.Get(id)->chain.view.cancel_asked.has_value())
        << at_bank.Stands(id) << at_bank.Get(id)->stored.fault << " here "
        << at_clinic.Get(id)->stored.fault;
    EXPECT_EQ(at_bank.Get(id)->links, at_clinic.Get(id)->links);
    EXPECT_EQ(at_bank.Stands(second), after ? "cancelled (consent-revoked)" : "none");
    for (const StoredDisclosure& each : at_clinic.Disclosures()) {
      EXPECT_TRUE(each.revoked_heard.has_value()) << each.disclosure.id.ToString();
    }
  }
}

// The clinic keeps a person, what they answered and the codes of it; of all that the order alone
// goes to the food bank, and of the order what its domain's list has.
TEST_F(ReferralLeaving, TL08_OfAPersonsAnswersAndCodesNothingIsAtTheTarget) {
  ScreeningRecord screening;
  screening.instrument = "PRAPARE";
  screening.by = std::string(kCanary) + " answer";
  ConditionRecord condition;
  condition.codes = {
      {"http://hl7.org/fhir/sid/icd-10-cm", "Z59.41", std::string(kCanary) + " code"}};
  condition.signed_by = std::string(kCanary) + " clinician";
  Keep(RecordKind::kPerson, kPerson, AsBytes(std::string(kCanary) + " person"));
  Keep(RecordKind::kScreening, "feed/Observation/1", BodyFrom(screening));
  Keep(RecordKind::kCondition, "feed/Condition/1", BodyFrom(condition));
  const Uuid consent = at_clinic.Consent();
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ExpectSettled();
  EXPECT_NE(DumpOf(clinic).find("CANARY-7f3a-Maria-Lopez code"), std::string::npos);
  const std::string held = DumpOf(bank);
  for (const char* word : {" person", " answer", " code", " clinician"}) {
    EXPECT_EQ(held.find(std::string(kCanary) + word), std::string::npos) << word;
  }
  EXPECT_EQ(held.find("Z59.41"), std::string::npos);
  EXPECT_EQ(held.find(kPerson), std::string::npos);
  EXPECT_NE(held.find(kCanary), std::string::npos) << "the name, which the order has";
  (void)at_clinic.Revoke(consent);
  ExpectSettled();
  EXPECT_EQ(DumpOf(bank).find(kCanary), std::string::npos) << "and then not even that";
}

// The same without a revocation: everything that the recipient lost is told again, once.
TEST_F(ReferralLeaving, ARecipientThatIsRestoredGetsBackWhatItLost) {
  at_clinic.Consent();
  TempFolder backup;
  ExpectSettled();
  bank.Backup(backup.path());
  const Uuid id = at_clinic.Create(bank);
  ExpectSettled();
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kAccept), "OK");
  ASSERT_EQ(at_bank.Do(id, referral::EventKind::kStart), "OK");
  ExpectSettled();
  up.Cut();
  down.Cut();
  bank.PutBack(backup.path());
  at_bank.Open();
  EXPECT_EQ(at_bank.Stands(id), "none");
  const std::string code = clinic.BeginAnew(bank);
  at_clinic.TellAgain(bank, true);
  ASSERT_EQ(bank.BeginAnew(clinic, code), code);
  at_bank.TellAgain(clinic, true);
  ExpectSettled();
  EXPECT_EQ(at_bank.Stands(id), "in-progress");
  EXPECT_EQ(at_bank.Get(id)->links, at_clinic.Get(id)->links);
  EXPECT_EQ(at_bank.Do(id, referral::EventKind::kComplete), "OK");
  ExpectSettled();
  EXPECT_EQ(at_clinic.Stands(id), "completed");
}

}  // namespace
}  // namespace equinode::testing
