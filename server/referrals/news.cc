// What the other end of a referral tells.
#include <span>
#include <utility>

#include "domain/consent/disclosures.h"
#include "domain/referral/here.h"
#include "domain/referral/moves.h"
#include "domain/referral/words_told.h"
#include "server/referrals/consent_on_file.h"
#include "server/referrals/desk.h"
#include "storage/consent_store.h"
#include "storage/outbox_store.h"

namespace equinode {

using exchange::PayloadKind;
using referral::Chain;
using referral::Event;
using referral::EventKind;
using referral::Link;
using referral::View;
using ReferralRole = referral::Role;

namespace {

// How a refusal begins that says: your chain is not ours.
constexpr std::string_view kChainFault = "CHAIN_";

Error BadReferral(std::string message) {
  return Error{Code::kInvalidArgument, "BAD_REFERRAL", std::move(message)};
}

// A new referral stands for itself: its order, its opening, who may send it.
Result<Event> CheckFirst(const ReferralNews& news, std::string_view from, std::string_view self) {
  if (news.links.empty() || news.links.front().number != 1) {
    return BadReferral("a referral begins with its first link");
  }
  EQN_TRY(Event event, referral::EventFrom(news.links.front().event));
  if (!event.opening || event.kind != EventKind::kCreate || event.referral != news.referral) {
    return BadReferral("a referral begins with its creation");
  }
  if (event.opening->requester_node != from || event.opening->target_node != self) {
    return Error{Code::kPermissionDenied, "WRONG_NODE",
                 "a referral comes from the node that asks and goes to the node that is asked"};
  }
  EQN_CHECK(referral::CheckWords(event, event.opening->domain, false));
  EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(news.order));
  if (order.digest() != event.opening->order || order.domain() != event.opening->domain) {
    return BadReferral("the order is not the one that was signed");
  }
  return event;
}

// Who claims an open referral at another's node gets to know what was told to that node.
Status NoteClaimed(Tx& tx, const OpenReferral& open, const std::string& owner, Instant now) {
  consent::Disclosure disclosure;
  disclosure.id = open.stored.id;
  disclosure.person = open.stored.person;
  disclosure.recipient = owner;
  disclosure.at = now;
  const std::string& domain = open.chain.view.opening.domain;
  const std::vector<std::string> labels = LabelsOf(open.stored.asked, domain);
  disclosure.categories = {domain};
  disclosure.categories.insert(disclosure.categories.end(), labels.begin(), labels.end());
  disclosure.description = "referral for " + domain + ", claimed";
  disclosure.consents = open.stored.consents;
  disclosure.notice = consent::NoticesFor(labels);
  return ConsentStore::AddDisclosure(tx, disclosure);
}

}  // namespace

Status ReferralDesk::Refuse(Tx& tx, std::string_view to, const Uuid& id, const Uuid& event,
                            std::string_view reason) const {
  ReferralNews news;
  news.referral = id;
  news.refusal = ReferralNews::Refusal{event, std::string(reason)};
  EQN_CHECK(OutboxStore::Queue(tx, to, exchange::LaneOf(PayloadKind::kReferral),
                               PayloadKind::kReferral, BytesFromReferralNews(news),
                               deps_.clock.Now()));
  if (deps_.queued) deps_.queued(tx);
  return Ok();
}

