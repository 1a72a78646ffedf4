// The last word on what leaves: consent is looked at again when the order gets its number. And what
// is told again to a peer that may not have it.
#include <set>
#include <utility>

#include "domain/referral/moves.h"
#include "server/referrals/consent_on_file.h"
#include "server/referrals/desk.h"
#include "server/referrals/tellings.h"
#include "storage/consent_store.h"
#include "storage/outbox_store.h"

namespace equinode {

using exchange::PayloadKind;
using referral::Event;
using referral::EventKind;
using ReferralRole = referral::Role;

namespace {

// A referral of this node's that `news` tells for the first time; nothing for all other news, which
// holds nothing about a person.
Result<std::optional<OpenReferral>> ToldOf(ReadTx& tx, const ReferralNews& news) {
  if (news.order.empty()) return std::optional<OpenReferral>();
  EQN_TRY(std::optional<StoredReferral> stored, ReferralStore::Find(tx, news.referral));
  if (!stored || !stored->ours) return std::optional<OpenReferral>();
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, *std::move(stored)));
  return std::optional<OpenReferral>(std::move(open));
}

}  // namespace

PayloadWatch ReferralDesk::NewsWatch() const {
  PayloadWatch watch;
  watch.may_leave = [](ReadTx& tx, std::string_view, ByteView payload,
                       Instant now) -> Result<bool> {
    const Result<ReferralNews> news = ReferralNewsFromBytes(payload);
    // What cannot be read tells nothing, and must not hold the lane up.
    if (!news.ok()) return true;
    EQN_TRY(const std::optional<OpenReferral> open, ToldOf(tx, *news));
    if (!open) return true;
    EQN_TRY(const consent::Decision decision,
            ConsentToRefer(tx, open->stored.person, open->chain.view.opening, now));
    return decision.answer == consent::Answer::kGiven;
  };
  watch.kept_back = [this](Tx& tx, std::string_view to, ByteView payload) -> Status {
    EQN_TRY(const ReferralNews news, ReferralNewsFromBytes(payload));
    return KeptBack(tx, to, news.referral);
  };
  watch.dropped = [](Tx& tx, std::string_view, ByteView payload) -> Status {
    EQN_TRY(const ReferralNews news, ReferralNewsFromBytes(payload));
    if (!news.proposal) return Ok();
    // Nobody will answer it; it may be made again.
    EQN_TRY(const Event event, referral::EventFrom(news.proposal->event));
    return ReferralStore::SettleProposal(tx, event.id, "PEER_REMOVED");
  };
  return watch;
}

Status ReferralDesk::KeptBack(Tx& tx, std::string_view to, const Uuid& id) const {
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_TRY(const consent::Decision decision,
          ConsentToRefer(tx, open.stored.person, open.chain.view.opening, deps_.clock.Now()));
  const bool expired = decision.answer == consent::Answer::kExpired;
  open.stored.asked.clear();
  // One that the target had is told again in vain; it goes on between the two as it is.
  if (!open.chain.view.received) {
    EQN_CHECK(ConsentStore::DropDisclosure(tx, id));
    if (!referral::IsFinal(open.chain.view.state)) {
      Event cancel = EventBy(deps_.keys.Get()->self.uri, ReferralRole::kRequesterNode, open);
      cancel.kind = EventKind::kCancel;
      cancel.reason = expired ? "consent-expired" : "consent-revoked";
      EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(cancel)));
      EQN_CHECK(PlaceHere(tx, open, cancel, std::move(signature)));
    }
  }
  EQN_CHECK(Save(tx, open));
  if (!deps_.audit) return Ok();
  AuditEntry entry;
  entry.actor = "node";
  entry.action = "REFERRAL_KEPT_BACK";
  entry.subject = to;
  entry.purpose = "referral";
  entry.outcome = expired ? "CONSENT_EXPIRED" : WithoutConsent(decision).reason;
  TouchedIds touched;
  touched.Add(id.ToString());
  return deps_.audit(tx, std::move(entry), touched);
}

