// A person takes a yes back, or says no where a yes had spoken: what has not left is destroyed, who
// was told hears of it, what goes on is asked to end.
#include <algorithm>
#include <set>
#include <utility>

#include "domain/referral/moves.h"
#include "server/referrals/consent_on_file.h"
#include "server/referrals/desk.h"
#include "server/referrals/tellings.h"
#include "storage/consent_store.h"
#include "storage/outgoing_store.h"

namespace equinode {

using exchange::PayloadKind;
using referral::Event;
using referral::EventKind;
using ReferralRole = referral::Role;

namespace {

// In `before` and no longer in `now`.
std::vector<Uuid> Lost(const std::vector<Uuid>& before, const std::vector<Uuid>& now) {
  const std::set<Uuid> still(now.begin(), now.end());
  std::vector<Uuid> lost;
  for (const Uuid& each : before) {
    if (!still.contains(each)) lost.push_back(each);
  }
  return lost;
}

}  // namespace

Result<ReferralDesk::Allowed> ReferralDesk::AllowedNow(ReadTx& tx, std::string_view person) const {
  const Instant now = deps_.clock.Now();
  Allowed allowed;
  EQN_TRY(const std::vector<Uuid> told, ConsentStore::ReferralsTold(tx, person));
  for (const Uuid& each : told) {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, each));
    const Result<OpenReferral> loaded = OpenReferral::Load(tx, std::move(stored));
    // One that cannot be read keeps nobody from saying no.
    if (!loaded.ok() && loaded.error().code == Code::kDataLoss) continue;
    if (!loaded.ok()) return loaded.error();
    const OpenReferral& open = *loaded;
    const referral::Opening& opening = open.chain.view.opening;
    const std::vector<std::string> labels = LabelsOf(open.stored.asked, opening.domain);
    EQN_TRY(const consent::Decision decision, ConsentToRefer(tx, person, opening, labels, now));
    if (decision.answer == consent::Answer::kGiven) allowed.told.push_back(each);
    if (referral::IsFinal(open.chain.view.state)) continue;
    EQN_TRY(const bool back, MayTellBack(tx, person, opening, labels, now));
    if (back) allowed.answered.push_back(each);
  }
  return allowed;
}

Result<bool> ReferralDesk::TakeBackOne(Tx& tx, OpenReferral& open, Revoked& revoked) const {
  const bool final = referral::IsFinal(open.chain.view.state);
  // Ended before it left: nobody knows of it.
  if (final && !open.chain.view.received) return false;
  if (final || !open.stored.fault.empty()) return true;
  Event event = EventBy(deps_.keys.Get()->self.uri, ReferralRole::kRequesterNode, open);
  event.kind = EventKind::kCancel;
  event.reason = "consent-revoked";
  const auto placed = PlaceOrPropose(tx, open, event);
  if (placed.ok() && *placed && !open.chain.view.received) {
    ++revoked.destroyed;
    open.stored.asked.clear();
    EQN_CHECK(Save(tx, open));
    return false;
  }
  if (!placed.ok() && placed.error().reason != "PROPOSED_BEFORE" &&
      placed.error().reason != "CANCEL_ASKED_BEFORE") {
    return placed.error();
  }
  // It has its number and may be on its way; if it is not, it does not leave any more.
  EQN_CHECK(OutgoingStore::MarkPayloadVoid(tx, open.stored.peer, PayloadKind::kReferral,
                                           BytesFromReferralNews(FirstNews(open)),
                                           exchange::reason::kRevoked));
  return true;
}

Status ReferralDesk::NarrowBack(Tx& tx, const Allowed& before, const Allowed& now,
                                Revoked& revoked) const {
  for (const Uuid& each : Lost(before.answered, now.answered)) {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, each));
    EQN_TRY(const OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
    if (referral::IsFinal(open.chain.view.state)) continue;  // It was ended with the same word.
    EQN_CHECK(Send(tx, open, BytesFromReferralNews(LimitNews(open))));
    revoked.told.push_back(open.stored.peer);
  }
  std::ranges::sort(revoked.told);
  const auto same = std::ranges::unique(revoked.told);
  revoked.told.erase(same.begin(), same.end());
  return Ok();
}