Status ReferralDesk::TakeNew(Tx& tx, std::string_view from, const ReferralNews& news,
                             AuditNote& note) const {
  const Instant now = deps_.clock.Now();
  const std::string self = deps_.keys.Get()->self.uri;
  // Judged before the transaction; what is left needs the store.
  EQN_TRY(const Event event, CheckFirst(news, from, self));
  const std::string& owner = event.opening->owner;
  if (!owner.empty() && owner != self && deps_.enrolment.HostOf(owner) != self) {
    note.purpose = "referral, refused: NOT_HOSTED";
    return Refuse(tx, from, news.referral, event.id, "NOT_HOSTED");
  }
  // A consent that was revoked there; or this very referral, by a later refusal.
  std::vector<Uuid> under = news.consents;
  under.push_back(news.referral);
  for (const Uuid& each : under) {
    EQN_TRY(const bool revoked, ConsentStore::IsRevokedElsewhere(tx, from, each));
    if (!revoked) continue;
    note.purpose = "referral, refused: CONSENT_REVOKED";
    return Refuse(tx, from, news.referral, event.id, "CONSENT_REVOKED");
  }
  // More than one link: what was here once, and was lost, is told again.
  Result<Chain> chain = referral::Verify(news.links, Checker(now));
  if (!chain.ok()) {
    note.purpose = "referral, refused: " + chain.error().reason;
    return Refuse(tx, from, news.referral, event.id, chain.error().reason);
  }
  OpenReferral open;
  open.stored.id = news.referral;
  open.stored.need = event.opening->need;
  open.stored.peer = from;
  open.stored.domain = event.opening->domain;
  open.stored.asked = news.order;
  open.stored.consents = news.consents;
  EQN_TRY(open.stored, ReferralStore::Add(tx, std::move(open.stored)));
  for (const Link& link : news.links) EQN_CHECK(Keep(tx, open, link, *chain));
  if (open.chain.view.received) return Save(tx, open);
  Event receive = EventBy(self, ReferralRole::kTargetNode, open);
  receive.kind = EventKind::kReceive;
  EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(receive)));
  EQN_CHECK(PlaceHere(tx, open, receive, std::move(signature)));
  EQN_CHECK(Save(tx, open));
  return Tell(tx, open, open.links.size() - 1);
}

Status ReferralDesk::TakeLinks(Tx& tx, OpenReferral& open, const ReferralNews& news,
                               AuditNote& note) const {
  const referral::SignatureCheck check = Checker(deps_.clock.Now());
  // The other end is told, so that it stops at its end too.
  const auto tell_back = [&](std::string_view reason, const Link& link) -> Status {
    EQN_TRY(const Event event, referral::EventFrom(link.event));
    return Refuse(
        tx, open.stored.peer, open.stored.id, event.id,
        (reason.starts_with(kChainFault) ? "" : std::string(kChainFault)) + std::string(reason));
  };
  const auto fault = [&](const std::string& reason, const Link& link) -> Status {
    NoteFault(open, reason + " at link " + std::to_string(link.number));
    note.purpose = "referral, fault: " + open.stored.fault;
    EQN_CHECK(Save(tx, open));
    return tell_back(reason, link);
  };
  if (!open.stored.fault.empty()) {
    note.purpose = "referral, passed over: " + open.stored.fault;
    return tell_back("CHAIN_FORK", news.links.back());
  }
  const std::size_t before = open.links.size();
  const bool was_claimed = !open.chain.view.owner.empty();
  for (const Link& link : news.links) {
    if (link.number <= open.chain.number) {
      if (referral::ForkAt(open.links, std::span(&link, 1))) return fault("CHAIN_FORK", link);
      continue;
    }
    Result<Chain> chain = referral::Extend(open.chain, link, check);
    if (!chain.ok()) return fault(chain.error().reason, link);
    EQN_CHECK(Keep(tx, open, link, *std::move(chain)));
  }
  if (open.links.size() > before) Heard(open);
  const View& view = open.chain.view;
  if (open.stored.ours && !was_claimed && !view.owner.empty() &&
      view.owner != view.opening.target_node) {
    EQN_CHECK(NoteClaimed(tx, open, view.owner, deps_.clock.Now()));
  }
  return Save(tx, open);
}

