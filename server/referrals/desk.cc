#include "server/referrals/desk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/crypto/cms.h"
#include "client/convert/referral.h"
#include "domain/consent/consent.h"
#include "domain/referral/clocks.h"
#include "domain/referral/moves.h"
#include "domain/referral/retry.h"
#include "server/referrals/consent_on_file.h"
#include "server/referrals/open_referral.h"
#include "storage/consent_store.h"
#include "storage/outbox_store.h"

namespace equinode {

using exchange::PayloadKind;
using referral::Chain;
using referral::Event;
using referral::EventKind;
using referral::Link;
using referral::State;
using referral::View;
// Two things are called a role here: an organisation's in the network, a person's in a referral.
using ReferralRole = referral::Role;

namespace {

Error NotNow(std::string_view reason, std::string message) {
  return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
}

// Consent's answer as an error of a call.
Error WithoutConsent(const consent::Decision& decision) {
  switch (decision.answer) {
    case consent::Answer::kRefused:
      return NotNow("CONSENT_REFUSED", "the person has refused this: see `equinode consent list`");
    case consent::Answer::kRevoked:
      return NotNow("CONSENT_REVOKED", "the person has taken the consent back");
    case consent::Answer::kExpired:
      return NotNow("CONSENT_EXPIRED",
                    "the consent on file is not valid now: ask the person again");
    case consent::Answer::kNoneOnFile:
    case consent::Answer::kGiven:
      break;
  }
  return NotNow("NO_CONSENT", "no consent on file covers " + decision.category +
                                  " for this recipient: ask the person, then `equinode consent "
                                  "give`");
}

Result<consent::Decision> ConsentTo(ReadTx& tx, const ReferralAsked& asked, Instant now) {
  const std::string& recipient =
      asked.opening.owner.empty() ? asked.opening.target_node : asked.opening.owner;
  EQN_TRY(const Identity identity, ParseIdentity(recipient));
  consent::Question question;
  question.recipient = recipient;
  question.recipient_class = RoleName(identity.role);
  question.categories = {asked.opening.domain};
  EQN_TRY(consent::Decision decision, ConsentOnFile(tx, asked.person, question, now));
  if (decision.answer != consent::Answer::kGiven) return WithoutConsent(decision);
  return decision;
}

// The referrals before this one: those that it names are ours and in the right state, and nobody
// who turned the need down is asked again.
Status CheckEarlier(ReadTx& tx, const referral::Opening& opening) {
  EQN_TRY(const auto earlier, ReferralStore::OfNeed(tx, opening.need));
  std::vector<View> views;
  for (const StoredReferral& each : earlier) {
    if (!each.ours) continue;
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, each));
    views.push_back(open.chain.view);
  }
  if (opening.reopens) {
    EQN_TRY(const StoredReferral closed, ReferralStore::Get(tx, *opening.reopens));
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, closed));
    if (open.chain.view.opening.need != opening.need) {
      return Error{Code::kInvalidArgument, "OTHER_NEED", "a referral is reopened for its own need"};
    }
    return referral::MayReopen(open.chain.view);
  }
  if (opening.follows) EQN_CHECK(ReferralStore::Get(tx, *opening.follows));
  return referral::MayRefer(views, opening.need,
                            opening.owner.empty() ? opening.target_node : opening.owner);
}

ReferralNews NewsOf(const OpenReferral& open) {
  ReferralNews news;
  news.referral = open.stored.id;
  return news;
}

// The first that the target hears. Made from what is stored alone, so that it can be made again.
ReferralNews FirstNews(const OpenReferral& open) {
  ReferralNews news = NewsOf(open);
  news.order = open.stored.asked;
  news.consents = open.stored.consents;
  news.notice = consent::NoticeFor(open.chain.view.opening.domain);
  news.links = {open.links.front()};
  return news;
}

}  // namespace

Result<Bytes> ReferralDesk::Sign(ByteView bytes) const {
  const auto ring = deps_.keys.Get();
  return SignDetached(bytes, ring->current.certificate, ring->current.key);
}

