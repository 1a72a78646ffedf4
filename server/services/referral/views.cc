#include "server/services/referral/views.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/convert/proto_parts.h"
#include "domain/referral/clocks.h"
#include "domain/referral/moves.h"
#include "domain/referral/status_words.h"

namespace equinode {

using referral::Event;
using referral::View;

void SetReferral(const OpenReferral& open, const std::vector<StoredProposal>& proposals,
                 Instant now, v1::Referral* out) {
  const View& view = open.chain.view;
  const StoredReferral& stored = open.stored;
  out->set_id(stored.id.ToString());
  out->set_ours(stored.ours);
  out->set_person(stored.person);
  out->set_need(stored.need.ToString());
  out->set_domain(view.opening.domain);
  out->set_priority(std::string(referral::Name(view.opening.priority)));
  out->set_requester_node(view.opening.requester_node);
  out->set_target_node(view.opening.target_node);
  out->set_owner(view.owner);
  out->set_state(std::string(referral::Name(view.state)));
  out->set_sub_state(std::string(referral::Name(view.sub)));
  out->set_cancel_asked(view.cancel_asked.has_value());
  out->set_reason(view.reason);
  out->set_grade(std::string(referral::Name(referral::GradeOf(view))));
  out->set_loop_closed(referral::IsLoopClosed(view));
  if (const auto next = referral::NextActionOf(view, now)) {
    out->set_next_who(next->who == referral::Role::kRequester ? "requester" : "target");
    out->set_next_what(std::string(next->what));
    wire::SetTimestamp(next->by, out->mutable_next_by());
    out->set_overdue(next->overdue);
  }
  if (view.created) wire::SetTimestamp(*view.created, out->mutable_created());
  if (view.appointment) wire::SetTimestamp(*view.appointment, out->mutable_appointment());
  for (const StoredProposal& each : proposals) {
    if (each.outcome.empty()) out->set_proposed(each.verb);
  }
  out->set_fault(stored.fault);
  out->set_links(open.chain.number);
  wire::SetTimestamp(open.chain.last, out->mutable_last_event());
  out->set_closure(std::string(referral::ClosureCategory(view)));
  if (view.opening.part_of) out->set_part_of(view.opening.part_of->ToString());
}

Status SetHistory(const OpenReferral& open, v1::GetReferralResponse* out) {
  referral::Chain chain;
  for (const referral::Link& link : open.links) {
    EQN_TRY(chain, referral::Extend(chain, link, TrustedSignatures()));
    EQN_TRY(const Event event, referral::EventFrom(link.event));
    v1::ReferralEventView* each = out->add_history();
    each->set_number(link.number);
    each->set_event(std::string(referral::Name(event.kind)));
    each->set_actor(event.actor);
    each->set_role(std::string(referral::Name(event.role)));
    wire::SetTimestamp(event.at, each->mutable_at());
    each->set_reason(event.reason);
    each->set_note(event.note);
    if (event.when) wire::SetTimestamp(*event.when, each->mutable_when());
    each->set_state(std::string(referral::Name(chain.view.state)));
    each->set_sub_state(std::string(referral::Name(chain.view.sub)));
    each->set_hash(ToHex(chain.head));
  }
  return Ok();
}

void SetVerbs(const OpenReferral& open, v1::GetReferralResponse* out) {
  const referral::Role role =
      open.stored.ours ? referral::Role::kRequester : referral::Role::kTarget;
  for (const referral::Move* move : referral::NextMoves(open.chain.view)) {
    if (std::ranges::find(move->actors, role) == move->actors.end()) continue;
    const auto needs = [&](std::string_view what) {
      return std::ranges::find(move->requires_, what) != move->requires_.end();
    };
    const View& view = open.chain.view;
    if (needs("no-owner") && !view.owner.empty()) continue;
    if (needs("cancel-asked") && !view.cancel_asked) continue;
    if (needs("no-cancel-asked") && view.cancel_asked) continue;
    if (needs("not-acknowledged") && view.acknowledged) continue;
    out->add_may(std::string(referral::Name(move->event)));
  }
}

}  // namespace equinode