PayloadWatch ReferralDesk::RevocationWatch() const {
  PayloadWatch watch;
  watch.dropped = [this](Tx& tx, std::string_view to, ByteView payload) -> Status {
    EQN_TRY(const RevocationNews news, RevocationNewsFromBytes(payload));
    if (news.acknowledged) return Ok();
    const Instant now = deps_.clock.Now();
    EQN_TRY(const std::vector<StoredReferral> under,
            ReferralStore::UnderConsent(tx, true, to, news.consent));
    for (const StoredReferral& each : under) {
      EQN_CHECK(ConsentStore::NoteRevocationLost(tx, news.consent, each.id, now));
    }
    if (!deps_.audit) return Ok();
    AuditEntry entry;
    entry.actor = "node";
    entry.action = "REVOCATION_NOT_DELIVERED";
    entry.subject = to;
    entry.purpose = "consent revocation";
    entry.outcome = "PEER_REMOVED";
    TouchedIds touched;
    touched.Add(news.consent.ToString());
    return deps_.audit(tx, std::move(entry), touched);
  };
  return watch;
}

Status ReferralDesk::QueueRevocation(Tx& tx, std::string_view peer,
                                     const RevocationNews& news) const {
  EQN_CHECK(OutboxStore::Queue(tx, peer, exchange::LaneOf(PayloadKind::kConsentRevocation),
                               PayloadKind::kConsentRevocation, BytesFromRevocationNews(news),
                               deps_.clock.Now()));
  if (deps_.queued) deps_.queued(tx);
  return Ok();
}

Status ReferralDesk::TellAgain(Tx& tx, std::string_view peer, bool everything) const {
  const Instant now = deps_.clock.Now();
  EQN_TRY(const std::vector<RevokedDisclosure> revoked,
          ConsentStore::RevocationsTold(tx, /*unheard_only=*/!everything));
  std::set<Uuid> told;
  for (const RevokedDisclosure& each : revoked) {
    EQN_TRY(const std::optional<StoredReferral> of, ReferralStore::Find(tx, each.referral));
    if (!of || of->peer != peer) continue;
    EQN_TRY(const StoredConsent consent, ConsentStore::Get(tx, each.consent));
    if (!consent.revoked_at) continue;
    EQN_CHECK(ConsentStore::NoteRevocationTold(tx, each.consent, each.referral, now));
    if (!told.insert(each.consent).second) continue;
    EQN_CHECK(QueueRevocation(tx, peer, {each.consent, *consent.revoked_at, false}));
  }
  EQN_TRY(std::vector<StoredReferral> known,
          ReferralStore::WithPeer(tx, peer, everything ? now - kBackupReach : Instant::max()));
  for (StoredReferral& each : known) {
    const bool faulty = !each.fault.empty();
    Result<OpenReferral> loaded = OpenReferral::Load(tx, std::move(each));
    if (!loaded.ok()) {
      // One that cannot be read keeps no other from being told.
      if (loaded.error().reason == "BAD_ROW") continue;
      return loaded.error();
    }
    const OpenReferral open = *std::move(loaded);
    if (faulty) {
      EQN_TRY(const Event last, referral::EventFrom(open.links.back().event));
      EQN_CHECK(Refuse(tx, open.stored.peer, open.stored.id, last.id, "CHAIN_FORK"));
      continue;
    }
    const bool left = open.chain.view.received || !referral::IsFinal(open.chain.view.state);
    std::size_t from = 0;
    bool with_order = open.stored.ours && !open.stored.asked.empty();
    if (with_order) {
      if (!left) continue;
      EQN_TRY(const consent::Decision decision,
              ConsentToRefer(tx, open.stored.person, open.chain.view.opening, now));
      // Taken back or over: what happened is told again, about whom is not.
      with_order = decision.answer == consent::Answer::kGiven || !open.chain.view.received;
    }
    if (with_order) {
      const ReferralNews whole = WholeNews(open);
      from = whole.links.size();
      EQN_CHECK(Send(tx, open, BytesFromReferralNews(whole)));
    }
    if (open.stored.ours && !open.chain.view.received) continue;  // The rest is nobody's news yet.
    EQN_CHECK(Tell(tx, open, from));
  }
  return Ok();
}

}  // namespace equinode