referral::SignatureCheck ReferralDesk::Checker(Instant now) const {
  return [this, now](ByteView bytes, ByteView signature, std::string_view node) -> Status {
    const auto ring = deps_.keys.Get();
    EQN_TRY(const Certificate signer, VerifyDetached(bytes, signature, ring->trust, now));
    if (node != ring->self.uri) return deps_.enrolment.CheckSigner(node, signer, now);
    const std::vector<std::string> names = signer.uri_names();
    if (names.size() == 1 && names.front() == node) return Ok();
    return Error{Code::kUnauthenticated, "UNKNOWN_SIGNER", "this node has not signed that"};
  };
}

Event ReferralDesk::EventBy(std::string_view actor, ReferralRole role,
                            const OpenReferral& open) const {
  Event event;
  const Instant now = deps_.clock.Now();
  event.id = Uuid::MakeV7(now, deps_.random);
  event.referral = open.stored.id;
  event.actor = actor;
  event.role = role;
  event.at = now;
  event.seen_number = open.chain.number;
  event.seen_hash = open.chain.head;
  return event;
}

Status ReferralDesk::Send(Tx& tx, const OpenReferral& open, ByteView payload) const {
  EQN_CHECK(OutboxStore::Queue(tx, open.stored.peer, exchange::LaneOf(PayloadKind::kReferral),
                               PayloadKind::kReferral, payload, deps_.clock.Now()));
  if (deps_.queued) deps_.queued(tx);
  return Ok();
}

Status ReferralDesk::Tell(Tx& tx, const OpenReferral& open, std::size_t first_link) const {
  for (std::size_t at = first_link; at < open.links.size(); at += kMaxPayloadLinks) {
    ReferralNews news = NewsOf(open);
    const std::size_t end = std::min(open.links.size(), at + kMaxPayloadLinks);
    news.links.assign(open.links.begin() + static_cast<std::ptrdiff_t>(at),
                      open.links.begin() + static_cast<std::ptrdiff_t>(end));
    EQN_CHECK(Send(tx, open, BytesFromReferralNews(news)));
  }
  return Ok();
}

Status ReferralDesk::Save(Tx& tx, OpenReferral& open) const {
  const View& view = open.chain.view;
  open.stored.state = referral::Name(view.state);
  const auto next = referral::NextActionOf(view, deps_.clock.Now());
  open.stored.next_who = !next ? 0 : next->who == ReferralRole::kRequester ? 1 : 2;
  open.stored.next_by = next ? next->by : Instant{};
  return ReferralStore::Save(tx, open.stored);
}

Status ReferralDesk::Keep(Tx& tx, OpenReferral& open, Link link, Chain chain) const {
  EQN_TRY(const Event event, referral::EventFrom(link.event));
  EQN_CHECK(ReferralStore::AddLink(tx, open.stored.row, link, event.id));
  EQN_CHECK(ReferralStore::SettleProposal(tx, event.id, "OK"));
  open.links.push_back(std::move(link));
  open.chain = std::move(chain);
  return Ok();
}

// The event gets its place here and now; the other end is not told yet.
Status ReferralDesk::PlaceHere(Tx& tx, OpenReferral& open, const Event& event,
                               Bytes signature) const {
  EQN_TRY(Link link, referral::Place(open.chain, event, std::move(signature), deps_.clock.Now()));
  EQN_TRY(link.home_signature, Sign(referral::LinkBytes(link)));
  // Both signatures are fresh from this node or were checked when they came.
  EQN_TRY(Chain chain, referral::Extend(open.chain, link, TrustedSignatures()));
  return Keep(tx, open, std::move(link), std::move(chain));
}

