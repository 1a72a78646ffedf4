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

constexpr std::size_t kMostWaiting = 1'000'000;

// Words about a person that `news` would tell, and the referral of this node's that they are of: an
// order for the first time, or a note beside it. Nothing for all other news.
Result<std::optional<OpenReferral>> ToldOf(ReadTx& tx, const ReferralNews& news) {
  bool tells = !news.order.empty();
  if (news.proposal) {
    const Result<Event> event = referral::EventFrom(news.proposal->event);
    tells = event.ok() && !event->note.empty();
  }
  if (!tells) return std::optional<OpenReferral>();
  EQN_TRY(std::optional<StoredReferral> stored, ReferralStore::Find(tx, news.referral));
  if (!stored || !stored->ours) return std::optional<OpenReferral>();
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, *std::move(stored)));
  return std::optional<OpenReferral>(std::move(open));
}

Result<consent::Decision> ConsentToTell(ReadTx& tx, const OpenReferral& open, Instant now) {
  const referral::Opening& opening = open.chain.view.opening;
  return ConsentToRefer(tx, open.stored.person, opening,
                        LabelsOf(open.stored.asked, opening.domain), now);
}

std::string_view EndOf(const consent::Decision& decision) {
  return decision.answer == consent::Answer::kExpired ? "consent-expired" : "consent-revoked";
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
    EQN_TRY(const consent::Decision decision, ConsentToTell(tx, *open, now));
    return decision.answer == consent::Answer::kGiven;
  };
  watch.kept_back = [this](Tx& tx, std::string_view to, ByteView payload) -> Status {
    EQN_TRY(const ReferralNews news, ReferralNewsFromBytes(payload));
    if (news.proposal) return WordsKeptBack(tx, to, news);
    return KeptBack(tx, to, news.referral, /*sealed=*/false);
  };
  watch.voided = [this](Tx& tx, std::string_view to, ByteView payload) -> Status {
    EQN_TRY(const ReferralNews news, ReferralNewsFromBytes(payload));
    if (news.proposal) return WordsKeptBack(tx, to, news);
    return KeptBack(tx, to, news.referral, /*sealed=*/true);
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

Status ReferralDesk::KeptBack(Tx& tx, std::string_view to, const Uuid& id, bool sealed) const {
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_TRY(const consent::Decision decision, ConsentToTell(tx, open, deps_.clock.Now()));
  // One that the target had is told again in vain; it goes on between the two as it is.
  const bool ends = !open.chain.view.received && !referral::IsFinal(open.chain.view.state);
  Event cancel = EventBy(deps_.keys.Get()->self.uri, ReferralRole::kRequesterNode, open);
  cancel.kind = EventKind::kCancel;
  cancel.reason = EndOf(decision);
  if (!sealed) {
    if (!open.chain.view.received) EQN_CHECK(ConsentStore::DropDisclosure(tx, id));
    if (ends) {
      EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(cancel)));
      EQN_CHECK(PlaceHere(tx, open, cancel, std::move(signature)));
    }
  } else if (ends && open.stored.fault.empty()) {
    // It may have arrived before the void: the other end says whether there is anything to cancel,
    // and that it has never heard of it ends it here (EndUntaken).
    const auto asked = PlaceOrPropose(tx, open, cancel);
    const bool before = !asked.ok() && (asked.error().reason == "PROPOSED_BEFORE" ||
                                        asked.error().reason == "CANCEL_ASKED_BEFORE");
    if (!asked.ok() && !before) return asked.error();
  }
  open.stored.asked.clear();
  EQN_CHECK(Save(tx, open));
  return NoteKeptBack(tx, to, open.stored,
                      decision.answer == consent::Answer::kExpired
                          ? std::string_view("CONSENT_EXPIRED")
                          : std::string_view(WithoutConsent(decision).reason));
}

// What was asked for is asked for without the words.
Status ReferralDesk::WordsKeptBack(Tx& tx, std::string_view to, const ReferralNews& news) const {
  EQN_TRY(Event event, referral::EventFrom(news.proposal->event));
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, news.referral));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_TRY(const consent::Decision decision, ConsentToTell(tx, open, deps_.clock.Now()));
  const std::string why = WithoutConsent(decision).reason;
  EQN_CHECK(ReferralStore::SettleProposal(tx, event.id, why));
  if (event.kind == EventKind::kCancel || event.reason != "other") {
    Event bare = EventBy(event.actor, event.role, open);
    bare.kind = event.kind;
    bare.reason = event.reason == "other" ? std::string(EndOf(decision)) : event.reason;
    bare.when = event.when;
    // Refused meanwhile: then there is nothing to ask for.
    const auto asked = PlaceOrPropose(tx, open, bare);
    if (!asked.ok() && !IsNo(asked.error())) return asked.error();
  }
  EQN_CHECK(Save(tx, open));
  return NoteKeptBack(tx, to, open.stored, why);
}

Status ReferralDesk::NoteKeptBack(Tx& tx, std::string_view to, const StoredReferral& stored,
                                  std::string_view why) const {
  if (!deps_.audit) return Ok();
  AuditEntry entry;
  entry.actor = "node";
  entry.action = "REFERRAL_KEPT_BACK";
  entry.subject = to;
  entry.purpose = "referral";
  entry.outcome = why;
  TouchedIds touched;
  touched.Add(stored.id.ToString());
  touched.Add(stored.person);
  for (const Uuid& each : stored.consents) touched.Add(each.ToString());
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

// What was proposed while the peer was away stands on links that it may have lost: it comes after
// them, or would look like a fork.
Status ReferralDesk::ProposeLast(Tx& tx, std::string_view peer) const {
  const exchange::Lane lane = exchange::LaneOf(PayloadKind::kReferral);
  EQN_TRY(const std::vector<QueuedPayload> waiting,
          OutboxStore::Waiting(tx, peer, lane, kMostWaiting));
  for (const QueuedPayload& each : waiting) {
    if (each.kind != PayloadKind::kReferral) continue;
    const Result<ReferralNews> news = ReferralNewsFromBytes(each.payload);
    if (!news.ok() || !news->proposal) continue;
    EQN_CHECK(OutboxStore::Take(tx, each.row));
    EQN_CHECK(OutboxStore::Queue(tx, peer, lane, each.kind, each.payload, deps_.clock.Now()));
  }
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
    EQN_CHECK(ConsentStore::NoteRevocationTold(tx, each.consent, each.referral, now));
    // A yes that stands was overruled by a refusal: of what was told under it this one alone.
    const Uuid& about = consent.revoked_at ? each.consent : each.referral;
    if (!told.insert(about).second) continue;
    RevocationNews news{each.consent, consent.revoked_at.value_or(now), false};
    if (!consent.revoked_at) news.referral = each.referral;
    EQN_CHECK(QueueRevocation(tx, peer, news));
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
      EQN_TRY(const consent::Decision decision, ConsentToTell(tx, open, now));
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
    if (!open.stored.ours || open.stored.asked.empty()) continue;
    if (referral::IsFinal(open.chain.view.state)) continue;
    const referral::Opening& opening = open.chain.view.opening;
    EQN_TRY(const bool back, MayTellBack(tx, open.stored.person, opening,
                                         LabelsOf(open.stored.asked, opening.domain), now));
    if (!back) EQN_CHECK(Send(tx, open, BytesFromReferralNews(LimitNews(open))));
  }
  return ProposeLast(tx, peer);
}

}  // namespace equinode