Status ReferralDesk::TakeProposal(Tx& tx, OpenReferral& open, const ReferralNews& news,
                                  AuditNote& note) const {
  const Instant now = deps_.clock.Now();
  EQN_TRY(const Event event, referral::EventFrom(news.proposal->event));
  EQN_TRY(const bool known, ReferralStore::HasEvent(tx, event.id));
  if (known) return Ok();
  const auto judge = [&]() -> Status {
    if (!open.stored.fault.empty()) {
      return Error{Code::kDataLoss, "CHAIN_FORK", "the two ends' chains do not agree"};
    }
    if (event.referral != open.stored.id) return BadReferral("the event is of another referral");
    EQN_CHECK(referral::CheckSeen(open.links, event));
    EQN_CHECK(referral::CheckActor(open.chain.view, event));
    const std::string_view node = referral::NodeOfActor(open.chain.view, event);
    if (node != open.stored.peer) {
      return Error{Code::kPermissionDenied, "WRONG_ACTOR", "a node proposes for its own people"};
    }
    EQN_CHECK(Checker(now)(news.proposal->event, news.proposal->actor_signature, node));
    // What its own node should not have signed is not taken here either.
    EQN_CHECK(referral::CheckWords(event, open.chain.view.opening.domain, false));
    EQN_CHECK(referral::Apply(open.chain.view, event, now));
    return Ok();
  };
  const Status judged = judge();
  if (!judged.ok()) {
    note.purpose = "referral, refused: " + judged.error().reason;
    if (judged.error().reason == "CHAIN_FORK" && open.stored.fault.empty()) {
      NoteFault(open, "CHAIN_FORK at link " + std::to_string(event.seen_number));
      EQN_CHECK(Save(tx, open));
    }
    return Refuse(tx, open.stored.peer, open.stored.id, event.id, judged.error().reason);
  }
  const std::size_t before = open.links.size();
  EQN_CHECK(PlaceHere(tx, open, event, news.proposal->actor_signature));
  EQN_CHECK(Save(tx, open));
  return Tell(tx, open, before);
}

Status ReferralDesk::TakeRefusal(Tx& tx, OpenReferral& open, const ReferralNews& news,
                                 AuditNote& note) const {
  const ReferralNews::Refusal& refusal = *news.refusal;
  note.purpose = "referral, refused there: " + refusal.reason;
  EQN_CHECK(ReferralStore::SettleProposal(tx, refusal.event, refusal.reason));
  EQN_TRY(const Event first, referral::EventFrom(open.links.front().event));
  // The target never took it, or has never heard of it: it is still ours to end.
  const bool never_taken = open.stored.ours && !open.chain.view.received &&
                           !referral::IsFinal(open.chain.view.state) &&
                           (first.id == refusal.event || refusal.reason == "NO_SUCH_REFERRAL");
  if (never_taken) {
    Heard(open);
    EQN_CHECK(EndUntaken(tx, open, refusal.reason));
  } else if (refusal.reason.starts_with(kChainFault)) {
    NoteFault(open, refusal.reason + ", told by the other end");
  }
  return Save(tx, open);
}

void ReferralDesk::NoteFault(OpenReferral& open, std::string fault) const {
  if (!open.stored.fault.empty()) return;
  open.stored.fault = std::move(fault);
  open.stored.fault_at = deps_.clock.Now();
}

void ReferralDesk::Heard(OpenReferral& open) const {
  std::optional<referral::EndHere>& end = open.stored.end_here;
  if (end && !referral::HoldsWhenHeard(*end)) end.reset();
}

Status ReferralDesk::TakeLimit(Tx& tx, OpenReferral& open, AuditNote& note) const {
  note.purpose = "referral, the state alone may be told back";
  // What was taken back holds nothing that could be narrowed.
  if (open.stored.ours || open.stored.asked.empty()) return Ok();
  EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(open.stored.asked));
  open.stored.asked = order.StatusOnly().Serialise();
  return Save(tx, open);
}

Status ReferralDesk::EndUntaken(Tx& tx, OpenReferral& open, std::string_view why) const {
  // Without its order it was kept back here: the consent had ended first.
  const bool kept_back = open.stored.asked.empty();
  EQN_TRY(const consent::Decision decision,
          ConsentToRefer(tx, open.stored.person, open.chain.view.opening,
                         LabelsOf(open.stored.asked, open.chain.view.opening.domain),
                         deps_.clock.Now()));
  const bool expired = kept_back && decision.answer == consent::Answer::kExpired;
  bool revoked = why == "CONSENT_REVOKED" || (kept_back && !expired);
  for (const Uuid& each : open.stored.consents) {
    EQN_TRY(const StoredConsent consent, ConsentStore::Get(tx, each));
    revoked = revoked || consent.revoked_at.has_value();
  }
  Event cancel = EventBy(deps_.keys.Get()->self.uri, ReferralRole::kRequesterNode, open);
  cancel.kind = EventKind::kCancel;
  cancel.reason = revoked ? "consent-revoked" : expired ? "consent-expired" : "other";
  if (!revoked && !expired) cancel.note = "the target's node did not take it: " + std::string(why);
  EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(cancel)));
  return PlaceHere(tx, open, cancel, std::move(signature));
}