Result<StoredReferral> ReferralDesk::Create(Tx& tx, std::string_view actor,
                                            const ReferralAsked& asked_in) const {
  const Instant now = deps_.clock.Now();
  ReferralAsked asked = asked_in;
  referral::Opening& opening = asked.opening;
  opening.requester_node = deps_.keys.Get()->self.uri;
  if (opening.target_node == opening.requester_node || !deps_.enrolment.Find(opening.target_node)) {
    return Error{Code::kNotFound, "NO_SUCH_PEER",
                 "the target's node is not enrolled here: `equinode peer list`"};
  }
  EQN_TRY(const referral::TargetOrder order, referral::ForTarget(asked.order, opening.domain));
  EQN_TRY(const consent::Decision decision, ConsentTo(tx, asked, now));
  EQN_CHECK(CheckEarlier(tx, opening));
  opening.order = order.digest();
  referral::StartClocks(opening, now);

  OpenReferral open;
  open.stored.id = Uuid::MakeV7(now, deps_.random);
  open.stored.need = opening.need;
  open.stored.ours = true;
  open.stored.person = asked.person;
  open.stored.peer = opening.target_node;
  open.stored.asked = order.Serialise();
  open.stored.consents = decision.because;
  EQN_TRY(open.stored, ReferralStore::Add(tx, std::move(open.stored)));

  Event event = EventBy(actor, ReferralRole::kRequester, open);
  event.kind = EventKind::kCreate;
  event.opening = opening;
  EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(event)));
  EQN_CHECK(PlaceHere(tx, open, event, std::move(signature)));
  EQN_CHECK(Save(tx, open));

  consent::Disclosure disclosure;
  disclosure.id = open.stored.id;
  disclosure.person = asked.person;
  disclosure.recipient = opening.owner.empty() ? opening.target_node : opening.owner;
  disclosure.at = now;
  disclosure.categories = {opening.domain};
  disclosure.description = "referral for " + opening.domain;
  disclosure.consents = decision.because;
  for (const std::string_view notice : decision.notices) disclosure.notice += notice;
  EQN_CHECK(ConsentStore::AddDisclosure(tx, disclosure));
  EQN_CHECK(Send(tx, open, BytesFromReferralNews(FirstNews(open))));
  return open.stored;
}

Status ReferralDesk::Propose(Tx& tx, OpenReferral& open, const Event& event) const {
  ReferralNews news = NewsOf(open);
  news.proposal.emplace();
  news.proposal->event = referral::CanonicalBytes(event);
  EQN_TRY(news.proposal->actor_signature, Sign(news.proposal->event));
  EQN_CHECK(ReferralStore::AddProposal(tx, open.stored.row, event.id, referral::Name(event.kind)));
  EQN_CHECK(Save(tx, open));
  return Send(tx, open, BytesFromReferralNews(news));
}

// What has not left can be taken back: nobody else knows of it.
Result<bool> ReferralDesk::TakeBack(Tx& tx, const OpenReferral& open) const {
  const View& view = open.chain.view;
  if (!open.stored.ours || view.state != State::kRequested || view.received) return false;
  return OutboxStore::TakeBack(tx, open.stored.peer, PayloadKind::kReferral,
                               BytesFromReferralNews(FirstNews(open)));
}

Result<bool> ReferralDesk::PlaceOrPropose(Tx& tx, OpenReferral& open, const Event& event) const {
  const std::string self = deps_.keys.Get()->self.uri;
  bool here = referral::HomeOf(open.chain.view, event) == self;
  // Sent and not known to have arrived: it may have, so the other end decides.
  if (here && open.stored.ours && open.chain.view.state == State::kRequested) {
    EQN_TRY(here, TakeBack(tx, open));
    if (here) {
      EQN_CHECK(ConsentStore::DropDisclosure(tx, open.stored.id));
    }
  }
  if (!here) {
    EQN_CHECK(referral::CheckActor(open.chain.view, event));
    EQN_CHECK(referral::Apply(open.chain.view, event, deps_.clock.Now()));
    EQN_TRY(const auto proposals, ReferralStore::Proposals(tx, open.stored.row));
    for (const StoredProposal& each : proposals) {
      if (each.outcome.empty() && each.verb == referral::Name(event.kind)) {
        return NotNow("PROPOSED_BEFORE", "the other end has not answered the same verb yet");
      }
    }
    EQN_CHECK(Propose(tx, open, event));
    return false;
  }
  EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(event)));
  const std::size_t before = open.links.size();
  EQN_CHECK(PlaceHere(tx, open, event, std::move(signature)));
  EQN_CHECK(Save(tx, open));
  // A referral that never left is nobody else's news.
  if (!open.stored.ours || open.chain.view.received) EQN_CHECK(Tell(tx, open, before));
  return true;
}