Result<ReferralDesk::Revoked> ReferralDesk::Revoke(Tx& tx, const Uuid& id,
                                                   const Digest& document) const {
  const Instant now = deps_.clock.Now();
  EQN_TRY(const StoredConsent consent, ConsentStore::Get(tx, id));
  const auto not_now = [](std::string_view reason, std::string message) {
    return Error{Code::kFailedPrecondition, std::string(reason), std::move(message)};
  };
  if (!consent.consent.given) {
    return not_now("NOT_A_YES", "a refusal is not revoked: record the new consent");
  }
  if (consent.revoked_at) return not_now("REVOKED_BEFORE", "this consent was revoked before");
  const bool back = consent.consent.direction == consent::Direction::kBack;
  Allowed before;
  if (back) {
    EQN_TRY(before, AllowedNow(tx, consent.consent.person));
  }
  EQN_CHECK(ConsentStore::Revoke(tx, {id, now, document}));
  Revoked revoked;
  if (back) {
    EQN_TRY(const Allowed still, AllowedNow(tx, consent.consent.person));
    EQN_CHECK(NarrowBack(tx, before, still, revoked));
    return revoked;
  }
  std::set<std::string> told;
  EQN_TRY(std::vector<StoredReferral> under, ReferralStore::UnderConsent(tx, true, "", id));
  for (StoredReferral& each : under) {
    const Uuid referral = each.id;
    const std::string peer = each.peer;
    Result<OpenReferral> open = OpenReferral::Load(tx, std::move(each));
    // One that cannot be read was told all the same.
    bool left = true;
    if (open.ok()) {
      EQN_TRY(left, TakeBackOne(tx, *open, revoked));
    } else if (open.error().code != Code::kDataLoss) {
      return open.error();
    }
    if (!left) continue;
    told.insert(peer);
    EQN_CHECK(ConsentStore::NoteRevocationTold(tx, id, referral, now));
  }
  for (const std::string& peer : told) {
    EQN_CHECK(QueueRevocation(tx, peer, {id, now, false}));
    revoked.told.push_back(peer);
  }
  return revoked;
}

Result<ReferralDesk::Revoked> ReferralDesk::Record(Tx& tx, const consent::Consent& consent) const {
  Revoked revoked;
  if (consent.given) {
    EQN_CHECK(ConsentStore::Add(tx, consent));
    return revoked;
  }
  const Instant now = deps_.clock.Now();
  EQN_TRY(const Allowed before, AllowedNow(tx, consent.person));
  EQN_CHECK(ConsentStore::Add(tx, consent));
  EQN_TRY(const Allowed still, AllowedNow(tx, consent.person));
  for (const Uuid& each : Lost(before.told, still.told)) {
    EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, each));
    EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
    EQN_TRY(const bool left, TakeBackOne(tx, open, revoked));
    if (!left || open.stored.consents.empty()) continue;
    // The yes may cover others still: this referral alone is named beside it.
    const Uuid& under = open.stored.consents.front();
    EQN_CHECK(ConsentStore::NoteRevocationTold(tx, under, open.stored.id, now));
    EQN_CHECK(QueueRevocation(tx, open.stored.peer, {under, now, false, open.stored.id}));
    revoked.told.push_back(open.stored.peer);
  }
  EQN_CHECK(NarrowBack(tx, before, still, revoked));
  return revoked;
}

Result<bool> ReferralDesk::StatusOnlyHere(ReadTx& tx, const OpenReferral& open) const {
  const referral::Opening& opening = open.chain.view.opening;
  if (open.stored.ours) {
    EQN_TRY(const consent::Decision decision,
            ConsentToRefer(tx, open.stored.person, opening,
                           LabelsOf(open.stored.asked, opening.domain), deps_.clock.Now()));
    return decision.answer != consent::Answer::kGiven;
  }
  // What was told here was taken back.
  if (open.stored.asked.empty()) return true;
  EQN_TRY(const referral::TargetOrder order, referral::TargetOrderFrom(open.stored.asked));
  return order.status_only();
}

}  // namespace equinode
