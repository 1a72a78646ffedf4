#include "server/services/referral/views.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/convert/proto_parts.h"
#include "domain/access/identity.h"
#include "domain/referral/chain.h"
#include "domain/referral/clocks.h"
#include "domain/referral/moves.h"
#include "domain/referral/status_words.h"

namespace equinode {

using referral::Event;
using referral::View;

namespace {

// No event: this end closes its copy (domain/referral/here.h).
constexpr char kSettleVerb[] = "settle";

}  // namespace

void SetReferral(const OpenReferral& open, const std::vector<StoredProposal>& proposals,
                 const std::vector<referral::TakenWord>& words, Instant now, v1::Referral* out) {
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
  out->set_reason(view.here.end ? view.here.end->reason : view.reason);
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
  wire::SetTimestamp(view.here.end ? view.here.end->at : view.since, out->mutable_state_since());
  for (const referral::TakenWord& each : words) {
    if (!referral::StillTrue(each, view)) continue;
    v1::StatusWordTakenIn* word = out->add_words();
    word->set_system(each.system);
    word->set_word(each.word);
    wire::SetTimestamp(each.taken_in, word->mutable_taken_in());
    if (each.said_on) wire::SetTimestamp(*each.said_on, word->mutable_said_on());
  }
  if (!view.here.end) return;
  out->set_ended_here(std::string(referral::Name(view.here.end->grade)));
  wire::SetTimestamp(view.here.end->at, out->mutable_ended_here_at());
  out->set_ended_here_by(view.here.end->actor);
  out->set_ended_here_note(view.here.end->note);
}

void SetUnreadable(const StoredReferral& stored, const Error& error, v1::Referral* out) {
  out->set_id(stored.id.ToString());
  out->set_ours(stored.ours);
  out->set_person(stored.person);
  out->set_domain(stored.domain);
  out->set_need(stored.need.ToString());
  out->set_owner(stored.owner);
  out->set_state(stored.state);
  out->set_fault(error.reason + ": " + error.message);
  wire::SetTimestamp(stored.linked_at, out->mutable_last_event());
  if (stored.part_of) out->set_part_of(stored.part_of->ToString());
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

void SetVerbs(const OpenReferral& open, std::string_view actor, Instant now,
              v1::GetReferralResponse* out) {
  const View& view = open.chain.view;
  if (view.here.end) {
    if (!view.here.end->seen) out->add_may("acknowledge");
    return;
  }
  if (view.here.fault_since) {
    out->add_may(kSettleVerb);
    return;
  }
  const auto may_act = [&](const referral::Move& move) {
    Event event;
    event.kind = move.event;
    event.role = view.here.role;
    event.actor = actor;
    if (const auto who = ParseIdentity(actor); who.ok()) event.owner = who->node_uri();
    return std::ranges::find(move.actors, event.role) != move.actors.end() &&
           referral::CheckActor(view, event).ok();
  };
  for (const referral::Move* move : referral::NextMoves(view)) {
    if (!may_act(*move)) continue;
    const auto needs = [&](std::string_view what) {
      return std::ranges::find(move->requires_, what) != move->requires_.end();
    };
    if (needs("no-owner") && !view.owner.empty()) continue;
    if (needs("cancel-asked") && !view.cancel_asked) continue;
    if (needs("no-cancel-asked") && view.cancel_asked) continue;
    if (needs("not-acknowledged") && view.acknowledged) continue;
    out->add_may(std::string(referral::Name(move->event)));
  }
  const bool silent = open.stored.ours && referral::IsOpen(view) && now >= ExpiresAt(view);
  if (silent) out->add_may(kSettleVerb);
}

}  // namespace equinode