PayloadApplier ReferralDesk::NewsApplier() const {
  return [this](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(ReferralNews news, ReferralNewsFromBytes(incoming.payload));
    const bool opens = !news.links.empty() && news.links.front().number == 1;
    if (opens && !news.order.empty()) {
      EQN_CHECK(CheckFirst(news, incoming.from, deps_.keys.Get()->self.uri));
    }
    if (news.proposal) EQN_CHECK(referral::EventFrom(news.proposal->event));
    for (const Link& link : news.links) EQN_CHECK(referral::EventFrom(link.event));
    return ApplyInTx(
        [this, news = std::move(news), from = incoming.from](Tx& tx, AuditNote& note) -> Status {
          note.subject = "referral";
          note.purpose = "referral";
          note.touched.Add(news.referral.ToString());
          EQN_TRY(std::optional<StoredReferral> known, ReferralStore::Find(tx, news.referral));
          if (!known) {
            if (!news.order.empty() && !news.links.empty()) return TakeNew(tx, from, news, note);
            note.purpose = "referral, unknown here";
            if (!news.proposal) return Ok();
            EQN_TRY(const Event event, referral::EventFrom(news.proposal->event));
            return Refuse(tx, from, news.referral, event.id, "NO_SUCH_REFERRAL");
          }
          if (known->peer != from) {
            note.purpose = "referral, refused: of another node";
            return Ok();
          }
          EQN_TRY(OpenReferral open, OpenReferral::Load(tx, *std::move(known)));
          if (news.proposal) return TakeProposal(tx, open, news, note);
          if (news.refusal) return TakeRefusal(tx, open, news, note);
          if (news.status_only) return TakeLimit(tx, open, note);
          return TakeLinks(tx, open, news, note);
        });
  };
}

Status ReferralDesk::TakeRevocation(Tx& tx, std::string_view from,
                                    const RevocationNews& news) const {
  const Instant now = deps_.clock.Now();
  if (news.acknowledged && news.referral) {
    EQN_TRY(const std::optional<StoredReferral> of, ReferralStore::Find(tx, *news.referral));
    if (!of || !of->ours || of->peer != from) return Ok();
    return ConsentStore::NoteRevocationHeard(tx, news.consent, *news.referral, now);
  }
  if (news.acknowledged) {
    EQN_TRY(const std::vector<StoredReferral> told,
            ReferralStore::UnderConsent(tx, true, from, news.consent));
    for (const StoredReferral& each : told) {
      EQN_CHECK(ConsentStore::NoteRevocationHeard(tx, news.consent, each.id, now));
    }
    return Ok();
  }
  EQN_CHECK(ConsentStore::NoteRevokedElsewhere(
      tx, from, news.referral ? *news.referral : news.consent, news.at));
  std::vector<StoredReferral> under;
  if (news.referral) {
    EQN_TRY(const std::optional<StoredReferral> one, ReferralStore::Find(tx, *news.referral));
    if (one && !one->ours && one->peer == from) under.push_back(*one);
  } else {
    EQN_TRY(under, ReferralStore::UnderConsent(tx, false, from, news.consent));
  }
  for (StoredReferral& each : under) {
    // How it stands may still be said; what was told about the person is gone.
    each.asked.clear();
    if (deps_.changed) deps_.changed(tx);
    EQN_CHECK(ReferralStore::Save(tx, each));
  }
  return QueueRevocation(tx, from, {news.consent, news.at, true, news.referral});
}

PayloadApplier ReferralDesk::RevocationApplier() const {
  return [this](const Incoming& incoming) -> Result<ApplyInTx> {
    EQN_TRY(const RevocationNews news, RevocationNewsFromBytes(incoming.payload));
    return ApplyInTx([this, news, from = incoming.from](Tx& tx, AuditNote& note) -> Status {
      note.subject = "consent";
      note.purpose = news.acknowledged ? "revocation heard" : "revocation";
      note.touched.Add(news.consent.ToString());
      if (news.referral) note.touched.Add(news.referral->ToString());
      return TakeRevocation(tx, from, news);
    });
  };
}

}  // namespace equinode
