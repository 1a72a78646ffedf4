#include "server/referrals/desk.h"

#include <algorithm>
#include <utility>

#include "base/crypto/cms.h"
#include "client/convert/referral.h"
#include "domain/consent/consent.h"
#include "domain/referral/capacity.h"
#include "domain/referral/clocks.h"
#include "domain/referral/evidence.h"
#include "domain/referral/here.h"
#include "domain/referral/moves.h"
#include "domain/referral/words_told.h"
#include "server/referrals/consent_on_file.h"
#include "server/referrals/earlier.h"
#include "server/referrals/open_referral.h"
#include "server/referrals/tellings.h"
#include "storage/capacity_store.h"
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
  const Instant now = deps_.clock.Now();
  open.chain.view.here = HereOf(open.stored);
  const View& view = open.chain.view;
  open.stored.state = referral::Name(view.state);
  const auto next = referral::NextActionOf(view, now);
  open.stored.next_who = !next ? 0 : next->who == ReferralRole::kRequester ? 1 : 2;
  open.stored.next_by = next ? next->by : Instant{};
  open.stored.turns_at = referral::LooksAgainAt(view, now);
  open.stored.owner = view.owner;
  open.stored.part_of = view.opening.part_of;
  open.stored.linked_at = open.chain.last;
  if (deps_.changed) deps_.changed(tx);
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

Result<referral::Opening> ReferralDesk::Resolve(ReadTx& tx, const ReferralAsked& asked) const {
  const Instant now = deps_.clock.Now();
  referral::Opening opening = asked.opening;
  opening.requester_node = deps_.keys.Get()->self.uri;
  const auto not_found = [](std::string_view reason, std::string message) {
    return Error{Code::kNotFound, std::string(reason), std::move(message)};
  };
  if (!deps_.enrolment.Find(opening.target_node)) {
    const auto host = deps_.enrolment.HostOf(opening.target_node);
    if (!host) {
      return not_found("NO_SUCH_PEER",
                       "no enrolled node is or hosts the target: `equinode peer list` and "
                       "`equinode host list`");
    }
    if (*host == opening.requester_node) {
      return NotNow("HOSTED_HERE",
                    "this node hosts that organisation and cannot be both ends of a referral");
    }
    if (asked.open || (!opening.owner.empty() && opening.owner != opening.target_node)) {
      return Error{Code::kInvalidArgument, "BAD_OWNER",
                   "an organisation without a node is asked itself: name its host as the target "
                   "to ask whoever is there"};
    }
    opening.owner = std::exchange(opening.target_node, *host);
    if (!deps_.enrolment.Find(opening.target_node)) {
      return not_found("NO_SUCH_PEER", "the node that hosts the target is not enrolled here");
    }
  }
  if (opening.owner.empty() && !asked.open) opening.owner = opening.target_node;
  if (!opening.owner.empty() && opening.owner != opening.target_node &&
      deps_.enrolment.HostOf(opening.owner) != opening.target_node) {
    return not_found("NOT_HOSTED",
                     "it is not known here that the target's node hosts this organisation: "
                     "`equinode host add`");
  }
  if (!opening.owner.empty() && !asked.despite_capacity) {
    EQN_TRY(const auto said, CapacityStore::Find(tx, opening.owner, opening.domain));
    if (said && referral::StatusAt(*said, now) == referral::CapacityStatus::kNoCapacity) {
      return NotNow("NO_CAPACITY", "that organisation has said that it can take nobody on until " +
                                       FormatInstant(said->until) +
                                       ": ask another, or say --despite-capacity");
    }
  }
  return opening;
}