Result<ReferralActed> ReferralDesk::Act(Tx& tx, std::string_view actor, const Uuid& id,
                                        const ReferralDeed& deed) const {
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  if (!open.stored.fault.empty()) {
    return NotNow("CHAIN_FAULT", "the two ends tell different stories (" + open.stored.fault +
                                     "): settle it with the other organisation by telephone");
  }
  Event event =
      EventBy(actor, open.stored.ours ? ReferralRole::kRequester : ReferralRole::kTarget, open);
  event.kind = deed.verb;
  event.reason = deed.reason;
  event.note = deed.note;
  event.when = deed.when;
  event.reported_by = deed.reported_by;
  event.evidence = deed.evidence;
  if (deed.verb == EventKind::kClaim) {
    EQN_TRY(const Identity identity, ParseIdentity(actor));
    event.owner = identity.node_uri();
  }
  EQN_TRY(const bool placed, PlaceOrPropose(tx, open, event));
  return ReferralActed{open.stored, !placed};
}

Result<ReferralDesk::Revoked> ReferralDesk::Revoke(Tx& tx, const Uuid& id,
                                                   const Digest& document) const {
  const Instant now = deps_.clock.Now();
  const std::string self = deps_.keys.Get()->self.uri;
  EQN_TRY(const StoredConsent consent, ConsentStore::Get(tx, id));
  if (!consent.consent.given) {
    return NotNow("NOT_A_YES", "a refusal is not revoked: record the new consent");
  }
  if (consent.revoked_at) return NotNow("REVOKED_BEFORE", "this consent was revoked before");
  EQN_CHECK(ConsentStore::Revoke(tx, {id, now, document}));
  Revoked revoked;
  std::set<std::string> told;
  EQN_TRY(std::vector<StoredReferral> under, ReferralStore::UnderConsent(tx, true, "", id));
  for (StoredReferral& each : under) {
    EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(each)));
    const bool final = referral::IsFinal(open.chain.view.state);
    if (open.chain.view.received || !final) told.insert(open.stored.peer);
    if (final || !open.stored.fault.empty()) continue;
    Event event = EventBy(self, ReferralRole::kRequesterNode, open);
    event.kind = EventKind::kCancel;
    event.reason = "consent-revoked";
    const auto placed = PlaceOrPropose(tx, open, event);
    if (placed.ok() && *placed && !open.chain.view.received) {
      ++revoked.destroyed;
      told.erase(open.stored.peer);
      open.stored.asked.clear();
      EQN_CHECK(Save(tx, open));
    } else if (!placed.ok() && placed.error().reason != "PROPOSED_BEFORE" &&
               placed.error().reason != "CANCEL_ASKED_BEFORE") {
      return placed.error();
    }
  }
  for (const std::string& peer : told) {
    EQN_CHECK(ConsentStore::NoteRevocationTold(tx, id, peer, now));
    EQN_CHECK(OutboxStore::Queue(tx, peer, exchange::LaneOf(PayloadKind::kConsentRevocation),
                                 PayloadKind::kConsentRevocation,
                                 BytesFromRevocationNews({id, now, false}), now));
    if (deps_.queued) deps_.queued(tx);
    revoked.told.push_back(peer);
  }
  return revoked;
}

Result<std::size_t> ReferralDesk::Expire(Tx& tx, std::size_t most) const {
  const Instant now = deps_.clock.Now();
  const std::string self = deps_.keys.Get()->self.uri;
  ReferralFilter filter;
  filter.ours = false;
  filter.open_only = true;
  std::size_t ended = 0;
  std::optional<ReferralPlace> after;
  for (;;) {
    EQN_TRY(std::vector<StoredReferral> page, ReferralStore::List(tx, filter, after, 200));
    for (StoredReferral& each : page) {
      if (each.next_by > now || ended == most) return ended;
      after = ReferralPlace{each.next_by.time_since_epoch().count(), each.row};
      if (!each.fault.empty()) continue;
      EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(each)));
      if (now < referral::ExpiresAt(open.chain.view)) continue;
      Event event = EventBy(self, ReferralRole::kTargetNode, open);
      event.kind = EventKind::kExpire;
      EQN_CHECK(PlaceOrPropose(tx, open, event));
      ++ended;
    }
    if (page.size() < 200) return ended;
  }
}

}  // namespace equinode
