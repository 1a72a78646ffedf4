// What this end does when the clock alone says so, or its people settle what the other end will
// not.
#include <utility>

#include "domain/referral/clocks.h"
#include "domain/referral/here.h"
#include "server/referrals/desk.h"
#include "server/referrals/tellings.h"

namespace equinode {

using referral::Event;
using referral::EventKind;
using referral::State;
using referral::View;
using ReferralRole = referral::Role;

Status ReferralDesk::EndHere(Tx& tx, OpenReferral& open, referral::EndHere end,
                             std::string_view action) const {
  AuditEntry entry;
  entry.actor = end.actor;
  entry.action = action;
  entry.subject = open.stored.peer;
  entry.purpose = "referral";
  entry.outcome = std::string(referral::Name(end.grade)) + ": " + end.reason;
  open.stored.end_here = std::move(end);
  EQN_CHECK(Save(tx, open));
  if (!deps_.audit) return Ok();
  TouchedIds touched;
  touched.Add(open.stored.id.ToString());
  return deps_.audit(tx, std::move(entry), touched);
}

Status ReferralDesk::Turn(Tx& tx, OpenReferral& open) const {
  const Instant now = deps_.clock.Now();
  const std::string self = deps_.keys.Get()->self.uri;
  const View& view = open.chain.view;
  const bool ours = open.stored.ours;
  const bool expired =
      referral::IsOpen(view) && !view.here.fault_since && now >= referral::ExpiresAt(view);
  if (!expired) return Save(tx, open);
  if (ours && now >= referral::LostAt(view)) {
    EQN_TRY(referral::EndHere lost, referral::LostOfSilence(view, now));
    return EndHere(tx, open, std::move(lost), "REFERRAL_LOST");
  }
  // What was received is for the target's node to end; the requester's people see it now.
  if (ours && (view.received || view.state != State::kRequested)) return Save(tx, open);
  Event event =
      EventBy(self, ours ? ReferralRole::kRequesterNode : ReferralRole::kTargetNode, open);
  event.kind = EventKind::kExpire;
  const auto placed = PlaceOrPropose(tx, open, event);
  if (!placed.ok() && placed.error().reason == "PROPOSED_BEFORE") return Save(tx, open);
  return placed.ok() ? Ok() : Status(placed.error());
}

Result<std::size_t> ReferralDesk::Expire(Tx& tx, std::size_t most) const {
  EQN_TRY(std::vector<StoredReferral> due, ReferralStore::DueToTurn(tx, deps_.clock.Now(), most));
  for (StoredReferral& each : due) {
    const std::int64_t row = each.row;
    Result<OpenReferral> open = OpenReferral::Load(tx, std::move(each));
    const Status turned = open.ok() ? Turn(tx, *open) : Status(open.error());
    if (turned.ok()) continue;
    // One that cannot be read, or that the rules do not let end, must not hold up the others: it is
    // shown with what is wrong, and people have to look at it.
    if (open.ok() && !IsNo(turned.error())) return turned.error();
    if (!open.ok() && open.error().reason != "BAD_ROW") return open.error();
    EQN_CHECK(ReferralStore::NoteTurn(tx, row, std::nullopt));
  }
  return due.size();
}

Result<StoredReferral> ReferralDesk::Settle(Tx& tx, std::string_view actor, const Uuid& id,
                                            referral::Grade grade, std::string_view note) const {
  EQN_TRY(StoredReferral stored, ReferralStore::Get(tx, id));
  EQN_TRY(OpenReferral open, OpenReferral::Load(tx, std::move(stored)));
  EQN_TRY(referral::EndHere end,
          referral::SettledBy(open.chain.view, actor, grade, note, deps_.clock.Now()));
  EQN_CHECK(EndHere(tx, open, std::move(end), "REFERRAL_SETTLED"));
  return open.stored;
}

}  // namespace equinode