Result<StoredReferral> ReferralDesk::Create(Tx& tx, std::string_view actor,
                                            ReferralAsked asked) const {
  const Instant now = deps_.clock.Now();
  EQN_CHECK(FollowOn(tx, asked));
  if (asked.opening.need.nil()) asked.opening.need = Uuid::MakeV7(now, deps_.random);
  if (!asked.opening.reopens && !asked.reason.empty()) {
    return Error{Code::kInvalidArgument, "BAD_REASON",
                 "a reason is said when a closed referral is taken up again (reopens)"};
  }
  EQN_TRY(referral::Opening opening, Resolve(tx, asked));
  EQN_TRY(referral::TargetOrder order, referral::ForTarget(asked.order, opening.domain));
  const std::vector<std::string> labels = order.labels();
  EQN_TRY(const consent::Decision decision, ConsentToRefer(tx, asked.person, opening, labels, now));
  if (decision.answer != consent::Answer::kGiven) return WithoutConsent(decision);
  EQN_CHECK(CheckEarlier(tx, asked, opening));
  EQN_TRY(const bool back, MayTellBack(tx, asked.person, opening, labels, now));
  if (!back) order = order.StatusOnly();
  opening.order = order.digest();
  referral::StartClocks(opening, now);

  OpenReferral open;
  open.stored.id = Uuid::MakeV7(now, deps_.random);
  open.stored.need = opening.need;
  open.stored.ours = true;
  open.stored.person = asked.person;
  open.stored.peer = opening.target_node;
  open.stored.domain = opening.domain;
  open.stored.asked = order.Serialise();
  open.stored.consents = decision.because;
  EQN_TRY(open.stored, ReferralStore::Add(tx, std::move(open.stored)));

  Event event = EventBy(actor, ReferralRole::kRequester, open);
  event.kind = EventKind::kCreate;
  event.opening = opening;
  event.reason = asked.reason;
  event.note = asked.note;
  EQN_CHECK(referral::CheckWords(event, opening.domain, false));
  EQN_TRY(Bytes signature, Sign(referral::CanonicalBytes(event)));
  EQN_CHECK(PlaceHere(tx, open, event, std::move(signature)));
  EQN_CHECK(Save(tx, open));

  consent::Disclosure disclosure;
  disclosure.id = open.stored.id;
  disclosure.person = asked.person;
  disclosure.recipient = opening.owner.empty() ? opening.target_node : opening.owner;
  disclosure.at = now;
  disclosure.categories = {opening.domain};
  disclosure.categories.insert(disclosure.categories.end(), labels.begin(), labels.end());
  disclosure.description = "referral for " + opening.domain;
  disclosure.consents = decision.because;
  disclosure.notice = consent::NoticesFor(labels);
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
  if (open.stored.end_here) return ActOnEnded(tx, open, deed);
  if (!open.stored.fault.empty()) {
    return NotNow("CHAIN_FAULT", "the two ends tell different stories (" + open.stored.fault +
                                     "): talk with the other organisation, then each closes its "
                                     "copy with `equinode referral settle`");
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
  EQN_CHECK(referral::CheckSaid(open.chain.view, event));
  EQN_TRY(const bool status_only, StatusOnlyHere(tx, open));
  EQN_CHECK(referral::CheckWords(event, open.chain.view.opening.domain, status_only));
  if (status_only) event = referral::WithStatusOnly(std::move(event));
  EQN_TRY(const bool placed, PlaceOrPropose(tx, open, event));
  return ReferralActed{open.stored, !placed};
}

// What this end closed alone can be seen by its people, and nothing else.
Result<ReferralActed> ReferralDesk::ActOnEnded(Tx& tx, OpenReferral& open,
                                               const ReferralDeed& deed) const {
  referral::EndHere& end = *open.stored.end_here;
  if (deed.verb == EventKind::kAcknowledge && !end.seen) {
    end.seen = deps_.clock.Now();
    EQN_CHECK(Save(tx, open));
    return ReferralActed{open.stored, false};
  }
  return NotNow("ENDED_HERE", "this end has closed its copy as " +
                                  std::string(referral::Name(end.grade)) +
                                  ": ask again by a referral that follows it (--follows)");
}

}  // namespace equinode
